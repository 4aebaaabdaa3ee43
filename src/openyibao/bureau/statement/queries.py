"""What the bill pages read 结算单查询: bills that a reader may see, one bill with everything beside it, a person's year.

The register knows a person's division to the county, so a town's post sees bills of its county's people, one person at a time.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Sum

from openyibao.bureau.enrolment.models import Person
from openyibao.bureau.policydesk.queries import pooling_area
from openyibao.bureau.providers.models import Institution
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.chain import COLUMNS, Row
from openyibao.bureau.settlement.models import Diagnosis, Encounter, Line, Opening, Settlement, Year
from openyibao.bureau.settlement.models import Layer as FundPart
from openyibao.bureau.settlement.replaying import FIGURES, Beside
from openyibao.bureau.staff.rights import Rights

COUNTY, TOWN = 6, 9
"""Digits of a county's and of a town's area."""

LINES = 300
"""Charge lines that a page shows; the rest are counted, and in the sums."""


class Whole(NamedTuple):
    """One bill with what stands beside it 一张结算单."""

    bill: Settlement
    encounter: Encounter | None
    person: Person | None
    institution: Institution | None
    diagnoses: list[Diagnosis]
    lines: list[Line]
    line_count: int
    line_sums: dict[str, int]
    journal: Row | None
    beside: Beside
    original: Row | None  # the journal row of the settlement that a mirror takes back
    mirror: Settlement | None  # what took this bill back
    chain: list[Settlement]  # settlements and mirrors of the same visit and batch, oldest first


def visible(rights: Rights) -> QuerySet[Settlement]:
    """The bills that a reader may see: a hospital's post its own, an area's post those of its insured people, others all."""
    rows = Settlement.objects.all()
    if rights.institution:
        return rows.filter(fixmedins_code=rights.institution)
    if len(rights.area) >= COUNTY:
        return rows.filter(psn_no__in=Person.objects.filter(admdvs=rights.area[:COUNTY]).values("psn_no"))
    return rows.filter(poolarea=pooling_area(rights.area)) if rights.area else rows


def needs_person(rights: Rights) -> bool:
    """Whether a reader names the person first: a town's post, since the register ends at the county."""
    return len(rights.area) >= TOWN and not rights.institution


def listed(rows: QuerySet[Settlement]) -> QuerySet[Settlement]:
    """Bills with what a list shows beside them: name, institution, whether it was taken back."""
    return rows.annotate(
        name=Subquery(Person.objects.filter(psn_no=OuterRef("psn_no")).values("name")[:1]),
        institution=Subquery(Institution.objects.filter(fixmedins_code=OuterRef("fixmedins_code")).values("name")[:1]),
        mirrored_by=Subquery(Settlement.objects.filter(mirror_of=OuterRef("setl_id")).values("setl_id")[:1]),
    )


def state_of(bill: Any) -> str:
    """A listed bill's state: settled, reversed, mirror."""
    return "mirror" if bill.mirror_of is not None else "reversed" if bill.mirrored_by is not None else "settled"


def unknown(setl_id: int) -> Refused:
    """No bill of that number, or not the reader's to see: the two are not told apart."""
    return Refused(
        "BILL-01", f"没有查到结算单 {setl_id}，或不在您的可见范围内。", f"There is no bill {setl_id}, or it is outside what you may see.",
        place="setl_id", next_zh="请核对结算单号；其他区划或机构的单据请联系其经办人员。",
        next_en="Check the number; ask the office concerned for bills of other areas or institutions.",
    )  # fmt: skip


def person_seen(rights: Rights, psn_no: str) -> Person:
    """A person whose bills a reader may look at. Raises Refused BILL-02 for one outside the reader's area."""
    person = Person.objects.filter(psn_no=psn_no).first()
    if person is not None and (rights.psn_no == psn_no or is_near(rights, person)):
        return person
    raise Refused(
        "BILL-02", "没有查到该人员，或其参保地不在您的可见区划内。", "There is no such person, or the insured place is outside your area.",
        place="psn_no", next_zh="请核对人员编号，或联系其参保地经办机构。",
        next_en="Check the number, or ask the office of the insured place.",
    )  # fmt: skip


def seen_persons(rights: Rights) -> QuerySet[Person]:
    """The people whose records a reader may look for: an area's post those insured there, a hospital's those it has treated."""
    rows = Person.objects.all()
    if rights.institution:
        return rows.filter(Exists(Settlement.objects.filter(psn_no=OuterRef("psn_no"), fixmedins_code=rights.institution)))
    return rows.filter(admdvs__startswith=rights.area[:COUNTY])


def is_near(rights: Rights, person: Person) -> bool:
    """Whether a person concerns a reader's post: treated at the post's hospital, or insured in the post's area."""
    if rights.institution:
        return Settlement.objects.filter(psn_no=person.psn_no, fixmedins_code=rights.institution).exists()
    return bool(person.admdvs.startswith(rights.area[:COUNTY]))


def whole_bill(rows: QuerySet[Settlement], setl_id: int, lines: int = LINES) -> Whole:
    """One of these bills with everything beside it. Raises Refused BILL-01."""
    bill = rows.filter(setl_id=setl_id).first()
    if bill is None:
        raise unknown(setl_id)
    of = Line.objects.filter(mdtrt_id=bill.mdtrt_id)
    encounter = Encounter.objects.filter(mdtrt_id=bill.mdtrt_id).first()
    if encounter is not None and encounter.sort != "I":
        of = of.filter(chrg_bchno=bill.chrg_bchno)
    sums = of.aggregate(**{name: Sum(name, default=0) for name in ("fee", "full", "over", "pre", "within")})
    shown = list(of.order_by("pk")[: lines + 1])
    journal, beside = row_of(setl_id)
    chain = list(Settlement.objects.filter(mdtrt_id=bill.mdtrt_id, chrg_bchno=bill.chrg_bchno).order_by("at", "setl_id"))
    return Whole(
        bill, encounter, Person.objects.filter(psn_no=bill.psn_no).first(),
        Institution.objects.filter(fixmedins_code=bill.fixmedins_code).first(),
        list(Diagnosis.objects.filter(mdtrt_id=bill.mdtrt_id).order_by("stage", "place")), shown[:lines],
        of.count() if len(shown) > lines else len(shown), sums, journal, beside,
        row_of(bill.mirror_of)[0] if bill.mirror_of is not None else None,
        next((one for one in chain if one.mirror_of == setl_id), None), chain,
    )  # fmt: skip


ROW = f"SELECT {COLUMNS} FROM settlement_journal j WHERE j.setl_id = %s"
BESIDE = f"""
SELECT s.setl_id, s.mirror_of, s.fixmedins_code, s.digest, to_char(s.day, 'YYYYMMDD')::int,
  ARRAY(SELECT l.fund_pay_type || '|' || l.fen FROM settlement_layer l WHERE l.setl_id = s.setl_id),
  ARRAY(SELECT p.fund || '|' || p.account || '|' || p.fen FROM fund_entry e JOIN fund_posting p ON p.entry_id = e.id
        WHERE e.setl_id = s.setl_id), {", ".join(f's."{name}"' for name in FIGURES)}
FROM settlement_settlement s WHERE s.setl_id = %s
"""
NOTHING = Beside(None, None, "", "", 0, (), (), ())


def row_of(setl_id: int) -> tuple[Row | None, Beside]:
    """The journal row of a settlement, and what the other tables keep of it."""
    with connection.cursor() as cursor:
        cursor.execute(ROW, [setl_id])
        found = cursor.fetchone()
        cursor.execute(BESIDE, [setl_id])
        beside = cursor.fetchone()
    kept = NOTHING if beside is None else beside_of(beside)
    return (Row(*found) if found else None), kept


def beside_of(columns: Sequence[Any]) -> Beside:
    """What BESIDE selects, in order."""
    setl_id, mirror_of, institution, digest, day, layers, postings, *figures = columns
    return Beside(setl_id, mirror_of, institution, digest, day, figures, layers, postings)


def parts_of(setl_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """What each fund paid of these bills: setl_id -> fund_pay_type -> fen."""
    found: dict[int, dict[str, int]] = {}
    for setl_id, fund, fen in FundPart.objects.filter(setl_id__in=setl_ids).values_list("setl_id", "fund_pay_type", "fen"):
        found.setdefault(setl_id, {})[fund] = fen
    return found


YEAR = f"""
SELECT {COLUMNS}, s.setl_id, s.mirror_of, s.fixmedins_code, s.digest, to_char(s.day, 'YYYYMMDD')::int,
  ARRAY(SELECT l.fund_pay_type || '|' || l.fen FROM settlement_layer l WHERE l.setl_id = s.setl_id),
  ARRAY(SELECT p.fund || '|' || p.account || '|' || p.fen FROM fund_entry e JOIN fund_posting p ON p.entry_id = e.id
        WHERE e.setl_id = s.setl_id), {", ".join(f's."{name}"' for name in FIGURES)}
FROM settlement_journal j LEFT JOIN settlement_settlement s ON s.setl_id = j.setl_id WHERE j.psn_no = %s ORDER BY j.id
"""


def journal_of(psn_no: str) -> list[tuple[Row, Beside]]:
    """A person's whole journal, both schemes, in order, each row with what the other tables keep of it."""
    width = len(Row._fields)
    with connection.cursor() as cursor:
        cursor.execute(YEAR, [psn_no])
        return [(Row(*found[:width]), beside_of(found[width:])) for found in cursor.fetchall()]


def openings_of(psn_no: str) -> dict[tuple[str, int], list[int]]:
    """A person's opening figures 期初数 by scheme and year."""
    return {(row.insutype, row.year): row.figures for row in Opening.objects.filter(psn_no=psn_no)}


def bills_by_number(numbers: Sequence[int]) -> dict[int, Any]:
    """Settlements by their number, with what a list shows beside them."""
    return {bill.setl_id: bill for bill in listed(Settlement.objects.filter(setl_id__in=numbers))}


def years_of(psn_no: str) -> list[Year]:
    """The person's benefit years, newest first, one row a scheme."""
    return list(Year.objects.filter(psn_no=psn_no).order_by("-year", "insutype"))
