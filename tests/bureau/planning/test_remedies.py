"""A forecast that misses, and a deviation, open work with a plan: since when, what is done about it, and that it is done in vain."""

from datetime import UTC, date, datetime

import pytest
from django.test.utils import setup_test_environment, teardown_test_environment
from django.utils import translation

from openyibao.bureau.planning import actions, alarms, deviations, queries, remedies
from openyibao.bureau.planning.actions import Paper
from openyibao.bureau.planning.board import board_of, indicators_of
from openyibao.bureau.planning.models import Task, Value
from openyibao.bureau.staff.models import Work
from openyibao.kernel.indicators.value import UNITS
from openyibao.warehouse.measure.board import MEET, MISS, UNSURE, foreseen
from openyibao.warehouse.measure.plantable import CITIES, plan_of
from signed import client_as

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
PAPER = Paper(link="https://example.org/report")
YEAR = [202300 + month for month in range(1, 13)]


@pytest.fixture(autouse=True)
def contexts():
    """Answers of the test client keep what their page was made of."""
    setup_test_environment()
    yield
    teardown_test_environment()


def value(code, month, shown, span="year", city="jingzhou"):
    """A kept value of so many hundredths of its unit."""
    unit = UNITS[indicators_of(plan_of(city))[code].quantity.unit]
    return Value(city=city, code=code, month=month, span=span, numerator=shown * unit.parts, denominator=unit.times, shown=shown,
                 how="store", digest="0" * 64, by="trial", at=NOW)


def line(code, first, step, last=None):
    """Twelve months of values on a straight line, and the year's to date; `last`: the newest one to date."""
    shown = [first + step * place for place in range(12)]
    to_date = [*shown[:-1], shown[-1] if last is None else last]
    return [value(code, month, at, span) for month, alone, so_far in zip(YEAR, shown, to_date, strict=True)
            for at, span in ((alone, "month"), (so_far, "year"))]  # fmt: skip


def falls(code="JZ-07"):
    """70 % in January, half a point less each month: 52.5 % at the end of 2025, where about 70 % is asked for."""
    return line(code, 7000, -50, last=6500)


def kept(*values):
    """Keep values in place of those that stood."""
    Value.objects.update(stands=False)
    Value.objects.bulk_create([one for many in values for one in many])
    alarms.warn(city="jingzhou", at=NOW)


def laid(code="JZ-07", **more):
    """A remedial task."""
    said = {"city": "jingzhou", "code": code, "title": "调整方案", "office": "医保局", "owner": "policy", "due": date(2026, 12, 1),
            "plan": "先测算", "by": "policy-head", "at": NOW, "remedy": True}  # fmt: skip
    return actions.task_made(**{**said, **more})


def waiting(kind="plan.forecast"):
    """The open work of a kind: its titles in both languages, by object."""
    return {one.object: (one.title, one.title_en) for one in Work.objects.filter(kind=kind, closed_at=None)}


# ---- what a forecast says of a target ----


@pytest.mark.parametrize(
    ("code", "low", "high", "says"),
    [
        ("YX-01", 9000, 9499, MISS), ("YX-01", 9000, 9500, UNSURE), ("YX-01", 9685, 9800, MEET),        # at least 95 %, was 96.85 %
        ("JZ-01", 9000, 9700, MISS), ("JZ-01", 9701, 9800, MEET),                                       # more than 97 %
        ("YX-05", 6700, 6899, MISS), ("YX-05", 6900, 7100, MEET), ("YX-05", 7101, 7300, MISS),          # about 70 %, one point either side
        ("YX-05", 6800, 7200, UNSURE),                                                                  # wrong on both sides is not wrong
        ("JZ-05", 901, 1200, MISS), ("JZ-05", 600, 900, MEET), ("JZ-05", 300, 1200, UNSURE),            # 6 to 9 months
        ("YX-17", 700, 750, MISS), ("YX-17", 751, 900, MEET),                                           # above a baseline of 7.5 %
        ("YX-02", 1, 2, ""), ("YX-T01", 0, 0, ""),                                                      # no figure; a milestone
    ],
)  # fmt: skip
def test_a_forecast_misses_where_its_whole_interval_lies_on_one_wrong_side(code, low, high, says):
    indicator = next(one for city in CITIES for one in plan_of(city).indicators if one.id == code)
    assert foreseen(indicator, low, high) == says


def test_a_trend_that_is_due_already_is_no_forecast():
    points = [value("JZ-07", 202500 + month, 6000, span) for month in range(1, 13) for span in ("month", "year")]
    row = next(one for one in board_of("jingzhou", points) if one.code == "JZ-07")
    assert row.trend is not None and row.foreseen == "" and row.state == "missed"


# ---- since when ----


def test_it_is_off_since_the_first_month_of_the_run_that_lasts():
    """Off in spring, right in June, off again from October: since October."""
    shown = [7400] * 4 + [6700] * 5 + [7400] * 3
    values = [value("JZ-07", month, at) for month, at in zip(YEAR, shown, strict=True)]
    row = remedies.with_remedies(board_of("jingzhou", values), values, [])[6]
    assert (row.code, row.off.deviation, row.off.forecast, row.off.remedy) == ("JZ-07", 202310, 0, remedies.NONE)
    with translation.override("zh-hans"):
        assert deviations.told(row)[0].words.startswith("2023-10 起重大偏离：现值 74.00 %")
        assert deviations.told(row)[0].trust == "illustrative"


def test_a_remedy_that_ended_before_the_deviation_began_was_for_another():
    def task(state, ended=None):
        """A remedial task."""
        return Task(code="JZ-07", state=state, ended_at=ended, remedy=True)

    before, after = datetime(2023, 9, 30, 4, tzinfo=UTC), datetime(2023, 10, 1, 4, tzinfo=UTC)
    assert remedies.remedy([task("done", before)], 202310) == remedies.NONE
    assert remedies.remedy([task("done", after)], 202310) == remedies.DONE
    assert remedies.remedy([task("done", after), task("doing")], 202310) == remedies.LAID
    assert remedies.remedy([], 202310) == remedies.NONE


# ---- the alarm ----


def test_a_forecast_that_misses_opens_work_and_closes_it_when_the_cause_is_gone(django_database):
    kept(falls(), falls("JZ-T02"))
    assert list(waiting()) == ["indicator/jingzhou/JZ-07"], "JZ-T02 is neither binding nor expected"
    zh, en = waiting()["indicator/jingzhou/JZ-07"]
    assert all(part in zh for part in ("JZ-07", "2025 年末预计 52.50 %（52.50 % 至 52.50 %）", "目标 70%左右", "尚无整改措施"))
    assert all(part in en for part in ("52.50 %", "at the end of 2025", "about 70.00 %", "no remedy yet"))
    kept(line("JZ-07", 6500, 14))
    assert not waiting() and Work.objects.get(kind="plan.forecast").outcome == "gone"


def test_the_work_says_whether_a_remedy_is_laid_down_and_when_it_was_in_vain(django_database):
    kept(falls())
    task = laid()
    assert waiting()["indicator/jingzhou/JZ-07"][0].endswith("已有整改任务")
    actions.task_moved(task=task, state="done", said="办完", paper=PAPER, by="policy", at=NOW)
    zh, en = waiting()["indicator/jingzhou/JZ-07"]
    assert zh.endswith("整改已办结，仍偏离") and en.endswith("the remedy is done, still off")
    actions.task_moved(task=task, state="doing", said="再办", paper=Paper(), by="policy", at=NOW)
    actions.task_moved(task=task, state="dropped", said="不办了", paper=Paper(), by="policy", at=NOW)
    assert waiting()["indicator/jingzhou/JZ-07"][0].endswith("尚无整改措施")


def test_a_title_that_would_be_too_long_keeps_its_remedy():
    """Every indicator of every plan, with figures that no plan has."""
    for city in CITIES:
        for one in plan_of(city).indicators:
            values = [value(one.id, month, 987_654_321_00, "year", city) for month in YEAR]
            row = next(row for row in board_of(city, values) if row.code == one.id)
            for alarm in alarms.ALARMS:
                zh, en = alarms.titles(alarm, row)
                assert zh.endswith("；尚无整改措施") and en.endswith("; no remedy yet") and max(len(zh), len(en)) <= 200


# ---- the pages ----


def test_the_page_of_an_indicator_that_is_off_leads_to_a_remedy_and_shows_it(django_database):
    kept(falls())
    client = client_as("policy-head")
    page = client.get("/plan/JZ-07?city=jingzhou").content.decode()
    assert "无整改" in page and "制定整改措施" in page and "起预测达不到目标：按趋势 2025 年末为 52.50 %" in page
    other = client_as("policy").get("/plan/JZ-07?city=jingzhou").content.decode()
    assert "还没有整改措施" in other and "制定整改措施" not in other
    fine = client.get("/plan/JZ-06?city=jingzhou").content.decode()
    assert "偏离与整改" not in fine

    address = "/plan/tasks/new?city=jingzhou&code=JZ-07&remedy=1"
    first = client.get(address).context["form"].initial
    assert (first["code"], first["office"], first["remedy"]) == ("JZ-07", "医保局", True)
    assert first["title"] == "整改：城乡居民医保住院政策范围内报销比例" and "预测达不到目标" in first["plan"]
    given = {**first, "owner": "policy", "due": "2026-12-01"}
    assert client.post(address, {**given, "code": ""}).status_code == 400, "a remedy names its indicator"
    assert client.post(address, given).status_code == 302
    task = Task.objects.get()
    assert task.remedy and task.office == "医保局"

    page = client.get("/plan/JZ-07?city=jingzhou").content.decode()
    assert "有整改" in page and "周明远" in page and "再定一项整改措施" in page
    client.post(f"/plan/tasks/{task.pk}", {"state": "done", "said": "办完", "link": "https://example.org/a"})
    page = client.get("/plan/JZ-07?city=jingzhou").content.decode()
    assert "整改已办结，仍偏离" in page and "已办结的整改没有消除偏离" in page


def test_the_board_marks_rows_that_are_off_and_is_filtered_by_their_remedies(django_database):
    kept(falls(), line("JZ-06", 9000, 0))
    client = client_as("auditor")

    def codes(remedy):
        """The rows that a filter leaves."""
        return [row.code for row in client.get(f"/plan/?city=jingzhou&remedy={remedy}").context["sheet"].rows]

    assert codes("remedy.none") == ["JZ-06", "JZ-07"] and codes("remedy.laid") == []
    laid("JZ-06")
    assert codes("remedy.none") == ["JZ-07"] and codes("remedy.laid") == ["JZ-06"]
    text = b"".join(client.get("/plan/?city=jingzhou&export=csv&remedy=remedy.laid").streaming_content).decode("utf-8-sig")
    assert text.count("\n") == 2 and "有整改" in text and "2023-01" in text
    tasks = client.get("/plan/tasks?city=jingzhou&remedy=1").content.decode()
    assert "共 1 条" in tasks and "整改任务" in tasks


def test_a_row_of_the_board_and_the_page_of_its_indicator_say_the_same(django_database):
    kept(falls(), line("JZ-06", 9000, 0))
    laid("JZ-06")
    for row in queries.board("jingzhou"):
        alone = queries.row("jingzhou", row.code, queries.values_of("jingzhou", row.code), queries.tasks_of("jingzhou", row.code))
        assert (alone.state, alone.forecast(), alone.off) == (row.state, row.forecast(), row.off), row.code
