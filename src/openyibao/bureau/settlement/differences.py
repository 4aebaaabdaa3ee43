"""What `verify` may find 核验差异: each kind with its sentence, the place and the fen."""

from typing import NamedTuple

KINDS = {
    "chain.number": ("封存编号有缺或重复", "the numbers of the seals have a gap or repeat"),
    "chain.hash": ("链值与日志行不符，其中之一被改过", "a seal's hash does not fit its journal row: one was changed"),
    "chain.row-gone": ("已封存的日志行不见了", "a sealed journal row is gone"),
    "chain.passed-over": ("已封存的行之前有未封存的行", "a row before sealed rows is not sealed"),
    "chain.area": ("日志行封存在别的统筹区", "a journal row is sealed in another pooling area"),
    "chain.head": ("以前记下的链头已不在链上", "a head noted before is no longer on the chain"),
    "replay.shape": ("日志行的字段无法识别", "the fields of a journal row are not known"),
    "replay.policy": ("结算所依的政策包不在库中", "the policies that settled it are not there"),
    "replay.receipt": ("按当日政策重算的金额与日志不同", "settling it again under the policy of its day gives other figures"),
    "replay.after": ("重算的年度累计与日志不同", "settling it again gives another year so far"),
    "replay.before": ("结算前的年度累计不是上一笔之后的累计", "the year before it is not the year after the one before"),
    "replay.mirror": ("冲销单不是原结算单的反向", "the mirror is not its settlement with the opposite sign"),
    "replay.mirror-year": ("冲销后的年度累计不是去掉该单之后的累计", "the year after the mirror is not the year without the bill"),
    "replay.mirror-of": ("冲销单所指的结算不存在或已被冲销", "what the mirror takes back is not there, or was taken back before"),
    "replay.opening": ("期初数与期初表不同，或不在年度之首", "opening figures differ from their table, or do not open the year"),
    "settlement.missing": ("日志行没有结算单", "a journal row has no settlement"),
    "settlement.figure": ("结算单与日志不同", "the settlement differs from the journal"),
    "settlement.layers": ("基金分项与结算单不同", "the layers differ from the settlement"),
    "settlement.journal": ("结算单没有日志行，或不止一行", "a settlement has no journal row, or more than one"),
    "settlement.standing": ("有效结算表与结算单、冲销单不符", "the table of standing settlements does not fit settlements and mirrors"),
    "entry.differs": ("记账凭证与结算不同", "the entry differs from the settlement"),
    "entry.stray": ("记账凭证所指的结算不存在", "an entry books a settlement that is not there"),
    "entry.unbalanced": ("凭证在基金内不平", "an entry is out of balance in a fund"),
    "entry.posting": ("分录没有凭证", "a posting has no entry"),
    "fund.unbalanced": ("基金试算不平", "the trial balance of a fund is not zero"),
    "year.differs": ("年度累计与日志最后一行不同", "the year so far is not the one after the last journal row"),
    "year.missing": ("日志有而年度累计没有，或相反", "the journal has the year and the table does not, or the other way round"),
    "account.sum": ("个人账户余额不等于明细之和", "the balance of a personal account is not the sum of its moves"),
    "account.settlement": ("个人账户明细与结算单不同", "the moves of personal accounts differ from the settlement"),
    "message.lost": ("已答复的报文所指的单据不存在", "a message that was answered points to nothing"),
    "message.answer": ("已答复的结算ID与单据不同", "the setl_id that was answered is not that of the settlement"),
    "message.settlement": ("结算单没有报文", "a settlement has no message"),
}
"""kind -> (zh, en)."""


class Difference(NamedTuple):
    """One difference: where, what is written, what should be, and by how much.

    place     setl_id, journal row, person's year, fund … in words
    found     what is written
    expected  what should be
    fen       by how much money, 0 where it is not money
    """

    kind: str
    place: str
    found: str = ""
    expected: str = ""
    fen: int = 0

    def sentence(self, lang: str) -> str:
        """The kind's sentence in `zh` or `en`."""
        return KINDS[self.kind][lang != "zh"]
