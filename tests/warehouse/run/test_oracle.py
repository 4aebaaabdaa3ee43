"""Layers that are differences of a running sum, worked out a second time by SQL over the whole bucket at once, equal to the fen.

The SQL knows the plan's figures and the files; it walks no bills and calls none of our code. Where a layer's rule is
"so much of what the year has come to, less what it came to before", one window function says it:

    paid of this bill = f(running sum with this bill) - f(running sum without it)
"""

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from openyibao.kernel import codes
from openyibao.kernel.plan import Plan
from openyibao.policybook.book import load_book, policies_root
from openyibao.policybook.contributions import rates, retiree_terms
from openyibao.warehouse.run.driver import resettle
from openyibao.warehouse.run.package import package_of
from openyibao.warehouse.tables.store import Store

OUTPATIENT = """
WITH visits AS (
    SELECT result.row, bill.holder, bill.day, bill.within AS eligible, result.pool, result.deductible,
           CASE WHEN bill.status = 1 THEN $deductible_retired ELSE $deductible_active END AS standard,
           CASE WHEN bill.status = 1 THEN $cap_retired ELSE $cap_active END AS cap,
           list_extract(CASE WHEN bill.status = 1 THEN $ratio_retired ELSE $ratio_active END, bill.level + 1) AS ratio
    FROM bill JOIN result USING (row)
    WHERE bill.scheme = $scheme AND bill.kind = 1 AND bill.day >= $since AND result.outcome = 0
), counted AS (
    SELECT *, sum(eligible) OVER so_far AS reached FROM visits
    WINDOW so_far AS (PARTITION BY holder ORDER BY row ROWS UNBOUNDED PRECEDING)
), owed AS (
    SELECT *, least(reached, standard) - least(reached - eligible, standard) AS borne FROM counted
), due AS (
    SELECT *, ((eligible - borne) * ratio + 5000) // 10000 AS share FROM owed
), paid AS (
    SELECT *, sum(share) OVER (PARTITION BY holder ORDER BY row ROWS UNBOUNDED PRECEDING) AS upto FROM due
)
SELECT row, deductible, borne, pool, least(upto, cap) - least(upto - share, cap) AS expected FROM paid ORDER BY row
"""

CATASTROPHIC = """
WITH bills AS (
    SELECT result.row, bill.holder, result.catastrophic, list_extract($tilted, bill.aid + 1) AS tilted,
           bill.within - least(bill.third_party, bill.within) - result.pool AS burden
    FROM bill JOIN result USING (row)
    WHERE bill.scheme = 2 AND result.outcome = 0 AND bill.kind IN (2, 5, 6, 7)
      AND bill.holder NOT IN (SELECT holder FROM bill WHERE offsite > 0 OR kind = 13)
), counted AS (
    SELECT *, sum(burden) OVER (PARTITION BY holder ORDER BY row ROWS UNBOUNDED PRECEDING) AS after FROM bills
), sides AS (
    SELECT *, after - burden AS before,
           CASE WHEN tilted = 1 THEN ($deductible::BIGINT * $tilt_factor + 5000) // 10000 ELSE $deductible END AS start,
           CASE WHEN tilted = 1 THEN $tilt_add ELSE 0 END AS more
    FROM counted
), bands AS (
    SELECT unnest($low) AS low, unnest($high) AS high, unnest($ratio) AS ratio, unnest($first) AS first
), bounds AS (  -- the first band begins at the person's own deductible
    SELECT row, before, after, least(ratio + more, 10000) AS rate,
           CASE WHEN first = 1 THEN start ELSE greatest(CASE WHEN $from_zero = 1 THEN low ELSE low + start END, start) END AS low,
           CASE WHEN $from_zero = 1 THEN high ELSE high + start END AS high
    FROM sides CROSS JOIN bands
), curve AS (
    SELECT row, sum((greatest(least(after, high) - low, 0) * rate + 5000) // 10000)
              - sum((greatest(least(before, high) - low, 0) * rate + 5000) // 10000) AS share
    FROM bounds GROUP BY row
), summed AS (
    SELECT sides.*, share, sum(share) OVER (PARTITION BY holder ORDER BY row ROWS UNBOUNDED PRECEDING) AS upto
    FROM sides JOIN curve USING (row)
)
SELECT row, burden, catastrophic,
       CASE WHEN tilted = 1 AND $no_cap = 1 THEN share ELSE least(upto, $cap) - least(upto - share, $cap) END AS expected
FROM summed ORDER BY row
"""

ACCOUNTS = """
WITH months AS (SELECT unnest($month) AS month, unnest($floor) AS floor, unnest($cap) AS cap, unnest($younger) AS younger,
                       unnest($older) AS older, unnest($amount) AS amount, unnest($share) AS share),
credit AS (
    SELECT holder.row AS holder, months.month,
           CASE WHEN scheme <> 1 OR months.month NOT BETWEEN first_month AND last_month THEN 0
                WHEN status = 1 THEN CASE WHEN amount >= 0 THEN amount ELSE pension * share // 10000 END
                WHEN base = 0 THEN 0
                ELSE (least(greatest(base, floor), cap) * CASE WHEN age >= 45 THEN older ELSE younger END + 5000) // 10000 END AS fen
    FROM holder CROSS JOIN months
), there AS (
    SELECT credit.holder, month, holder.account + sum(fen) OVER (PARTITION BY credit.holder ORDER BY month) AS money
    FROM credit JOIN holder ON holder.row = credit.holder
), asked AS (
    SELECT result.row, bill.holder, bill.day // 100 % 100 AS month, result.account,
           CASE WHEN account_use = 0 OR outcome IN (5, 6, 10) THEN 0 ELSE result.person - least(third_party, within) END AS wish
    FROM bill JOIN result USING (row)
), running AS (
    SELECT asked.*, there.money, sum(wish) OVER (PARTITION BY asked.holder ORDER BY row ROWS UNBOUNDED PRECEDING) AS wished
    FROM asked JOIN there ON there.holder = asked.holder AND there.month = asked.month
), short AS (
    SELECT *, greatest(0, max(wished - money) OVER (PARTITION BY holder ORDER BY row ROWS UNBOUNDED PRECEDING)) AS unmet FROM running
), bills AS (
    SELECT row, holder, account, wish - (unmet - coalesce(lag(unmet) OVER (PARTITION BY holder ORDER BY row), 0)) AS expected FROM short
)
"""


@pytest.fixture(scope="module")
def desk() -> Any:
    """A database in memory."""
    with duckdb.connect() as found:
        yield found


def opened(desk: Any, store: Store, run: Path, bucket: int) -> None:
    """The tables of a bucket, each with its rows' numbers."""
    places = {"bill": store, "holder": store, "result": Store(run), "closing": Store(run)}
    for table, place in places.items():
        data = place.read(table, 2023, bucket)
        desk.register(table, data.append_column("row", pa.array(range(len(data)), pa.int64())))


def plan_on(city: str, scheme: int, day: int) -> Plan:
    """The plan in force."""
    found = load_book(policies_root(), city).plan(scheme, day)
    assert found is not None
    return found


def only(values: tuple[int, ...]) -> int:
    """The one value that all levels have."""
    assert len(set(values)) == 1
    return values[0]


@pytest.fixture(scope="module", params=["ankang", "wuhan"])
def settled(request, tmp_path_factory) -> tuple[str, Store, Path]:
    """A city settled under its own policy."""
    store = request.getfixturevalue(request.param)
    run = tmp_path_factory.mktemp("oracle")
    resettle(store, 2023, package_of(load_book(policies_root(), request.param), 2023), run)
    return request.param, store, run


@pytest.mark.parametrize("bucket", [0, 1])
def test_ordinary_outpatient_visits_of_employees(desk, settled, bucket):
    city, store, run = settled
    since = 20230201 if city == "wuhan" else 20230101
    part = plan_on(city, codes.EMPLOYEE, since).outpatient
    opened(desk, store, run, bucket)
    found = desk.execute(OUTPATIENT, {
        "scheme": 1, "since": since, "deductible_active": only(part.deductible_active), "deductible_retired": only(part.deductible_retired),
        "cap_active": part.cap_active, "cap_retired": part.cap_retired, "ratio_active": list(part.ratio_active),
        "ratio_retired": list(part.ratio_retired),
    }).fetchall()  # fmt: skip
    assert len(found) > 100 and any(row[4] for row in found)
    assert [row for row in found if row[1] != row[2] or row[3] != row[4]] == []


@pytest.mark.parametrize("bucket", [0, 1])
def test_catastrophic_insurance_of_residents(desk, settled, bucket):
    city, store, run = settled
    plan = plan_on(city, codes.RESIDENT, 20230601)
    part = plan.catastrophic
    highs = (*part.band_low[1 : part.bands], codes.UNBOUNDED)
    opened(desk, store, run, bucket)
    found = desk.execute(CATASTROPHIC, {
        "tilted": list(part.tilted), "deductible": part.deductible, "tilt_factor": part.tilt_factor, "tilt_add": part.tilt_add,
        "low": list(part.band_low[: part.bands]), "high": list(highs), "ratio": list(part.ratio[: part.bands]),
        "first": [1] + [0] * (part.bands - 1), "from_zero": part.band_basis, "no_cap": part.tilt_removes_cap, "cap": part.cap,
    }).fetchall()  # fmt: skip
    assert len(found) > 50 and any(row[3] for row in found)
    assert [row for row in found if row[2] != row[3]] == []


@pytest.mark.parametrize("bucket", [0, 1])
def test_personal_accounts_with_every_months_credit(desk, settled, bucket):
    city, store, run = settled
    book, months = load_book(policies_root(), city), range(1, 13)
    days = [20230001 + 100 * month for month in months]
    younger, older, retired = ([term(day) for day in days] for term in (
        lambda day: rates(book, day, age=30), lambda day: rates(book, day, age=60), lambda day: retiree_terms(book, day)))  # fmt: skip
    terms = {"month": list(months), "floor": [one.floor for one in younger], "cap": [one.cap for one in younger],
             "younger": [one.to_account for one in younger], "older": [one.to_account for one in older],
             "amount": [one.amount for one in retired], "share": [one.share for one in retired]}  # fmt: skip
    assert plan_on(city, codes.EMPLOYEE, 20230601).account.scope == codes.ACCOUNT_ANY
    opened(desk, store, run, bucket)
    found = desk.execute(ACCOUNTS + "SELECT row, account, expected FROM bills ORDER BY row", terms).fetchall()
    assert len(found) > 1_000 and sum(row[1] for row in found) > 0
    assert [row for row in found if row[1] != row[2]] == []
    wrong = desk.execute(ACCOUNTS + """
        SELECT closing.row FROM closing JOIN there ON there.holder = closing.row AND there.month = 12
        LEFT JOIN (SELECT holder, sum(expected) AS paid FROM bills GROUP BY holder) spent ON spent.holder = closing.row
        WHERE closing.account <> money - coalesce(paid, 0)""", terms).fetchall()  # fmt: skip
    assert wrong == []
