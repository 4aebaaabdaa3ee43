"""A person of a store as rows of the server 参保人入库: identity, relations, identities of aid, filings, dues."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from openyibao.bureau.archive.city import SCHEMES, City
from openyibao.bureau.archive.copying import NULL, Sheets, date_text, instant, octets
from openyibao.bureau.archive.invented import identity_number, name_of
from openyibao.bureau.enrolment.cipher import Cipher
from openyibao.kernel import codes
from openyibao.kernel.enrolment import last_of_month, month_after
from openyibao.policybook.national import AID, REGISTERED_POOR, TWO_DISEASES

OPEN = 99991231
SOURCE = "synthetic city"
RESIDENT_ID = "01"
HAN = "01"
LOCAL = (1, 2)
"""Household registers of the city."""

FLEXIBLE = "1102"
PERSON_TYPES = {codes.ACTIVE: "1101", codes.RETIRED: "1201"}
"""psn_type of an employee by status; a flexible worker has one of his own."""
RESIDENT_TYPES = ((6, "1401"), (18, "1402"), (60, "151"), (999, "16"))
"""psn_type of a resident below an age, on the first day of the span: small children, students, adults, old people."""

IDENTITY = {mapped.code: code for code, mapped in reversed(AID.items()) if mapped.code}
"""psn_idet_type of an aid category: the first that the national table has."""
REGISTERED = {bit: code for code, bit in TWO_DISEASES.items()}

class Set(NamedTuple):
    """A row set aside 未入库: where it stands and why, in both languages."""

    place: str
    zh: str
    en: str


class Person(NamedTuple):
    """A row of `person`, by its columns."""

    person: int
    psn_no: str
    sex: int
    born: int
    died: int
    town: int
    register: int
    household: int
    registered_poor: int
    disease: int
    grant: int
    other_disease: int
    other_grant: int
    two_registered: int
    offsite: int
    place: int


class Span(NamedTuple):
    """A row of `cover`, by its columns."""

    person: int
    scheme: int
    status: int
    aid: int
    civil_servant: int
    employer: int
    flexible: int
    added: int
    starts: int
    ends: int
    wait_until: int
    duplicate: int
    suspended_from: int = 0
    suspended_to: int = 0


def write_person(sheets: Sheets, city: City, one: Person, spans: Sequence[Span], cipher: Cipher, last_year: int) -> list[Set]:
    """The rows of one person without money; what is set aside."""
    admdvs = city.counties[one.town]
    certno = identity_number(one.person, one.born, one.sex)
    sheets.add(
        "enrolment_person", one.psn_no, RESIDENT_ID, octets(cipher.seal(certno)), octets(cipher.index(certno)), name_of(one.person),
        one.sex, HAN, date_text(one.born), date_text(one.died), admdvs, admdvs if one.register in LOCAL else "", one.household, "", "{}",
    )  # fmt: skip
    aside: list[Set] = []
    until = 0
    for span in sorted(spans, key=lambda span: (span.starts, span.duplicate)):
        if span.duplicate or span.starts < until:
            aside.append(Set(
                f"cover {one.psn_no} {span.starts}", "与另一段基本医保重叠：同一天只能有一种，未入库。",
                "Overlaps another span of basic insurance; one scheme a day: not taken.",
            ))  # fmt: skip
            continue
        until = span.ends
        write_relation(sheets, city, one, span, admdvs, last_year)
    write_identities(sheets, one, spans)
    write_filings(sheets, city, one, min((span.starts for span in spans), default=one.born))
    return aside


def write_relation(sheets: Sheets, city: City, one: Person, span: Span, admdvs: str, last_year: int) -> None:
    """A span of insurance 参保关系."""
    resident = span.scheme == codes.RESIDENT
    age = (span.starts - one.born) // 10_000
    if resident:
        psn_type = next(code for below, code in RESIDENT_TYPES if age < below)
    else:
        psn_type = FLEXIBLE if span.flexible else PERSON_TYPES[span.status]
    ended = span.ends < OPEN
    paid_through = month_after(span.ends // 100, -1) if ended and span.ends % 100 == 1 else min(span.ends // 100, last_year * 100 + 12)
    starts, ends = date_text(span.starts), date_text(span.ends)
    sheets.add(
        "enrolment_relation", one.psn_no, SCHEMES[span.scheme], admdvs, city.employers[span.employer] if span.employer >= 0 else "",
        psn_type, "4" if ended else "1", starts, ends, starts, ends, date_text(span.wait_until), date_text(span.suspended_from),
        date_text(span.suspended_to), paid_through, "t" if span.civil_servant else "f",
        "t" if span.employer >= 0 and span.status == codes.ACTIVE and not resident else "f", span.added, SOURCE,
    )  # fmt: skip


def write_identities(sheets: Sheets, one: Person, spans: Sequence[Span]) -> None:
    """Aid categories over their spans 救助身份, and the registered poor."""
    seen = set()
    for span in spans:
        if span.aid in IDENTITY and (span.aid, span.starts) not in seen:
            seen.add((span.aid, span.starts))
            sheets.add(
                "entitlement_identity", one.psn_no, IDENTITY[span.aid], "", date_text(span.starts), date_text(span.ends), SOURCE
            )
    if one.registered_poor and spans:
        first = min(span.starts for span in spans)
        sheets.add("entitlement_identity", one.psn_no, REGISTERED_POOR[0], "", date_text(first), NULL, SOURCE)


def write_filings(sheets: Sheets, city: City, one: Person, first: int) -> None:
    """Chronic and two-disease grants 慢特病、两病, and the filing of one who lives elsewhere 异地备案; `first`: where no day is known."""
    found: dict[tuple[str, str], tuple[int, str]] = {}
    for slot, grant in ((one.disease, one.grant), (one.other_disease, one.other_grant)):
        if slot >= 0:
            found["chronic", city.book.diseases[slot]] = (grant or first, "")
    for bit, code in REGISTERED.items():
        if one.two_registered & bit:
            found["two-disease", code] = (first, "")
    if one.offsite == codes.FILED and one.place:
        found["offsite", str(codes.FILED)] = (first, f"{one.place:06d}")
    for (kind, code), (starts, area) in found.items():
        sheets.add(
            "entitlement_filing", one.psn_no, kind, "", code, "", area, date_text(starts), NULL, "granted", SOURCE, instant(starts, 0), "{}"
        )


class Paid(NamedTuple):
    """A row of `contribution`, by its columns."""

    holder: int
    scheme: int
    employer: int
    first_month: int
    months: int
    base: int
    employer_part: int
    person_part: int
    subsidy: int
    aided: int
    paid_on: int
    state: int


RELIEVED = 4


def write_dues(sheets: Sheets, city: City, psn_no: str, year: int, one: Paid, credits: Sequence[int]) -> None:
    """A run of contributions as dues 应缴: a row a month for an employee, one a year (yyyy00) for a resident.

    credits  what each month credits to the account, fen; twelve
    """
    emp_no = city.employers[one.employer] if one.employer >= 0 else ""
    relief = "relief" if one.state == RELIEVED else ""
    if one.scheme == codes.RESIDENT:
        due = (year - 1) * 10_000 + 1231
        sheets.add(
            "enrolment_due", due_number(psn_no, year * 100, -1), psn_no, SCHEMES[one.scheme], emp_no, year * 100, one.base,
            one.employer_part, one.person_part, one.subsidy + one.aided, 0, date_text(due), relief, date_text(one.paid_on), "", "",
        )  # fmt: skip
        return
    for place in range(one.months):
        number = one.first_month + place
        month = year * 100 + number
        sheets.add(
            "enrolment_due", due_number(psn_no, month, one.employer), psn_no, SCHEMES[one.scheme], emp_no, month, one.base,
            nth_part(one.employer_part, one.months, place), nth_part(one.person_part, one.months, place),
            nth_part(one.subsidy + one.aided, one.months, place), credits[number - 1], date_text(month * 100 + last_of_month(month)),
            relief, date_text(paid_day(one, place)), "", "",
        )  # fmt: skip


def due_number(psn_no: str, month: int, employer: int) -> str:
    """bill_no of a month's due to an employer's bill; a person may be on two employers' bills in a month."""
    return f"{psn_no}-{month}-{employer + 1}"


def nth_part(total: int, count: int, place: int) -> int:
    """The `place`-th of `count` equal parts; the first ones take a fen more where it does not come out even."""
    return total // count + (1 if place < total % count else 0)


def paid_day(one: Paid, place: int) -> int:
    """When the month at `place` of a run was paid: as many months before the last as it lies before it; 0 = not paid."""
    if one.paid_on == 0:
        return 0
    month = month_after(one.paid_on // 100, place + 1 - one.months)
    return month * 100 + min(one.paid_on % 100, last_of_month(month))


def rows_as(kind: Any, columns: dict[str, Any], start: int, stop: int) -> list[Any]:
    """Rows of a file as values of a kind, by its field names; fields that the file lacks keep their default."""
    names = [name for name in kind._fields if name in columns]
    return [kind(**dict(zip(names, row, strict=True))) for row in zip(*(columns[name][start:stop].tolist() for name in names), strict=True)]
