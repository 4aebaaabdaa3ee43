"""The end of a settlement 结算收尾: the sum of the funds, the person's part and its purses, the receipt."""

from typing import NamedTuple

from openyibao.kernel.claim import Claim
from openyibao.kernel.law import law
from openyibao.kernel.plan import Plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.settle.account import person_pays
from openyibao.kernel.settle.basic import Basic, InScope
from openyibao.kernel.settle.further import Further
from openyibao.kernel.year import Year


class Ending(NamedTuple):
    """What kind of ending the bill has: its outcome, and who else bears part of it."""

    outcome: int
    kind: int
    hospital: int  # 医院负担, fen
    excess_sessions: int
    state_pays: int  # 1 = the state pays what is left


@law
def closed(claim: Claim, scope: InScope, basic: Basic, more: Further, end: Ending, year: Year, plan: Plan) -> Receipt:
    """The receipt, from what every layer decided."""
    pool = basic.paid + scope.consultation
    fund = (
        pool + more.large_first + more.large_second + more.catastrophic + more.civil
        + more.aid + more.tilt + more.topup + more.added_1 + more.added_2 + more.added_3
    )  # fmt: skip
    state, left = 0, more.left
    if end.state_pays == 1:
        state, left = claim.total - end.hospital - scope.third_party - fund, 0
    person = claim.total - end.hospital - fund - state
    purse = person_pays(person, scope.third_party, left + scope.offsite_first, end.outcome, claim, year, plan)
    return Receipt(
        outcome=end.outcome,
        scheme=claim.scheme,
        kind=end.kind,
        total=claim.total,
        full=scope.full,
        over=scope.over,
        pre=scope.pre,
        within=scope.within,
        third_party=scope.third_party,
        offsite_first=scope.offsite_first,
        eligible=scope.eligible,
        admission=basic.admission,
        standard=basic.standard,
        deductible=basic.deductible,
        limit_left=basic.limit_left,
        base=basic.base,
        ratio=basic.ratio,
        factor=basic.factor,
        consultation=scope.consultation,
        pool=pool,
        over_cap=basic.over_cap,
        over_quota=basic.over_quota,
        large_first=more.large_first,
        large_second=more.large_second,
        burden=more.burden,
        catastrophic=more.catastrophic,
        civil_base=more.civil_base,
        civil=more.civil,
        aid_base=more.aid_base,
        aid=more.aid,
        tilt_base=more.tilt_base,
        tilt=more.tilt,
        topup=more.topup,
        added_base_1=more.base_1,
        added_base_2=more.base_2,
        added_base_3=more.base_3,
        added_1=more.added_1,
        added_2=more.added_2,
        added_3=more.added_3,
        state=state,
        fund=fund + state,
        hospital=end.hospital,
        person=person,
        left_in_scope=left,
        account=purse.own,
        family=purse.family,
        cash=purse.cash,
        balance=year.account - purse.own,
        excess_sessions=end.excess_sessions,
        readings=plan.readings_mask,
    )
