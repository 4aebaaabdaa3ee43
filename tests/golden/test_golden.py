"""The golden cases settled by the law: every expected figure, accumulator, replayed bill and refusal, to the fen."""

from functools import cache

import pytest

from golden.cases import Case, Step, cases
from openyibao.kernel import codes
from openyibao.kernel.claim import Claim, Line
from openyibao.kernel.dates import days_between
from openyibao.kernel.lines import bill_of
from openyibao.kernel.plan import Plan, no_plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.reversal import Settled, reverse
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.settle.maternity import allowance
from openyibao.kernel.year import Year
from openyibao.policybook.book import Book, load_book, policies_root
from openyibao.policybook.national import amounts

SCHEMES = {"employee": codes.EMPLOYEE, "resident": codes.RESIDENT}
MATERNITY = (codes.DELIVERY, codes.CAESAREAN, codes.PRENATAL, codes.MISCARRIAGE_EARLY, codes.MISCARRIAGE_LATE)


@cache
def book(city: str, readings: frozenset[str]) -> Book:
    """A city's policies with the case's readings."""
    return load_book(policies_root(), city, readings=sorted(readings))


def plan_of(case: Case, claim: Claim) -> Plan:
    """The plan of a claim's deciding day, rounding as the case says."""
    plan = book(case.city, case.readings).plan_for(claim) or no_plan()
    return plan._replace(rounding=case.rounding) if case.rounding else plan


def claim_of(case: Case, step: Step) -> Claim:
    """The step's claim; sums of charge lines come from the law of lines."""
    fields = {"scheme": SCHEMES[case.scheme], **step.claim}
    if not step.lines:
        return Claim(**fields)
    plan = plan_of(case, Claim(**{"total": 0, **fields}))
    days = max(days_between(fields.get("admitted") or fields["day"], fields["day"]), 1)
    lines = tuple(Line(**line) for line in step.lines)
    sums = bill_of(lines, plan.scope, fields["level"], days, int(fields["kind"] in MATERNITY), plan.rounding)
    figures = {"total": sums.fee, "full": sums.full, "over": sums.over, "pre": sums.pre, "within": sums.within}
    return Claim(**{**fields, **figures, "off_list": sums.off_list, "consultation": sums.consultation})


def shown(receipt: Receipt, plan: Plan) -> dict[str, int]:
    """What a case may expect of a receipt."""
    extra = {name: getattr(receipt, name) for name in ("outcome", "admission", "excess_sessions")}
    return {**amounts(receipt, plan), **extra}


def wrong(figures: dict[str, int], expect: dict[str, int], where: str) -> list[str]:
    """Each expected figure that is not met, in words."""
    return [f"{where} {name}: {figures[name]} fen, expected {fen}" for name, fen in expect.items() if figures[name] != fen]


def played(case: Case) -> list[str]:
    """Settle the case; what is wrong."""
    year, journal, faults = Year(**case.year), [], []
    numbers: dict[int, int] = {}
    for number, step in enumerate(case.steps, 1):
        if step.allowance:
            figure = allowance(step.allowance["monthly_average"], step.allowance["days"], case.rounding)
            faults += wrong({"allowance": figure}, step.expect, f"step {number}")
        elif step.reverse:
            done = reverse(journal, numbers[step.reverse], lambda claim: plan_of(case, claim), strict=bool(step.strict))
            faults += wrong(amounts(done.mirror, plan_of(case, journal[numbers[step.reverse]].claim)), step.expect, f"step {number} mirror")
            later = {numbers[old]: expect for old, expect in step.replayed}
            for index, expect in later.items():
                new = done.journal[index - 1]
                faults += wrong(shown(new.receipt, plan_of(case, new.claim)), expect, f"step {number} replayed")
            journal, year = list(done.journal), done.year
        else:
            claim = claim_of(case, step)
            plan = plan_of(case, claim)
            receipt, after = settle(claim, year, plan)
            faults += wrong(shown(receipt, plan), step.expect, f"step {number}")
            numbers[number] = len(journal)
            journal.append(Settled(claim, year, receipt, after))
            year = after
        faults += wrong(year._asdict(), step.after, f"step {number} after")
    return faults


CASES = list(cases())


def test_there_are_enough_cases_in_every_city():
    assert len(CASES) >= 150
    assert {case.city for case in CASES} == {"jishou", "ankang", "jingzhou", "wuhan", "yuxi"}


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_golden(case: Case) -> None:
    faults = played(case)
    assert not faults, f"{case.name} ({case.name_en}): " + "; ".join(faults)
