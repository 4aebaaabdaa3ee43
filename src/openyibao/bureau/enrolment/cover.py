"""Is this person covered 待遇享受状态: one answer, decided by the same law that settles a bill, with the reason and the days.

Of the relations of a scheme the one that began last by the day decides, as at settlement. A relation's benefit ends with `benefit_to` or
with the relation, whichever comes first.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from openyibao.bureau.enrolment.models import BASIC, Person, Relation
from openyibao.bureau.enrolment.terms import number_of
from openyibao.bureau.refused import Refused
from openyibao.kernel import codes
from openyibao.kernel.claim import FOREVER, Claim
from openyibao.kernel.refusals import refusal
from openyibao.kernel.settle.eligibility import covered
from openyibao.policybook.national import SCHEMES

NORMAL, PAUSED, VOID, ENDED, NOT_INSURED = "1", "2", "3", "4", "0"
"""psn_insu_stas."""

REASON_CODES = {
    codes.NOT_COVERED: "COVER-01", codes.LAPSED: "COVER-02", codes.WAITING: "COVER-03", codes.SUSPENDED: "COVER-04",
    codes.DECEASED: "COVER-06",
}
"""The desk's code for each of the kernel's reasons."""


class Cover(NamedTuple):
    """A person's cover 参保待遇状态 under one scheme on one day."""

    psn_no: str
    day: date
    insutype: str  # "" = never insured
    outcome: int  # codes.SETTLED = covered, otherwise the kernel's reason
    state: str  # psn_insu_stas as it shows on the day
    relation: int | None = None  # row of enrolment_relation
    psn_type: str = ""
    admdvs: str = ""
    emp_no: str = ""
    starts: date | None = None
    ends: date | None = None
    benefit_from: date | None = None
    benefit_to: date | None = None  # first day without benefit
    wait_until: date | None = None
    suspended_from: date | None = None
    suspended_to: date | None = None
    paid_through: int = 0
    civil_servant: bool = False
    maternity: bool = False
    added: int = 0

    @property
    def covered(self) -> bool:
        """Whether the funds pay for care on the day."""
        return self.outcome == codes.SETTLED

    @property
    def since(self) -> date | None:
        """The day from which the reason holds."""
        return {codes.LAPSED: self.benefit_to, codes.WAITING: self.benefit_from, codes.SUSPENDED: self.suspended_from}.get(self.outcome)

    def reason(self, lang: str = "zh") -> str:
        """Why there is no cover, in `zh` or `en`; empty when there is."""
        if self.covered:
            return ""
        why = refusal(self.outcome)
        return why.sentence_en if lang == "en" else why.sentence

    def refused(self, *, place: str = "psn_no") -> Refused:
        """The same as a refusal to raise. Not to be asked of a person who is covered."""
        why = refusal(self.outcome)
        return Refused(REASON_CODES[self.outcome], why.sentence, why.sentence_en, place=place, since=self.since, clause=why.clause)


def is_open(relation: Relation, day: date) -> bool:
    """Whether a relation stands on a day 在保. A paused one without an end does not."""
    if relation.starts > day or (relation.ends is not None and relation.ends <= day):
        return False
    return bool(relation.state == NORMAL or (relation.state in (PAUSED, ENDED) and relation.ends is not None))


def state_on(relation: Relation, day: date) -> str:
    """psn_insu_stas as it shows on a day: a relation that ends later is still normal."""
    if relation.starts > day:
        return NOT_INSURED
    if is_open(relation, day):
        return NORMAL
    return ENDED if relation.state == NORMAL else str(relation.state)


def end_of_benefit(relation: Relation) -> date | None:
    """The first day without benefit 待遇截止; None = open."""
    ends: date | None = min((day for day in (relation.benefit_to, relation.ends) if day is not None), default=None)
    if ends is None and relation.state != NORMAL and relation.suspended_from is None:
        ends = relation.starts      # paused or ended, and nobody wrote since when
    return ends


def is_suspended(relation: Relation, day: date) -> bool:
    """Whether arrears stop the benefit on a day 欠费暂停."""
    started, stopped = relation.suspended_from, relation.suspended_to
    return bool(started is not None and started <= day and (stopped is None or stopped > day))


def last_day(ends: date | None) -> int:
    """The last day before `ends`, yyyymmdd; FOREVER for none."""
    return FOREVER if ends is None else number_of(ends - timedelta(days=1))


def claim_on(relation: Relation, died: date | None, day: date) -> Claim:
    """A relation as the law looks at it: a claim of nothing on that day, with only the person's standing filled in."""
    ends = end_of_benefit(relation)
    if ends is not None and ends <= relation.benefit_from:
        from_, to = 0, 0        # closed before its benefit began: as if never covered
    else:
        from_, to = number_of(relation.benefit_from), last_day(ends)
    return Claim(
        scheme=SCHEMES[relation.insutype].code, kind=codes.OUTPATIENT, day=number_of(day), level=codes.P0, total=0,
        cover_from=from_, cover_to=to, wait_until=number_of(relation.wait_until) if relation.wait_until else 0,
        suspended=int(is_suspended(relation, day)), died=number_of(died) if died else 0,
    )


def deciding(relations: Iterable[Relation], day: date, insutype: str | None = None) -> Relation | None:
    """The relation that decides on a day: of a scheme the one begun last; of both basic schemes the one that stands, else the latest.

    A relation that begins later is taken only when there is no other, so that its first day can be told.
    """
    basic = [row for row in relations if row.state != VOID and (row.insutype == insutype if insutype else row.insutype in BASIC)]
    begun = [row for row in basic if row.starts <= day]
    if begun:
        return max(begun, key=lambda row: (row.starts, row.pk or 0))
    return min(basic, key=lambda row: (row.starts, row.pk or 0), default=None)


def cover_of(psn_no: str, relations: Iterable[Relation], died: date | None, day: date, insutype: str | None = None) -> Cover:
    """The cover that these relations give on a day; of one scheme, or of whichever basic scheme stands. Pure: reads nothing."""
    relation = deciding(relations, day, insutype)
    if relation is None:
        outcome = codes.DECEASED if died is not None and day > died else codes.NOT_COVERED
        return Cover(psn_no, day, insutype or "", outcome, NOT_INSURED)
    return Cover(
        psn_no, day, relation.insutype, covered(claim_on(relation, died, day)), state_on(relation, day), relation.pk,
        relation.psn_type, relation.admdvs, relation.emp_no, relation.starts, relation.ends, relation.benefit_from,
        end_of_benefit(relation), relation.wait_until, relation.suspended_from, relation.suspended_to, relation.paid_through,
        relation.civil_servant, relation.maternity, relation.added,
    )


def cover_on(psn_no: str, day: date, insutype: str | None = None) -> Cover:
    """Is this person covered on this day 当日待遇状态 (A31), under `insutype` or whichever basic scheme stands; unknown: no."""
    died = Person.objects.filter(psn_no=psn_no).values_list("died_on", flat=True).first()
    return cover_of(psn_no, list(Relation.objects.filter(psn_no=psn_no)), died, day, insutype)
