"""The mid-term evaluation and the yearly report (L04): the month evaluated, the board's own words, offices, deviations with remedies."""

import io
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from openpyxl import load_workbook

from openyibao.bureau.planning import actions, midterm, yearly
from openyibao.bureau.planning.actions import Paper
from openyibao.bureau.planning.board import indicators_of
from openyibao.bureau.planning.models import Milestone, Task, Value
from openyibao.kernel.indicators.value import UNITS
from openyibao.warehouse.measure.plantable import CITIES, plan_of
from signed import client_as

pytestmark = pytest.mark.usefixtures("django_database")
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
TODAY = date(2026, 3, 2)
PAPER = Paper(link="https://example.org/report")


@pytest.fixture(autouse=True)
def chinese():
    """What is read here without a page is in Chinese."""
    with translation.override("zh-hans"):
        yield


def kept(code, months, city="jingzhou"):
    """Keep values: month -> hundredths of the unit; as those of the month alone too."""
    unit = UNITS[indicators_of(plan_of(city))[code].quantity.unit]
    Value.objects.bulk_create(
        Value(city=city, code=code, month=month, span=span, numerator=shown * unit.parts, denominator=unit.times, shown=shown, how="store",
              digest="0" * 64, by="trial", at=NOW)
        for month, shown in months.items() for span in ("year", "month")
    )  # fmt: skip


def cells(report, title, code):
    """The cells of a row of one of a report's tables, by their heads."""
    part = next(part for part in report.parts if part.title == title)
    return next(dict(zip(part.heads, row, strict=True)) for row in part.rows if row[0] == code)


def test_the_middle_of_every_plan_is_the_end_of_2023_or_the_newest_month_if_that_is_earlier():
    assert {midterm.middle(plan_of(city)) for city in CITIES} == {202312}
    plan = plan_of("jingzhou")
    assert midterm.evaluated(plan, []) == 202312
    assert midterm.evaluated(plan, [202412, 202312]) == 202312
    assert midterm.evaluated(plan, [202306, 202212]) == 202306


def test_each_indicator_is_told_with_path_verdict_and_forecast_at_the_evaluated_month():
    kept("JZ-01", {202012: 9665, 202112: 9600})
    kept("JZ-07", {202300 + month: 7000 - 50 * (month - 1) for month in range(1, 13)} | {202406: 9000})
    kept("JZ-15", {202212: 7500})
    report = midterm.made("jingzhou", 202312, TODAY)
    row = cells(report, "指标表", "JZ-07")
    assert (row["现值"], row["路径应为"]) == ("64.50\u00a0%\n(2023-12)", "68.00\u00a0%"), "65 in 2020, 70 in 2025; nothing of 2024"
    assert row["状态"] == "落后于进度 · 预测不达标 · 偏离路径 2.50 个百分点" and "示例值" in row["目标"]
    assert row["按趋势到期"].splitlines()[0] == "52.50\u00a0%" and row["按趋势到期"].endswith("预测达不到目标")
    fallen = cells(report, "指标表", "JZ-01")
    assert fallen["现值"].endswith("(2021-12)") and fallen["路径应为"] == "96.72\u00a0%"
    assert fallen["状态"].startswith("落后于进度 · 偏离路径 0.72")
    waiting = cells(report, "指标表", "JZ-13")
    assert (waiting["状态"], waiting["现值"], waiting["路径应为"], waiting["按趋势到期"]) == ("待数据", "—", "100.00\u00a0%", "")
    assert any("最早 2021-12，最晚 2023-12" in line for line in report.sums), "which months the values are of"
    assert "2026-03-02" in report.day and "示例值" in report.foot
    early = midterm.made("jingzhou", 202112, TODAY)
    assert cells(early, "指标表", "JZ-07")["状态"] == "待数据" and "现值均截至 2021-12。" in early.sums


def test_the_offices_counts_are_those_of_the_plan_the_tasks_and_the_milestones():
    kept("JZ-02", {202312: 10000})
    later, early = date(2026, 12, 1), date(2025, 1, 1)
    for office, due, state in (("医保局", later, "open"), ("医保局", early, "doing"), ("医保局", early, "done"),
                               ("医保局", early, "dropped"), ("民政、医保", early, "open")):
        Task.objects.create(city="jingzhou", title="任务", office=office, due=due, state=state, made_by="policy-head", made_at=NOW)
    for due, reached in ((early, None), (early, date(2024, 12, 1)), (later, None)):
        Milestone.objects.create(city="jingzhou", title="里程碑", due=due, office="医保局", reached_on=reached)
    report = midterm.made("jingzhou", 202312, TODAY)
    bureau = list(cells(report, "按责任部门", "医保局").values())
    assert bureau[1] == str(sum("医保局" in one.offices for one in plan_of("jingzhou").indicators))
    assert bureau[3:] == ["3", "1", "1", "3", "1", "1"], "a dropped task counts nowhere"
    civil = list(cells(report, "按责任部门", "民政").values())
    assert civil[1:] == ["1", "已达标 1", "1", "0", "1", "0", "0", "0"]
    short = list(cells(report, "按责任部门", "医保").values())
    assert short[1] == str(sum("医保" in one.offices for one in plan_of("jingzhou").indicators)) and short[3] == "1", "not those of 医保局"
    yuxi = next(part for part in midterm.made("yuxi", 202312, TODAY).parts if part.title == "按责任部门")
    assert [row[:2] for row in yuxi.rows] == [["未注明", "29"]], "Yuxi's plan names no offices"


def test_deviations_stand_in_both_reports_with_their_remedies():
    kept("YX-07", {202112: 7400, 202212: 6600, 202312: 6100}, "yuxi")
    task = actions.task_made(city="yuxi", code="YX-07", title="合同重谈", office="医保局", owner="", due=date(2026, 12, 1), plan="",
                             by="policy-head", at=NOW, remedy=True)
    for report in (midterm.made("yuxi", 202312, TODAY), yearly.made("yuxi", 2023, TODAY)):
        row = cells(report, "偏离与整改", "YX-07")
        assert row["偏离"].startswith("2022-12 起重大偏离：现值 61.00 %") and row["整改"] == "有整改"
        assert row["整改任务"] == "合同重谈 · 医保局 · 2026-12-01 · 待办"
        assert any("重大偏离 1 项" in line and "无整改 0 项" in line for line in report.sums)
    actions.task_moved(task=task, state="done", said="办完", paper=PAPER, by="policy-head", at=NOW)
    assert cells(yearly.made("yuxi", 2023, TODAY), "偏离与整改", "YX-07")["整改"] == "整改已办结，仍偏离"
    assert not next(part for part in yearly.made("yuxi", 2021, TODAY).parts if part.title == "偏离与整改").rows


def test_the_evaluation_is_a_page_a_workbook_and_a_paper_in_both_languages():
    kept("JZ-07", {202300 + month: 7000 - 50 * (month - 1) for month in range(1, 13)} | {202406: 6900})
    client = client_as("policy", language="en")
    page = client.get("/plan/evaluation?city=jingzhou").content.decode()
    assert "Mid-term evaluation of the plan, to 2023-12" in page and "All values are to 2023-12." in page and "By duty office" in page
    assert '<option value="202406">' in page and "(2024-06)" not in page
    later = client.get("/plan/evaluation?city=jingzhou&month=202406").content.decode()
    assert "Mid-term evaluation of the plan, to 2024-06" in later and "(2024-06)" in later
    without = client.get("/plan/evaluation?city=jingzhou&month=199901").content.decode()
    assert "to 2023-12" in without, "a month without values is not chosen"
    answer = client.get("/plan/evaluation?city=jingzhou&month=202406&form=xlsx")
    assert "JZ-2024-06.xlsx" in answer["Content-Disposition"]
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.sheetnames == ["Indicators", "By duty office", "Deviations and remedies", "Milestones", "Tasks", "Note"]
    assert book["By duty office"].cell(2, 2).value == sum("医保局" in one.offices for one in plan_of("jingzhou").indicators)
    assert book["Deviations and remedies"].cell(2, 1).value == "JZ-07"
    chinese = client_as("policy")
    assert "规划中期评估：截至 2023-12" in chinese.get("/plan/evaluation?city=jingzhou").content.decode()
    assert b"".join(chinese.get("/plan/evaluation?city=jingzhou&form=pdf").streaming_content).startswith(b"%PDF-")
    assert "偏离与整改" in chinese.get("/plan/report?city=jingzhou").content.decode()
    assert "到评估月份还没有值" in chinese.get("/plan/evaluation?city=wuhan").content.decode()
    assert client_as("first").get("/plan/evaluation").status_code == 403


def test_the_reports_ask_few_questions_however_much_is_off():
    for code in ("JZ-06", "JZ-07"):
        kept(code, {202300 + month: 9000 for month in range(1, 13)})
        for number in range(5):
            actions.task_made(city="jingzhou", code=code, title=f"整改 {number}", office="医保局", owner="policy", due=date(2026, 12, 1),
                              plan="", by="policy-head", at=NOW, remedy=True)
    client = client_as("policy-head")
    for address in ("/plan/evaluation?city=jingzhou", "/plan/report?city=jingzhou", "/plan/?city=jingzhou", "/plan/JZ-06?city=jingzhou",
                    "/plan/tasks?city=jingzhou", "/plan/tasks/new?city=jingzhou&code=JZ-06&remedy=1"):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        assert len(asked) <= 25, (address, len(asked))
