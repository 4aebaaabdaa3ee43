"""Every reviewed question answers what plain arithmetic over the arrays answers, over mapped files and over Parquet alike."""

import csv
from collections import Counter, defaultdict
from itertools import groupby

import numpy as np
import openpyxl
import pytest

from openyibao.warehouse.questions import showing
from openyibao.warehouse.questions.asking import QuestionProblem, opened
from openyibao.warehouse.questions.views import GATHERED
from openyibao.warehouse.questions.written import UnknownQuestion, question, questions, read_question
from openyibao.warehouse.tables.exchange import exchange
from openyibao.warehouse.tables.store import PARQUET, Store, StoreProblem
from warehouse.made_store import made_store

YEARS = (2022, 2023)
GIVEN = {"growth": {"from": 2022, "to": 2023}, "diseases": {"rare": 30_000, "common": 35_000}}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return made_store(tmp_path_factory.mktemp("made"), people=300, years=YEARS, seed=3)


@pytest.fixture(scope="module")
def parquet(made, tmp_path_factory):
    store = Store(tmp_path_factory.mktemp("parquet"), PARQUET)
    exchange(made, store, None, lambda done, total: None)
    return store


@pytest.fixture(scope="module")
def bills(made):
    """Every bill with its result as a dict, by NumPy alone."""
    found = []
    registers = {name: made.arrays(name) for name in ("institution", "town", "diagnosis")}
    for year in YEARS:
        for bucket in made.buckets("bill", year):
            bill, result, holder = (made.arrays(name, year, bucket) for name in ("bill", "result", "holder"))
            person = made.arrays("person", None, bucket)
            columns = {**bill, **{f"r_{name}": column for name, column in result.items()}}
            columns["town"] = holder["town"][bill["holder"]]
            columns["born"] = person["born"][bill["person"] - person["person"][0]]
            columns["county"] = registers["town"]["county"][columns["town"]]
            columns["away"] = registers["institution"]["place"][bill["institution"]]
            place = registers["institution"]["town"][bill["institution"]]
            columns["at_county"] = np.where(place < 0, 0, registers["town"]["county"][np.maximum(place, 0)])
            names = list(columns)
            rows = zip(*(columns[name].tolist() for name in names), strict=True)
            found += [{**dict(zip(names, row, strict=True)), "year": year} for row in rows]
    return found


@pytest.fixture(scope="module")
def desk(made):
    with opened(made, YEARS) as one:
        yield one


def month_of(bill):
    return bill["day"] // 100 % 100


def settled(bills):
    return [bill for bill in bills if bill["r_outcome"] == 0]


@pytest.mark.parametrize("name", sorted(questions()))
def test_the_head_of_a_question_names_its_columns_and_both_forms_agree(name, desk, parquet):
    asked = question(name)
    answer = desk.ask(name, **GIVEN.get(name, {}))
    assert answer.column_names == [column.name for column in asked.columns]
    assert answer.num_rows > 0 and not any(column.null_count for column in answer.columns)
    with opened(parquet, YEARS) as other:
        assert other.ask(name, **GIVEN.get(name, {})).to_pylist() == answer.to_pylist()


def test_monthly_sums(desk, bills):
    found = {(row["year"], row["month"], row["scheme"], row["kind"], row["level"]): row for row in desk.ask("monthly").to_pylist()}
    groups = defaultdict(list)
    for bill in bills:
        groups[bill["year"], month_of(bill), bill["scheme"], bill["kind"], bill["level"]].append(bill)
    assert found.keys() == groups.keys()
    for key, group in groups.items():
        fine, row = settled(group), found[key]
        assert (row["bills"], row["refused"]) == (len(fine), len(group) - len(fine))
        assert row["persons"] == len({bill["person"] for bill in fine})
        assert row["total"] == sum(bill["total"] for bill in fine) == row["fund"] + row["account"] + row["cash"] + row["hospital"]
        assert row["pool"] == sum(bill["r_pool"] for bill in fine)


def test_flows_follow_patients_and_their_money(desk, bills):
    found = {(row["year"], row["quarter"], row["county"], row["place"]): row for row in desk.ask("flows").to_pylist()}
    groups = defaultdict(list)
    for bill in settled(bills):
        groups[bill["year"], (month_of(bill) + 2) // 3, bill["county"], bill["away"] or bill["at_county"]].append(bill)
    assert found.keys() == groups.keys()
    for key, group in groups.items():
        row = found[key]
        assert (row["bills"], row["persons"]) == (len(group), len({bill["person"] for bill in group}))
        assert row["total"] == sum(bill["total"] for bill in group) and row["fund"] == sum(bill["r_fund"] for bill in group)
        assert row["outside"] == int(group[0]["away"] != 0)
    for _, rows in groupby(desk.ask("flows").to_pylist(), key=lambda row: (row["year"], row["quarter"], row["county"])):
        assert abs(sum(row["money_share"] for row in rows) - 10_000) <= 2


def test_diseases_that_leave_the_city(desk, made, bills):
    codes = made.arrays("diagnosis")["code"]
    stays = Counter((bill["year"], (month_of(bill) + 2) // 3, codes[bill["diagnosis"]], bill["away"] != 0)
                    for bill in settled(bills) if bill["kind"] in (5, 6))
    for row in desk.ask("leaving", top=100).to_pylist():
        key = (row["year"], row["quarter"], row["code"])
        assert row["left_stays"] == stays[*key, True] > 0 and row["stays"] == stays[*key, True] + stays[*key, False]
    assert len(desk.ask("leaving", top=1)) <= 8


def test_the_map_of_diseases(desk, made, bills):
    people = Counter()
    for year in YEARS:
        for bucket in made.buckets():
            people[year] += len(set(made.arrays("holder", year, bucket)["person"].tolist()))
    codes = made.arrays("diagnosis")["code"]
    for row in desk.ask("diseases", **GIVEN["diseases"]).to_pylist():
        mine = [bill for bill in settled(bills) if bill["year"] == row["year"] and codes[bill["diagnosis"]] == row["code"]]
        by_person = Counter()
        for bill in mine:
            by_person[bill["person"]] += bill["total"]
        assert (row["bills"], row["persons"], row["most"]) == (len(mine), len(by_person), max(by_person.values()))
        assert row["person"] == sum(bill["r_person"] for bill in mine)
        assert row["outside"] == sum(bill["full"] + bill["over"] for bill in mine)
        share = len(by_person) * 100_000 / people[row["year"]]
        assert row["frequency"] == (1 if share <= 30_000 else 3 if share >= 35_000 else 2)


def test_institutions_by_money(desk, made, bills):
    codes = made.arrays("institution")["code"]
    for year, rows in groupby(desk.ask("institutions", top=4).to_pylist(), key=lambda row: row["year"]):
        spent = Counter()
        for bill in settled(bills):
            if bill["year"] == year:
                spent[str(codes[bill["institution"]])] += bill["r_fund"]
        best = sorted(spent.items(), key=lambda pair: (-pair[1], pair[0]))[:4]
        assert [(row["code"], row["fund"]) for row in rows] == best


def test_the_causes_of_growth_sum_exactly_to_it(desk, bills):
    rows = desk.ask("growth", **GIVEN["growth"]).to_pylist()
    for scheme in (1, 2):
        parts = {row["cause"]: row["fen"] for row in rows if row["scheme"] == scheme}
        change = sum((1 if bill["year"] == 2023 else -1) * bill["r_fund"] for bill in bills if bill["scheme"] == scheme)
        assert sum(parts[cause] for cause in (1, 2, 3, 4)) == parts[5] == change
    with pytest.raises(QuestionProblem, match="needs from, to"):
        desk.ask("growth")


def test_fund_income_and_outgo(desk, made, bills):
    rows = desk.ask("fund").to_pylist()
    outgo, income, credited, retired = Counter(), Counter(), Counter(), Counter()
    for bill in bills:
        outgo[bill["year"], 1 if bill["scheme"] == 1 else 2] += bill["r_pool"]
        outgo[bill["year"], 3] += bill["r_account"] + bill["r_family"]
    for year in YEARS:
        for bucket in made.buckets():
            paid, holder, closing = (made.arrays(name, year, bucket) for name in ("contribution", "holder", "closing"))
            for scheme in (1, 2):
                mine = (paid["scheme"] == scheme) & (paid["state"] != 3)
                names = ("employer_part", "person_part", "subsidy", "aided")
                income[year, scheme] += int(sum(paid[name][mine].sum() for name in names))
            spent = np.zeros(len(holder["person"]), np.int64)
            bill, result = made.arrays("bill", year, bucket), made.arrays("result", year, bucket)
            np.add.at(spent, bill["holder"], result["account"].astype(np.int64))
            fen = np.where(holder["scheme"] == 1, closing["account"] - holder["account"] + spent, 0)
            credited[year] += int(fen.sum())
            retired[year] += int(fen[holder["status"] == 1].sum())
    for year in YEARS:
        found = {fund: (sum(row["income"] for row in rows if (row["year"], row["fund"]) == (year, fund)),
                        sum(row["outgo"] for row in rows if (row["year"], row["fund"]) == (year, fund))) for fund in (1, 2, 3)}
        assert found[1] == (income[year, 1] - (credited[year] - retired[year]), outgo[year, 1] + retired[year])
        assert found[2] == (income[year, 2], outgo[year, 2])
        assert found[3] == (credited[year], outgo[year, 3])
    for _, group in groupby(rows, key=lambda row: (row["year"], row["fund"])):
        running = 0
        for row in group:
            running += row["income"] - row["outgo"]
            assert row["running"] == running


def test_settled_has_the_person_and_the_place_of_every_bill(desk, bills):
    named = ("bill", "born", "county", "institution_place", "institution_county", "month")
    others = sorted(set(GATHERED) - set(named))
    rows = desk.sql(f"SELECT {', '.join([*named, *others])} FROM settled ORDER BY year, bucket, row").to_pylist()
    expected = [
        (bill["bill"], bill["born"], bill["county"], bill["away"], bill["at_county"], month_of(bill)) for bill in bills
    ]
    assert [tuple(row[name] for name in named) for row in rows] == expected


def test_a_run_takes_the_place_of_the_recorded_results(made, tmp_path):
    run = Store(tmp_path / "run")
    for year in YEARS:
        for bucket in made.buckets("bill", year):
            result = made.arrays("result", year, bucket)
            run.write("result", {**result, "cash": result["cash"] * 0 + 7}, year, bucket)
    with opened(made, YEARS, run.root) as desk:
        assert desk.sql("SELECT min(paid_cash) AS low, max(paid_cash) AS high FROM settled").to_pylist() == [{"low": 7, "high": 7}]
        assert desk.sql("SELECT max(cash) AS high FROM result").to_pylist() == [{"high": 7}]
    (run.path("result", 2023, 1)).unlink()
    with opened(made, YEARS, run.root) as desk, pytest.raises(StoreProblem, match="year=2023"):
        desk.sql("SELECT count(*) FROM settled")


def test_planted_faults_are_not_to_be_seen_unless_asked_for(made):
    with opened(made, (2023,)) as desk, pytest.raises(QuestionProblem, match="fault"):
        desk.sql("SELECT count(*) FROM fault")
    with opened(made, (2023,), truth=True) as desk:
        assert desk.sql("SELECT count(*) AS n FROM fault").to_pylist()[0]["n"] > 0


def test_what_cannot_be_asked_is_told(made, desk):
    with pytest.raises(StoreProblem, match=r"no bills of 2019 \(years here: 2022, 2023\)"), opened(made, (2019,)):
        pass
    with pytest.raises(UnknownQuestion, match="monthly"):
        desk.ask("monthy")
    with pytest.raises(QuestionProblem, match="takes no year"):
        desk.ask("monthly", year=2022)
    with pytest.raises(QuestionProblem, match="needs day"):
        desk.sql("SELECT $day")
    with pytest.raises(QuestionProblem, match="nonsense"):
        desk.sql("SELECT nonsense FROM settled")
    with pytest.raises(ValueError, match="line 3: unit furlongs"):
        read_question("x", "-- 题 | title\n-- grain: one\n-- column a furlongs 长 | length\nSELECT 1")


def test_an_answer_is_written_in_yuan_in_either_language(desk, tmp_path):
    asked, answer = question("institutions"), desk.ask("institutions", top=3)
    assert showing.heads(asked.columns, "zh")[8] == "医疗费总额（元）" and showing.heads(asked.columns, "en")[8] == "total, yuan"
    showing.write_csv(tmp_path / "a.csv", answer, asked.columns, "zh")
    rows = list(csv.DictReader((tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()))
    first = answer.to_pylist()[0]
    assert rows[0]["医疗费总额（元）"] == f"{first['total'] / 100:.2f}" and len(rows) == answer.num_rows
    showing.write_xlsx(tmp_path / "a.xlsx", answer, asked.columns, "en", asked.en)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet["I1"].value == "total, yuan" and sheet["I2"].value == first["total"] / 100
    assert showing.shown(-5, "fen", "zh") == "-0.05" and showing.shown(1234, "rate", "en") == "12.34%"
    assert showing.shown(1, "code:scheme", "zh") == "职工" and showing.guarded("=1+1") == "'=1+1"
