"""The funds' sheets, counted again by hand: what arrived when, what was paid from which fund, what moved to the accounts, what is left."""

from collections import Counter

import pytest

from openyibao.kernel.codes import EMPLOYEE, RESIDENT
from openyibao.kernel.indicators.listed import QUANTITIES
from openyibao.kernel.indicators.value import Value, shown
from openyibao.kernel.ledger import ACCOUNT, AID, CATASTROPHIC, CIVIL, EMPLOYEE_POOL, LARGE, MATERNITY, RESIDENT_FUND, fund_pays
from openyibao.kernel.receipt import Receipt
from openyibao.warehouse.measure.fund_names import FUNDS
from openyibao.warehouse.measure.funds import INCOME, OUTGO, POOL, TRANSFER, Line, insurer_lines, merged, reserve
from openyibao.warehouse.measure.measuring import Survey
from openyibao.warehouse.measure.period import Period
from openyibao.warehouse.measure.place import City, premium_per_head
from openyibao.warehouse.measure.shown import sheet_records
from warehouse.measure.plain import Tables, tables_of

LAST = 202312
PARTS = ("employer_part", "person_part", "subsidy", "aided")


@pytest.fixture(scope="module")
def tables(rough: City) -> Tables:
    return tables_of(rough.store, rough.book)


def arrivals(row, name):
    """{month of arrival: fen} of a part of a contribution run."""
    if row["state"] == 3 or row["paid_on"] == 0:
        return {}
    year, part = row["year"], row[name]
    if row["scheme"] == EMPLOYEE and row["state"] in (1, 4):
        upto = [part * month // row["months"] for month in range(row["months"] + 1)]
        return {year * 100 + row["first_month"] + month: upto[month + 1] - upto[month] for month in range(row["months"])}
    return {max(year * 100 + 1, row["paid_on"] // 100): part}


def income_by_hand(tables: Tables) -> Counter:
    found = Counter()
    for row in tables.contribution:
        fund = EMPLOYEE_POOL if row["scheme"] == EMPLOYEE else RESIDENT_FUND
        for name in (*PARTS, "large", "supplement"):
            for month, fen in arrivals(row, name).items():
                if month <= LAST:
                    found[{"large": LARGE, "supplement": CIVIL}.get(name, fund), month] += fen
    return found


def test_income_is_what_arrived_by_fund_and_month(survey: Survey, tables: Tables):
    sheets, byhand = survey.books(LAST), income_by_hand(tables)
    assert any(row["state"] == 2 and row["paid_on"] // 10_000 > row["year"] for row in tables.contribution)     # paid in the next year
    for fund in (EMPLOYEE_POOL, RESIDENT_FUND, LARGE, CIVIL):
        for month in (*range(202201, 202213), *range(202301, 202313)):
            assert sheets.total((fund,), INCOME, month, month) == byhand[fund, month], (fund, month)


def test_outgo_is_what_the_kernel_s_ledger_books(survey: Survey, tables: Tables):
    sheets, byhand = survey.books(LAST), Counter()
    for row in tables.bill:
        receipt = Receipt(scheme=row["scheme"], kind=row["kind"], **row["paid"])
        for fund, fen in fund_pays(receipt):
            byhand[fund, row["day"] // 100] += fen
    assert {fund for fund, _ in byhand} <= set(FUNDS)
    for (fund, month), fen in byhand.items():
        lines = [line for line in sheets.lines if line.fund == fund and line.side == OUTGO and line.month == month]
        assert sum(line.fen for line in lines if line.item not in ("insurer", "enrolment_aid")) == fen, (fund, month)


def test_aid_pays_the_premiums_that_the_resident_fund_receives(survey: Survey):
    sheets = survey.books(LAST)
    received = sum(line.fen for line in sheets.lines if (line.fund, line.item) == (RESIDENT_FUND, "aided"))
    paid = sum(line.fen for line in sheets.lines if (line.fund, line.item) == (AID, "enrolment_aid"))
    assert received == paid > 0


def test_credits_leave_the_pool_and_explain_the_accounts(survey: Survey, tables: Tables):
    sheets = survey.books(LAST)
    for year in (2022, 2023):
        holders = [row for row in tables.holder if row["year"] == year]
        grown = sum(row["closing"]["account"] - row["account"] for row in holders)
        used = sum(row["paid"]["account"] for row in tables.bill if row["at"][0] == year)
        first, last = year * 100 + 1, year * 100 + 12
        assert sheets.total((ACCOUNT,), TRANSFER, first, last) == grown + used > 0
        assert sheets.total((ACCOUNT, EMPLOYEE_POOL), TRANSFER, first, last) == 0


def test_the_insurer_s_premium_is_paid_for_every_resident_paid_for(survey: Survey, tables: Tables):
    sheets, head = survey.books(LAST), premium_per_head(survey.city.book, 2023)
    heads = {row["person"] for row in tables.contribution
             if row["year"] == 2023 and row["scheme"] == RESIDENT and row["state"] != 3 and row["paid_on"]}
    assert sheets.premiums[2023] == head
    assert [line for line in sheets.lines if line.item == "insurer" and line.month == 202301] == [
        Line(202301, RESIDENT_FUND, OUTGO, "insurer", len(heads) * head)]


def test_without_a_premium_the_payments_stand_in(survey: Survey):
    paid = [Line(202302, fund, OUTGO, item, fen) for fund, item, fen in (
        (CATASTROPHIC, "kind:5", 700), (CATASTROPHIC, "kind:6", 300), (LARGE, "kind:5", 9))]
    assert insurer_lines(survey.desk, Period(2023, 1, 12), None, paid) == [
        Line(202302, RESIDENT_FUND, OUTGO, "stand_in", 1_000), Line(202302, CATASTROPHIC, INCOME, "stand_in", 1_000)]


def test_lines_of_the_same_item_are_one():
    assert merged([Line(1, "a", INCOME, "x", 2), Line(1, "a", INCOME, "x", 3), Line(2, "a", INCOME, "x", 5)]) == [
        Line(1, "a", INCOME, "x", 5), Line(2, "a", INCOME, "x", 5)]


@pytest.mark.parametrize("month", [202203, 202212, 202307, 202312])
def test_a_reserve_is_the_opening_and_all_that_came_and_went(survey: Survey, month):
    sheets, city = survey.books(LAST), survey.city
    found = reserve(sheets, city, (EMPLOYEE_POOL, RESIDENT_FUND), month)
    funds = (*POOL, RESIDENT_FUND)
    moved = {side: sum(line.fen for line in sheets.lines if line.fund in funds and line.side == side and line.month <= month)
             for side in (INCOME, OUTGO, TRANSFER)}
    assert found.balance == 2 * 10**10 + moved[INCOME] + moved[TRANSFER] - moved[OUTGO]
    assert found.months == (3 if month == 202203 else 12)
    assert found.value == Value(found.balance * found.months, found.outgo)
    alone = [reserve(sheets, city, (fund,), month) for fund in (EMPLOYEE_POOL, RESIDENT_FUND)]
    assert sum(one.balance for one in alone) == found.balance
    assert MATERNITY in POOL


def test_no_opening_balance_no_reserve(survey: Survey):
    assert reserve(survey.books(LAST), survey.city._replace(balances={}), (EMPLOYEE_POOL,), LAST) is None
    assert reserve(survey.books(LAST)._replace(credited=False), survey.city, (EMPLOYEE_POOL,), LAST) is None
    assert reserve(survey.books(LAST)._replace(credited=False), survey.city, (RESIDENT_FUND,), LAST) is not None


def test_income_and_outgo_of_the_year_are_the_sheet_s_and_the_listed_rows(survey: Survey):
    whole = Period(2023, 1, 12)
    income, outgo = (survey.answer(QUANTITIES[code], whole) for code in ("basic_income", "basic_outgo"))
    sheets = survey.books(LAST)
    assert income.numerator == sheets.total((*POOL, RESIDENT_FUND, ACCOUNT), INCOME, 202301, LAST)
    assert income.numerator == sum(survey.rows(income.quantity, whole).read_all().column("numerator").to_pylist())
    listed = sum(survey.rows(outgo.quantity, whole).read_all().column("numerator").to_pylist())
    assert outgo.numerator - listed == sum(line.fen for line in sheets.lines if line.item == "insurer" and line.month // 100 == 2023)
    assert income.value == Value(income.numerator * 1_000, 500)          # half the city: grossed up, and said
    assert "grossed up" in income.notes[0][1]


def test_months_payable_and_strain_are_answered_with_their_level(survey: Survey):
    whole = Period(2023, 1, 12)
    for code, funds in (("employee_months", (EMPLOYEE_POOL,)), ("pooled_months", (EMPLOYEE_POOL, RESIDENT_FUND))):
        answer = survey.answer(QUANTITIES[code], whole)
        assert answer.value == reserve(survey.books(LAST), survey.city, funds, LAST).value
        assert answer.level
        assert any("illustrative" in en for _, en in answer.notes)
    strain = survey.answer(QUANTITIES["resident_strain"], whole)
    assert strain.value == Value(strain.numerator, strain.denominator)
    assert strain.denominator == survey.books(LAST).total((RESIDENT_FUND,), OUTGO, 202301, LAST)


def test_a_sheet_s_months_sum_and_its_end_is_the_reserve(survey: Survey):
    records = sheet_records(survey.books(LAST), survey.city, 202304, 202306, "en")
    for record in records:
        months = [record[f"2023-{month:02d}"] for month in (4, 5, 6)]
        if record["item"] in ("balance at the end", "months payable"):
            assert record["sum or end"] == months[-1]
        else:
            assert record["sum or end"] == pytest.approx(sum(months))
    ends = {(record["fund"], record["item"]): record["sum or end"] for record in records}
    found = reserve(survey.books(LAST), survey.city, (RESIDENT_FUND,), 202306)
    assert ends["resident fund", "balance at the end"] == found.balance / 100
    assert ends["resident fund", "months payable"] == shown(found.value, "months") / 100
