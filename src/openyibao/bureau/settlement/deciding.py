"""Deciding a bill 结算决定: what stands in its way, what the law answers, and which rows it leaves behind. Reads and writes nothing."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from openyibao.bureau.policydesk.queries import Shelf, pooling_area
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.assemble import Asked, Case, Share, case_of, home_area, number_of
from openyibao.bureau.settlement.clock import day_of
from openyibao.bureau.settlement.models import Encounter
from openyibao.bureau.settlement.packing import SHAPE, pack
from openyibao.bureau.settlement.store.writing import JournalRow, LayerRow, Money, PostingRow, SettlementRow, VisitRow, YearRow
from openyibao.kernel import codes
from openyibao.kernel.ledger import settlement_entry
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.refusals import refusal
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year
from openyibao.policybook import national
from openyibao.policybook.national import CLEARED_AS, FundRow, fund_rows

ACCOUNT_STILL_PAYS = (codes.SUSPENDED, codes.NO_BENEFIT)
"""Outcomes whose sentence says that the personal account can still be used: such a bill settles, without the pooled fund."""



class Decided(NamedTuple):
    """A bill and what the law answered."""

    row: Mapping[str, Any]
    asked: Asked
    case: Case
    receipt: Receipt
    after: Year
    clr_type: str
    funds: list[FundRow]  # what each payer pays, as setldetail lists it


def check(row: Mapping[str, Any], asked: Asked, institution: str) -> None:
    """Refuse what cannot be settled at all: another's visit, a cancelled one, measures in force, a sum that does not agree."""
    if row["fixmedins_code"] != institution:
        raise Refused(
            "VISIT-02",
            "该就诊不是本机构的就诊",
            "this visit is not of this institution",
            place="mdtrt_id",
            next_zh="请核对就诊ID",
            next_en="check mdtrt_id",
        )
    if asked.psn_no and row["psn_no"] != asked.psn_no:
        raise Refused(
            "VISIT-03",
            "人员编号与就诊登记不一致",
            "psn_no is not that of the visit",
            place="psn_no",
            next_zh="请核对人员编号与就诊ID",
            next_en="check psn_no and mdtrt_id",
        )
    if asked.insutype and row["insutype"] != asked.insutype:
        raise Refused(
            "VISIT-04",
            f"险种 {asked.insutype} 与就诊登记的 {row['insutype']} 不一致",
            f"insutype {asked.insutype} is not that of the visit, {row['insutype']}",
            place="insutype",
            next_zh="请按登记的险种结算，或撤销登记后重新登记",
            next_en="settle under that of the visit, or register again",
        )
    if row["sort"] != asked.sort:
        raise wrong_sort(row["sort"])
    if row["visit_state"] == Encounter.CANCELLED:
        raise Refused(
            "VISIT-05", "该就诊登记已撤销", "this visit was cancelled", place="mdtrt_id", next_zh="请重新登记", next_en="register again"
        )
    if row["name"] is None:
        raise Refused(
            "PERSON-01",
            "人员编号不存在",
            "there is no such person",
            place="psn_no",
            next_zh="请用 1101 重新获取人员信息",
            next_en="look the person up again by 1101",
        )
    if row["standing"] is not None:
        raise Refused(
            "VISIT-06",
            f"该批次已结算，结算ID {row['standing']}",
            f"this batch is settled already, setl_id {row['standing']}",
            place="chrg_bchno",
            next_zh="可用 5203 查询结算结果；需要重结请先冲销",
            next_en="ask 5203 for it; to settle again, reverse it first",
        )
    check_measures(row)
    check_total(row, asked)


def check_scheme(insutype: str) -> None:
    """Refuse a scheme 险种 that this house does not settle (离休, 伤残军人 …)."""
    if insutype not in national.SCHEMES:
        raise Refused(
            "VISIT-18",
            f"险种 {insutype} 不在本系统结算",
            f"insutype {insutype} is not settled here",
            place="insutype",
            next_zh="职工用 310，居民用 390；其他险种按当地规程办理",
            next_en="310 for employees, 390 for residents; other schemes go by the local rules",
        )


SORTS = {
    "O": ("门诊就诊", "an outpatient visit", "2204、2206、2207"),
    "I": ("住院", "a stay", "2301、2303、2304"),
    "P": ("药店购药", "a purchase", "2101、2102"),
}
"""What a visit is by its sort, and by which messages it is charged and settled."""


def wrong_sort(sort: str) -> Refused:
    """A message of another sort of visit: a stay charged or settled as an outpatient visit would be settled twice."""
    zh, en, numbers = SORTS[sort]
    return Refused(
        "VISIT-17",
        f"该就诊ID是{zh}，不能用本交易",
        f"this is {en}, which this transaction is not for",
        place="mdtrt_id",
        next_zh=f"请用 {numbers}",
        next_en=f"use {numbers.replace('、', ', ')}",
    )


def check_measures(row: Mapping[str, Any]) -> None:
    """Measures in force 处理措施: against the person (F27), the institution, the doctor (F28)."""
    if row["person_measure"] is not None:
        raise measure(
            "MEASURE-01",
            "参保人的联网结算已暂停",
            "direct settlement of this person is suspended",
            row,
            "person_measure",
            "请由参保人到医保经办机构办理",
            "the person must see the bureau",
        )
    if row["institution_measure"] is not None:
        raise measure(
            "MEASURE-02",
            "本机构的医保结算已暂停",
            "settlement of this institution is suspended",
            row,
            "institution_measure",
            "请联系医保经办机构",
            "ask the bureau",
        )
    if row["doctor_measure"] is not None:
        raise measure(
            "MEASURE-03",
            f"医师 {row['dr_code']} 的医保处方资格已暂停",
            f"doctor {row['dr_code']} may not prescribe under the insurance",
            row,
            "doctor_measure",
            "请由其他医保医师接诊",
            "have another doctor see the patient",
        )


def measure(code: str, zh: str, en: str, row: Mapping[str, Any], name: str, next_zh: str, next_en: str) -> Refused:
    """A refusal for a measure in force, with its reason and first day."""
    return Refused(code, f"{zh}：{row[name]}", f"{en}: {row[name]}", since=day_of(row[f"{name}_from"]), next_zh=next_zh, next_en=next_en)


def check_total(row: Mapping[str, Any], asked: Asked) -> None:
    """The hospital's total is that of its lines."""
    if row["line_count"] == 0:
        raise Refused(
            "VISIT-07",
            "没有可结算的费用明细",
            "there are no charge lines to settle",
            place="chrg_bchno",
            next_zh="请先上传明细（2204 或 2301），并核对收费批次号",
            next_en="upload lines first (2204, 2301) and check the batch number",
        )
    if asked.total is not None and asked.total != row["line_fee"]:
        ours, said = f"{row['line_fee'] / 100:.2f}", f"{asked.total / 100:.2f}"
        raise Refused(
            "VISIT-09",
            f"医疗费总额 {said} 与 {row['line_count']} 条明细合计 {ours} 不一致",
            f"medfee_sumamt {said} is not the sum {ours} of the {row['line_count']} lines",
            place="medfee_sumamt",
            next_zh="请核对明细是否传全",
            next_en="check whether all lines were sent",
        )


def decide(row: Mapping[str, Any], asked: Asked, shelf: Shelf) -> Decided:
    """What the law answers on these facts. Raises Refused, with the law's own reason where no fund pays."""
    case = case_of(row, asked, json.loads(row["visit_detail"]), shelf)
    receipt, after = settle(case.claim, case.before, case.plan)
    if receipt.outcome != codes.SETTLED and not (receipt.outcome in ACCOUNT_STILL_PAYS and receipt.account + receipt.family > 0):
        raise unpaid(receipt.outcome, row)
    return Decided(row, asked, case, receipt, after, CLEARED_AS.get(receipt.kind or case.claim.kind, "99"), fund_rows(receipt, case.plan))


SINCE = {
    codes.LAPSED: ("relation_ends", "benefit_to"),
    codes.SUSPENDED: ("suspended_from",),
    codes.DECEASED: ("died_on",),
}
"""Which day a reason holds from."""


def unpaid(outcome: int, row: Mapping[str, Any]) -> Refused:
    """The law's own refusal with the register's days in it."""
    why = refusal(outcome)
    days = [row[name] for name in SINCE.get(outcome, ()) if row[name] is not None]
    zh, en = why.sentence, why.sentence_en
    if outcome == codes.WAITING:
        zh, en = f"{zh}可结算日：{row['wait_until']}。", f"{en} Payable from {row['wait_until']}."
    if outcome == codes.NOT_COVERED and row["benefit_from"] is not None:
        zh, en = f"{zh}待遇开始日：{row['benefit_from']}。", f"{en} Benefits start on {row['benefit_from']}."
    return Refused(why.code, zh, en, since=min(days) if days else None, clause=why.clause)


def warning(receipt: Receipt) -> str:
    """What a settled bill should still be told 提示: why the pooled fund paid nothing; empty when there is nothing to say."""
    return "" if receipt.outcome == codes.SETTLED else f"[{refusal(receipt.outcome).code}] {refusal(receipt.outcome).sentence}"


def family_moves(fen: int, shares: tuple[Share, ...]) -> list[Money]:
    """What each relative's account pays of `fen`, in order of use."""
    moves = []
    for share in shares:
        part = min(fen, share.left)
        if part > 0:
            moves.append(Money(share.owner, -part))
            fen -= part
    return moves


def moves_of(decided: Decided) -> list[Money]:
    """The accounts that pay 个人账户扣减: own, then the relatives'."""
    receipt, moves = decided.receipt, []
    if receipt.account > 0:
        moves.append(Money(decided.row["psn_no"], -receipt.account))
    return moves + family_moves(receipt.family, decided.case.shares)


def year_row(decided: Decided) -> YearRow:
    """The year as it stands after the bill."""
    row = decided.row
    return YearRow(row["psn_no"], row["insutype"], decided.after.year, row["year_version"] or 0, pack(decided.after))


def visit_row(decided: Decided) -> VisitRow:
    """The visit, which moves on by one version."""
    row, treating = decided.row, decided.row["treating"] or decided.row["institution_area"]
    return VisitRow(
        row["mdtrt_id"],
        row["visit_version"],
        row["visit_state"],
        row["fixmedins_code"],
        treating,
        row["insured"] or home_area(row),
        row["sort"],
        decided.case.med_type,
        row["ipt_otp_no"],
        row["begins"],
        row["ends"],
        row["dise_codg"],
        row["dr_code"],
        row["visit_detail"],
    )


class Heading(NamedTuple):
    """What a settlement or mirror is, before its figures."""

    setl_id: int
    poolarea: str
    clr_type: str
    chrg_bchno: str
    day: date
    at: datetime
    mirror_of: int | None


def with_figures(heading: Heading, receipt: Receipt, digest: str, detail: str) -> SettlementRow:
    """The row of a settlement or mirror with the figures of its receipt."""
    return SettlementRow(
        heading.setl_id,
        heading.poolarea,
        heading.clr_type,
        heading.chrg_bchno,
        heading.day,
        heading.at,
        heading.mirror_of,
        None,
        receipt.total,
        receipt.full,
        receipt.over,
        receipt.pre,
        receipt.within,
        receipt.deductible,
        receipt.pool,
        receipt.fund,
        receipt.hospital,
        receipt.person,
        receipt.account + receipt.family,
        receipt.family,
        receipt.cash,
        receipt.balance,
        digest,
        detail,
    )


def settlement_row(decided: Decided, setl_id: int, at: datetime) -> SettlementRow:
    """The settlement's figures."""
    receipt, row = decided.receipt, decided.row
    detail = {
        "psn_type": row["psn_type"] or "",
        "cvlserv_flag": str(int(bool(row["civil_servant"]))),
        "mdtrt_cert_type": decided.asked.cert_type or row["cert_type"],
        "acct_used_flag": decided.asked.account_flag,
    }
    if decided.asked.invoice:
        detail["invono"] = decided.asked.invoice
    heading = Heading(setl_id, pooling_area(home_area(row)), decided.clr_type, decided.asked.batch, row["day"], at, None)
    return with_figures(heading, receipt, decided.case.book.digest, json.dumps(detail))


def layer_rows(decided: Decided) -> list[LayerRow]:
    """What each fund pays."""
    return [LayerRow(*one) for one in decided.funds]


def journal_row(decided: Decided) -> JournalRow:
    """The kernel's own values."""
    return JournalRow("S", SHAPE, pack(decided.case.claim), pack(decided.case.before), pack(decided.receipt), pack(decided.after))


def postings_of(receipt: Receipt, day: date, setl_id: int, institution: str) -> tuple[str, list[PostingRow]]:
    """The balanced entry 凭证 of a settlement or mirror: its text and postings."""
    entry = settlement_entry(receipt, number_of(day), str(setl_id), institution)
    return entry.text, [PostingRow(*posting) for posting in entry.postings]
