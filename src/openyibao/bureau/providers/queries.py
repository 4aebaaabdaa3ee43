"""What other desks ask of the provider desk 定点管理: who may treat and settle on a day, who is suspended, and the stock of goods 进销存.

Of stock: a count (3501) sets a batch, every other move changes it; quantities are integers of 1/10,000; moves deleted by 3507 are left out.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from openyibao.bureau.providers.models import Agreement, Department, Institution, Measure, Practitioner, SignIn, StockMove

COUNT, CHANGE, BOUGHT, RETURNED, SOLD, TAKEN_BACK = "3501", "3502", "3503", "3504", "3505", "3506"
"""Kinds of move, by the message that brings them."""

KINDS_DELETED = {"1": (COUNT,), "2": (CHANGE,), "3": (BOUGHT, RETURNED), "4": (SOLD, TAKEN_BACK)}
"""inv_data_type of 3507 -> kinds of move it deletes."""


class Suspension(NamedTuple):
    """A measure in force 处理措施: no settlement from the hour it starts."""

    target: str  # institution or practitioner code
    starts: datetime
    ends: datetime | None  # None: until it is lifted
    reason: str
    clause: str


class Contract(NamedTuple):
    """A service agreement in force 服务协议."""

    number: str
    starts: date
    ends: date | None
    scope: str  # 服务范围; "" = every kind of visit


class InstitutionOn(NamedTuple):
    """An institution as it stands at an instant 定点医药机构."""

    code: str
    name: str
    kind: str  # fixmedins_type: 1 hospital, 2 pharmacy
    hosp_lv: str
    uscc: str
    admdvs: str
    contract: Contract | None  # None: no agreement in force
    ended: date | None  # without an agreement: the day the last one ended; None if there was none before
    suspension: Suspension | None


class PractitionerOn(NamedTuple):
    """A doctor, nurse or pharmacist at an institution at an instant 医保医师、护士、药师."""

    code: str
    name: str
    kind: str  # 1 doctor 2 nurse 3 pharmacist 4 technician
    dept_code: str
    starts: date
    ends: date | None
    working: bool  # in the register on the day
    suspension: Suspension | None


def day_of(at: datetime) -> date:
    """The day of an instant in the city."""
    return timezone.localdate(at)


def on_day(day: date) -> Q:
    """Rows whose half-open span of days holds the day."""
    return Q(starts__lte=day) & (Q(ends__isnull=True) | Q(ends__gt=day))


def suspension_of(target: str, at: datetime) -> Suspension | None:
    """The measure in force against an institution or practitioner at an instant, the earliest; None = none."""
    return suspensions_of([target], at).get(target)


def suspensions_of(targets: Iterable[str], at: datetime) -> dict[str, Suspension]:
    """The measures in force at an instant, by target."""
    found = Measure.objects.filter(Q(ends__isnull=True) | Q(ends__gt=at), target__in=set(targets), starts__lte=at).order_by(
        "-starts", "-id"
    )
    return {one.target: Suspension(one.target, one.starts, one.ends, one.reason, one.clause) for one in found}


def institution_on(code: str, at: datetime) -> InstitutionOn | None:
    """An institution with its agreement and measure at an instant; None when nobody knows the code."""
    row = Institution.objects.filter(fixmedins_code=code).first()
    if row is None:
        return None
    day = day_of(at)
    agreement = Agreement.objects.filter(on_day(day), institution_id=code).order_by("-starts").first()
    contract = Contract(agreement.number, agreement.starts, agreement.ends, agreement.scope) if agreement else None
    before = None if agreement else Agreement.objects.filter(institution_id=code, ends__lte=day).order_by("-ends").first()
    return InstitutionOn(
        row.fixmedins_code,
        row.name,
        row.kind,
        row.hosp_lv,
        row.uscc,
        row.admdvs,
        contract,
        before.ends if before else None,
        suspension_of(code, at),
    )


def institution_named(name: str, kind: str = "") -> list[str]:
    """Codes of the institutions of exactly this name, of a kind when one is given, in order."""
    found = Institution.objects.filter(name=name, **({"kind": kind} if kind else {}))
    return list(found.order_by("fixmedins_code").values_list("fixmedins_code", flat=True))


def doctor_on(code: str, institution: str, at: datetime) -> PractitionerOn | None:
    """A practitioner of an institution at an instant, with the measure against the person; None = not registered there."""
    return doctors_on([code], institution, at).get(code)


def doctors_on(codes: Iterable[str], institution: str, at: datetime) -> dict[str, PractitionerOn]:
    """Practitioners of an institution at an instant, by code."""
    day, wanted = day_of(at), set(codes)
    measures = suspensions_of(wanted, at)
    return {
        row.code: PractitionerOn(
            row.code,
            row.name,
            row.kind,
            row.hosp_dept_codg,
            row.starts,
            row.ends,
            row.starts <= day and (row.ends is None or day < row.ends),
            measures.get(row.code),
        )
        for row in Practitioner.objects.filter(code__in=wanted, fixmedins_code=institution)
    }


def practitioners_of(institution: str, **fields: str) -> QuerySet[Practitioner]:
    """The register of an institution in order of code, by any of `code`, `kind`, `name`; former ones too."""
    return Practitioner.objects.filter(fixmedins_code=institution, **{name: value for name, value in fields.items() if value}).order_by(
        "code"
    )


def departments_of(institution: str, day: date | None = None) -> QuerySet[Department]:
    """The departments of an institution in order of code: as they stood on a day, or those that were not withdrawn or changed since."""
    found = Department.objects.filter(fixmedins_code=institution).order_by("hosp_dept_codg", "starts")
    return found.filter(withdrawn=False) if day is None else found.filter(on_day(day))


def department_of(institution: str, hosp_dept_codg: str) -> dict[str, Any] | None:
    """The columns of a department that was not withdrawn; None = there is none."""
    return Department.objects.filter(fixmedins_code=institution, hosp_dept_codg=hosp_dept_codg, withdrawn=False).values().first()


def signed_in(sign_no: str, institution: str, opter_no: str | None, at: datetime) -> bool:
    """Whether a sign-in number is this institution's (and operator's), of the day of `at`, and was not signed out."""
    if not (sign_no.isascii() and sign_no.isdigit() and len(sign_no) <= 18):
        return False
    found = SignIn.objects.filter(sign_no=int(sign_no), fixmedins_code=institution, out_at__isnull=True, at__date=day_of(at))
    return found.filter(opter_no=opter_no).exists() if opter_no is not None else found.exists()


class OnHand(NamedTuple):
    """What an institution has of one item 库存."""

    hilist_code: str
    quantity: int
    batches: Mapping[str, int]  # batch number -> quantity


class Flow(NamedTuple):
    """What came and went of one item in a period 进销存汇总."""

    hilist_code: str
    opening: int  # on hand before the period
    came: int  # bought, other receipts, net of returns to the supplier and losses
    sold: int  # sold net of taken back
    billed: int  # quantity in settled bills, as the caller has it

    @property
    def missing(self) -> int:
        """By how much more went out than there was: sold or billed, whichever is more, above opening and receipts; 0 = nothing."""
        return max(max(self.sold, self.billed) - self.opening - self.came, 0)


def standing_moves(institution: str, items: Iterable[str] | None, until: datetime | None) -> list[tuple[str, str, str, int]]:
    """(item, batch, kind, quantity) of moves that were not deleted, in order of time; before `until` when given."""
    found = StockMove.objects.filter(fixmedins_code=institution, deleted_at__isnull=True)
    if items is not None:
        found = found.filter(hilist_code__in=set(items))
    if until is not None:
        found = found.filter(at__lt=until)
    return list(found.order_by("at", "id").values_list("hilist_code", "batch_no", "kind", "quantity"))


def on_hand(moves: Iterable[tuple[str, str, str, int]]) -> dict[str, dict[str, int]]:
    """Item -> batch -> quantity after the moves, given in order of time."""
    stock: dict[str, dict[str, int]] = {}
    for item, batch, kind, quantity in moves:
        batches = stock.setdefault(item, {})
        batches[batch] = quantity if kind == COUNT else batches.get(batch, 0) + quantity
    return stock


def stock_of(institution: str, item: str, at: datetime | None = None) -> OnHand:
    """What an institution has of a national item, before an instant or now; zero where nothing was reported."""
    batches = on_hand(standing_moves(institution, [item], at)).get(item, {})
    return OnHand(item, sum(batches.values()), batches)


def sold_more_than_bought(institution: str, starts: datetime, ends: datetime, billed: Mapping[str, int] | None = None) -> list[Flow]:
    """Items of which more was sold, or billed, in [starts, ends) than was on hand and came in (R043, R048); in order of code.

    billed  item -> quantity in settled bills of the period, from the settlement desk; it counts also for items without any move
    """
    bills = billed or {}
    opening = {item: sum(batches.values()) for item, batches in on_hand(standing_moves(institution, None, starts)).items()}
    period = StockMove.objects.filter(fixmedins_code=institution, deleted_at__isnull=True, at__gte=starts, at__lt=ends)
    came: dict[str, int] = {}
    sold: dict[str, int] = {}
    for item, kind, quantity in period.exclude(kind=COUNT).values_list("hilist_code", "kind").annotate(Sum("quantity")):
        if kind in (SOLD, TAKEN_BACK):
            sold[item] = sold.get(item, 0) - quantity
        else:
            came[item] = came.get(item, 0) + quantity
    # DOUBT: goods on the shelf that no purchase explains (a first count within the period) are taken as opening stock, so that an
    # institution that starts reporting with a count is not hit for its first month.
    for item, quantity in first_counts(institution, starts, ends, set(opening)).items():
        opening[item] = opening.get(item, 0) + quantity
    flows = [Flow(item, opening.get(item, 0), came.get(item, 0), sold.get(item, 0), bills.get(item, 0)) for item in sorted({*sold, *bills})]
    return [flow for flow in flows if flow.missing > 0]


def first_counts(institution: str, starts: datetime, ends: datetime, known: set[str]) -> dict[str, int]:
    """Item -> quantity counted in the period before any other move of the item was reported; items in `known` have a history."""
    found: dict[str, int] = {}
    begun: set[str] = set()
    moves = StockMove.objects.filter(fixmedins_code=institution, deleted_at__isnull=True, at__gte=starts, at__lt=ends)
    for item, kind, quantity in moves.exclude(hilist_code__in=known).order_by("at", "id").values_list("hilist_code", "kind", "quantity"):
        if kind != COUNT:
            begun.add(item)
        elif item not in begun:
            found[item] = found.get(item, 0) + quantity
    return found


def traces_sold(traces: Iterable[str]) -> dict[str, str]:
    """Trace codes 药品追溯码 that stand as sold (sold and not taken back) -> the institution that sold each."""
    wanted = sorted(set(traces))
    if not wanted:
        return {}
    sold: dict[str, str] = {}
    moves = StockMove.objects.filter(kind__in=(SOLD, TAKEN_BACK), deleted_at__isnull=True, traces__has_any_keys=wanted)
    for institution, kind, codes in moves.order_by("at", "id").values_list("fixmedins_code", "kind", "traces"):
        for code in codes:
            if kind == SOLD:
                sold[code] = institution
            else:
                sold.pop(code, None)
    return {code: sold[code] for code in wanted if code in sold}
