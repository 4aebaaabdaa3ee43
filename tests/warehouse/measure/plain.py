"""The same figures counted by hand: plain Python over every row of a small store, no SQL. Returns (numerator, denominator)."""

from collections.abc import Callable
from typing import Any, NamedTuple

from openyibao.policybook.book import Book
from openyibao.warehouse.measure.period import Period
from openyibao.warehouse.tables.store import Store

Row = dict[str, Any]
STAYS, VISITS, PHARMACY = (5, 6), (1, 2, 3, 4, 10), 14
KEY = (1, 2, 3)


class Tables(NamedTuple):
    """Every row of the tables that are counted."""

    person: dict[int, Row]
    cover: list[Row]
    contribution: list[Row]
    holder: list[Row]
    bill: list[Row]
    book: Book
    province: int


Counted = Callable[[Tables, Period], tuple[int, int]]


def tables_of(store: Store, book: Book) -> Tables:
    """Read everything."""
    person: dict[int, Row] = {}
    cover, contribution, holder, bill = [], [], [], []
    for bucket in store.buckets():
        person |= {row["person"]: row for row in store.read("person", bucket=bucket).to_pylist()}
        cover += store.read("cover", bucket=bucket).to_pylist()
        for year in store.years():
            standing = store.read("holder", year, bucket).to_pylist()
            closing = store.read("closing", year, bucket).to_pylist()
            holder += [row | {"year": year, "closing": left} for row, left in zip(standing, closing, strict=True)]
            paid = store.read("contribution", year, bucket).to_pylist()
            contribution += [row | {"year": year, "standing": standing[row["holder"]]} for row in paid]
            bills, results = store.read("bill", year, bucket).to_pylist(), store.read("result", year, bucket).to_pylist()
            bill += [row | {"paid": result, "at": (row["day"] // 10_000, row["day"] // 100 % 100)}
                     for row, result in zip(bills, results, strict=True)]
    return Tables(person, cover, contribution, holder, bill, book, book.admdvs // 10_000)


def living(row: Row, day: int) -> bool:
    return row["born"] <= day and not 0 < row["died"] <= day


def in_force(tables: Tables, day: int) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for span in tables.cover:
        if span["starts"] <= day < span["ends"]:
            found.setdefault(span["person"], []).append(span)
    return found


def enrolment(tables: Tables, period: Period, residents_only: bool = False) -> tuple[int, int]:
    covered, over, under = in_force(tables, period.day), 0, 0
    first = {}
    for span in tables.cover:
        if span["person"] not in first or span["starts"] < first[span["person"]]["starts"]:
            first[span["person"]] = span
    for number, row in tables.person.items():
        begun = first.get(number)
        if not living(row, period.day) or (begun is not None and begun["reason"] == 6 and begun["starts"] > period.day):
            continue
        under += row["resident"]
        over += number in covered and (row["resident"] == 1 or not residents_only)
    return over, under


def on_lists(tables: Tables, period: Period) -> dict[int, int]:
    """Person on a key-group list -> aid category of the cover last begun."""
    last: dict[int, Row] = {}
    for span in tables.cover:
        if span["starts"] <= period.day and (span["person"] not in last or span["starts"] >= last[span["person"]]["starts"]):
            last[span["person"]] = span
    aid_of = {number: last[number]["aid"] if number in last else 0 for number in tables.person}
    return {number: aid_of[number] for number, row in tables.person.items()
            if living(row, period.day) and (row["registered_poor"] or aid_of[number])}


def key_groups(tables: Tables, period: Period) -> tuple[int, int]:
    covered, listed = in_force(tables, period.day), on_lists(tables, period)
    return sum(number in covered for number in listed), len(listed)


def poor(tables: Tables, period: Period) -> list[int]:
    return [number for number, row in tables.person.items() if row["registered_poor"] and living(row, period.day)]


def registered_poor(tables: Tables, period: Period) -> tuple[int, int]:
    covered, listed = in_force(tables, period.day), poor(tables, period)
    return sum(number in covered for number in listed), len(listed)


def poor_delivered(tables: Tables, period: Period) -> tuple[int, int]:
    covered, listed = in_force(tables, period.day), on_lists(tables, period)
    aided = {row["person"] for row in tables.contribution if row["year"] == period.year and row["aided"] > 0}
    good = 0
    for number, category in listed.items():
        spans = covered.get(number, [])
        due = category in (1, 2, 3, 4, 5) and all(span["scheme"] == 2 for span in spans)
        good += any(span["wait_until"] <= period.day for span in spans) and (not due or number in aided)
    return good, len(listed)


def key_subsidised(tables: Tables, period: Period) -> tuple[int, int]:
    paid: dict[int, int] = {}
    for row in tables.contribution:
        if row["year"] == period.year and row["scheme"] == 2 and row["standing"]["aid"] in KEY:
            paid[row["person"]] = paid.get(row["person"], 0) + row["aided"]
    return sum(fen > 0 for fen in paid.values()), len(paid)


def voucher(tables: Tables, period: Period) -> tuple[int, int]:
    insured = [tables.person[number] for number in in_force(tables, period.day) if living(tables.person[number], period.day)]
    return sum(0 < row["voucher"] <= period.day for row in insured), len(insured)


def dependency(tables: Tables, period: Period) -> tuple[int, int]:
    status: dict[int, int] = {}
    for number, spans in in_force(tables, period.day).items():
        own = [span["status"] for span in spans if span["scheme"] == 1]
        if own and not 0 < tables.person[number]["died"] <= period.day:
            status[number] = max(own)
    return sum(one == 0 for one in status.values()), sum(one == 1 for one in status.values())


def arrears(tables: Tables, period: Period) -> tuple[int, int]:
    over = under = 0
    for row in tables.contribution:
        if row["year"] == period.year and row["scheme"] == 1:
            months = sum(period.first <= month <= period.last for month in range(row["first_month"], row["first_month"] + row["months"]))
            due = (row["employer_part"] + row["person_part"]) * months // row["months"]
            under += due
            over += due if row["state"] == 3 else 0
    return over, under


def of_bills(pick: Callable[[Row], bool], over: Callable[[Row], int], under: Callable[[Row], int]) -> Counted:
    """A figure that is two sums over some bills of the period."""
    def counted(tables: Tables, period: Period) -> tuple[int, int]:
        rows = [row for row in tables.bill if row["at"][0] == period.year and period.first <= row["at"][1] <= period.last and pick(row)]
        return sum(map(over, rows)), sum(map(under, rows))
    return counted


def settled(row: Row) -> bool:
    return row["paid"]["outcome"] == 0


def one(row: Row) -> int:
    return 1


def total(row: Row) -> int:
    return row["total"]


def pool(row: Row) -> int:
    return row["paid"]["pool"]


def in_policy(scheme: int, kinds: tuple[int, ...]) -> Counted:
    return of_bills(lambda row: settled(row) and row["scheme"] == scheme and row["kind"] in kinds, pool, lambda row: row["within"])


def actual(scheme: int) -> Counted:
    return of_bills(lambda row: row["scheme"] == scheme and row["kind"] in STAYS, lambda row: row["paid"]["fund"], total)


def direct(kinds: tuple[int, ...], abroad: bool) -> Counted:
    return of_bills(lambda row: row["place"] != 0 and row["kind"] in kinds and (row["place"] // 10_000 != 53) == abroad,
                    lambda row: row["direct"], one)


def catastrophic(tables: Tables, period: Period) -> tuple[int, int]:
    part = tables.book.plan(2, period.day).catastrophic
    over = under = 0
    for row in tables.holder:
        if row["year"] == period.year and row["scheme"] == 2:
            own = part.deductible * (part.tilt_factor if part.tilted[row["aid"]] else 10_000) // 10_000
            if row["closing"]["burden"] > own:
                over += row["closing"]["catastrophic_paid"]
                under += row["closing"]["burden"] - own
    return over, under


def aid(row: Row) -> int:
    return row["paid"]["aid"] + row["paid"]["tilt"] + row["paid"]["topup"]


def left_by_insurance(row: Row) -> int:
    return row["within"] - sum(row["paid"][name] for name in ("pool", "large_first", "large_second", "catastrophic"))


def admissions(tables: Tables, period: Period) -> tuple[int, int]:
    stays, _ = of_bills(lambda row: row["kind"] in STAYS, one, one)(tables, period)
    return stays, sum(not 0 < tables.person[number]["died"] <= period.day for number in in_force(tables, period.day))


PLAIN: dict[str, Counted] = {
    "enrolment": enrolment,
    "residents_enrolled": lambda tables, period: enrolment(tables, period, residents_only=True),
    "key_groups": key_groups, "registered_poor": registered_poor, "poor_delivered": poor_delivered, "key_subsidised": key_subsidised,
    "voucher": voucher, "dependency": dependency, "arrears": arrears,
    "employee_inpatient": in_policy(1, STAYS), "resident_inpatient": in_policy(2, STAYS),
    "employee_outpatient": in_policy(1, (1,)), "resident_outpatient": in_policy(2, (1,)),
    "resident_all": in_policy(2, tuple(range(1, 14))),
    "aid_ratio": of_bills(lambda row: settled(row) and row["kind"] in STAYS and row["aid"] in KEY, aid, left_by_insurance),
    "catastrophic_ratio": catastrophic,
    "employee_inpatient_actual": actual(1), "resident_inpatient_actual": actual(2),
    "person_share": of_bills(lambda row: row["kind"] != PHARMACY, lambda row: row["paid"]["person"], total),
    "cross_province_inpatient": direct(STAYS, abroad=True), "cross_province_visits": direct(VISITS, abroad=True),
    "in_province_inpatient": direct(STAYS, abroad=False), "in_province_visits": direct(VISITS, abroad=False),
    "cross_province_open": direct(VISITS, abroad=True),
    "primary_share": of_bills(lambda row: True, lambda row: pool(row) if row["level"] < 3 else 0, pool),
    "offsite_share": of_bills(lambda row: True, lambda row: pool(row) if row["place"] else 0, pool),
    "admission_rate": admissions,
    "stay_cost": of_bills(lambda row: row["kind"] in STAYS, total, one),
    "visit_cost": of_bills(lambda row: row["kind"] in VISITS, total, one),
    "stay_days": of_bills(lambda row: row["kind"] in STAYS, lambda row: row["days"], one),
    "refused_share": of_bills(lambda row: True, lambda row: row["paid"]["outcome"] != 0, one),
}  # fmt: skip
"""Code of a quantity that bills, people and contributions answer -> its figure by hand."""
