"""From a bill and a person to the kernel's claim 组单: standing of the deciding day, the city's levels and diseases, lines to sums."""

from typing import NamedTuple

from openyibao.kernel import codes
from openyibao.kernel.claim import FOREVER, Claim
from openyibao.kernel.dates import days_between
from openyibao.kernel.lines import bill_of
from openyibao.kernel.plan import Plan, Scope
from openyibao.policybook.book import Book, PolicyError
from openyibao.warehouse.bills.bill import Bill
from openyibao.warehouse.bills.charges import Charges, added
from openyibao.warehouse.bills.people import People, on_day
from openyibao.warehouse.bills.problems import missing, unequal, unknown_code
from openyibao.warehouse.bills.standing import Standing, over
from openyibao.warehouse.bills.sums import Sums, agreed, completed

DIALYSIS_DISEASE = "M07803"
"""The chronic disease 尿毒症透析 that entitles to dialysis by the session."""


class Grant(NamedTuple):
    """What a person is granted of the chronic table: slots and first days; `granted` 0 = the bill's disease is not among them."""

    disease: int = -1
    grant: int = 0
    other_disease: int = -1
    other_grant: int = 0
    granted: int = 1


def standing_on(bill: Bill, people: People) -> Standing:
    """The person's standing on the bill's deciding day: the bill's word over the people file's."""
    person = people.by_number.get(bill.person)
    if person is None:
        return bill.said
    return over(bill.said, on_day(person, bill.said.scheme, bill.admitted or bill.day))


def grant_of(bill: Bill, said: Standing, book: Book) -> Grant:
    """Which chronic grants 慢特病资格 the bill is settled with.

    Without a stated list the bill's own disease counts as granted. A two-disease bill uses the chronic list only where the list is
    stated and holds its disease. A second granted disease shares the quota even if the bill does not name it.
    """
    if bill.kind not in (codes.CHRONIC, codes.TWO_DISEASE) or not bill.disease:
        return Grant(granted=registered(bill, said))
    listed = None if said.chronic is None else {code: starts for code, starts in said.chronic if starts <= bill.day}
    slot = book.disease_slot(bill.disease)
    if bill.kind == codes.TWO_DISEASE:
        if listed is None or bill.disease not in listed or slot < 0:
            return Grant(granted=registered(bill, said))
    if listed is None:
        other = book.disease_slot(bill.other_disease) if bill.other_disease else -1
        return Grant(slot, 0, other, 0, 1 if bill.granted is None else bill.granted)
    others = [bill.other_disease] if bill.other_disease else [code for code in listed if code != bill.disease]
    second = next((code for code in others if code in listed and book.disease_slot(code) >= 0), "")
    held = 1 if bill.disease in listed else 0
    return Grant(
        slot, listed.get(bill.disease, 0),
        book.disease_slot(second) if second else -1, listed.get(second, 0),
        held if bill.granted is None else bill.granted,
    )  # fmt: skip


def registered(bill: Bill, said: Standing) -> int:
    """Whether the entitlement 资格 of a bill off the chronic list is held: its own word, else the register or list."""
    if bill.granted is not None:
        return bill.granted
    if bill.kind == codes.TWO_DISEASE and said.two_registered is not None:
        return 1 if said.two_registered & bill.two_disease else 0
    if bill.kind == codes.DIALYSIS and said.chronic is not None:
        return 1 if any(code == DIALYSIS_DISEASE and starts <= bill.day for code, starts in said.chronic) else 0
    return 1


def with_seen(claim: Claim, bill: Bill, people: People, plan: Plan, book: Book) -> Claim:
    """The claim with the second disease that the person's other bills of the file name, where no chronic list is stated.

    The bills seen are then the list: of several others the one with the highest quota shares, whatever the order of the bills.
    """
    if not bill.seen or bill.other_disease or claim.kind != codes.CHRONIC or not plan.scheme:
        return claim
    if standing_on(bill, people).chronic is not None:
        return claim
    slots = [book.disease_slot(code) for code in bill.seen if code != bill.disease]
    sharing = [slot for slot in slots if slot >= 0 and plan.chronic.severe[slot] == 0]
    if not sharing:
        return claim
    return claim._replace(other_disease=max(sharing, key=lambda slot: (plan.chronic.quota[slot], -slot)), other_grant=0)


def bare_claim(bill: Bill, people: People, book: Book) -> Claim:
    """The claim without its sums: everything by which the plan is chosen and the person judged. Raises Problem."""
    said = standing_on(bill, people)
    if said.scheme is None:
        raise missing("insutype", "（险种：310 职工、390 居民），账单和参保人文件都没有写",
                      " (310 employee, 390 resident); neither the bill nor the people file states it")
    grant = grant_of(bill, said, book)
    level = bill.level if bill.level >= 0 else level_in(bill.hosp_lv, book)
    return Claim(
        scheme=said.scheme, kind=bill.kind, day=bill.day, level=level, total=0,
        status=said.status or codes.ACTIVE,
        admitted=bill.admitted,
        disease=grant.disease, grant=grant.grant, other_disease=grant.other_disease, other_grant=grant.other_grant, granted=grant.granted,
        two_disease=bill.two_disease,
        two_registered=bill.two_disease if said.two_registered is None else said.two_registered,
        aid=said.aid or codes.NO_AID,
        registered_poor=said.registered_poor or 0,
        civil_servant=said.civil_servant or 0,
        added=said.added or 0,
        cover_from=1 if said.cover_from is None else said.cover_from,
        cover_to=FOREVER if said.cover_to is None else said.cover_to,
        wait_until=said.wait_until or 0,
        suspended=said.suspended or 0,
        died=said.died or 0,
    )._replace(**dict(bill.fields))  # fmt: skip


def level_in(hosp_lv: str, book: Book) -> int:
    """The city's level for a national hosp_lv, with or without the leading zero; raises Problem."""
    try:
        return book.level_of(hosp_lv.zfill(2))
    except PolicyError:
        raise unknown_code("hosp_lv", hosp_lv, f"{book.city}: area.hosp_lv") from None


def line_sums(charges: Charges, claim: Claim, plan: Plan) -> Sums:
    """The lines that are not split yet, scoped by the plan and summed; without a plan nothing is cut, since no fund pays."""
    scope = plan.scope if plan.scheme else Scope(0, 0, 0, codes.UNBOUNDED, 0, (codes.UNBOUNDED,) * codes.LEVELS)
    days = max(days_between(claim.admitted or claim.day, claim.day), 1)
    maternity = 1 if codes.DELIVERY <= claim.kind <= codes.MISCARRIAGE_LATE else 0
    part = bill_of(charges.lines, scope, claim.level, days, maternity, plan.rounding)
    return Sums(part.fee, part.full, part.over, part.pre, part.within, part.off_list, part.consultation)


def with_sums(claim: Claim, bill: Bill, plan: Plan) -> Claim:
    """The claim with its sums: as stated, or from the lines under the plan's scope. Raises Problem when they do not add."""
    stated = dict(bill.sums)
    sums = completed(stated) if bill.charges is None else agreed(stated, added(line_sums(bill.charges, claim, plan), bill.charges.split))
    if claim.third_party > sums.within:
        raise unequal("third_party", claim.third_party, sums.within, "不得超过政策范围内金额，后者", "must not exceed the in-scope amount,")
    return claim._replace(total=sums.total, full=sums.full, over=sums.over, pre=sums.pre, within=sums.within, off_list=sums.off_list,
                          consultation=sums.consultation)

