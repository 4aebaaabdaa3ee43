"""The planning desk's lists 规划指标列表: the board as a page and as a file, tasks, the rows behind a figure."""

from typing import Any

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from openyibao.bureau.pages.listing import Column, Filter, Listing, equals, holds, since, until
from openyibao.bureau.pages.tags import TAGS
from openyibao.bureau.pages.templatetags.parts import tag, trust_mark
from openyibao.bureau.planning.board import Row, tolerance_words
from openyibao.bureau.planning.drawn import path_drawing
from openyibao.bureau.policydesk.shelf import books
from openyibao.bureau.staff.queries import officer, with_names
from openyibao.kernel.indicators.quantity import FEEDS
from openyibao.kernel.indicators.reserve import WORDS as LEVELS
from openyibao.kernel.indicators.value import UNITS
from openyibao.warehouse.measure import wording as words
from openyibao.warehouse.measure.plantable import BASIS, BINDING, CITIES, plan_of

STATES = (
    ("reached", _("已达标")), ("on_path", _("在进度线上")), ("behind", _("落后于进度")), ("below_baseline", _("达标但低于基期")),
    ("above_band", _("高于目标区间")), ("below_band", _("低于目标区间")), ("not_yet", _("尚未达到")), ("missed", _("未达标")),
    ("no_figure", _("只列出")), ("no_answer", _("待数据")),
)  # fmt: skip
FORESEEN = {"miss": _("预测达不到目标"), "meet": _("预测达到目标"), "unsure": _("尚不能断定")}
REMEDIES = (("remedy.none", _("无整改")), ("remedy.laid", _("有整改")), ("remedy.done", _("整改已办结，仍偏离")))
YES_NO = (("1", _("是")), ("0", _("否")))
KINDS = (("table", _("规划指标表")), ("text", _("规划正文")), ("watched", _("监测指标")))
BOUND = (("约束性", _("约束性")), ("预期性", _("预期性")), ("-", _("未注明")))
FED = (("1", _("可计算")), ("0", _("待数据来源")))
TASK_STATES = (("open", _("待办")), ("doing", _("进行中")), ("done", _("已完成")), ("dropped", _("已取消")))


def lang() -> str:
    """The page's language, zh or en."""
    return "en" if (translation.get_language() or "").startswith("en") else "zh"


def month_words(month: int) -> str:
    """yyyymm as 2023-12."""
    return f"{month // 100}-{month % 100:02d}" if month else ""


def name_cell(row: Row) -> SafeString:
    """The indicator's name, its formula in words below it."""
    return format_html('<span class="indicator-name">{}</span><small class="formula">{}</small>', row.name(lang()),
                       row.quantity.formula(lang()))


def value_cell(row: Row) -> SafeString:
    """The value and its month; a reserve with its level."""
    if row.shown is None:
        return SafeString("—")
    level = words.pick(LEVELS[row.value.level], lang()) if row.value is not None and row.value.level in LEVELS else ""
    hand = now("手工填报") if row.value is not None and row.value.how == "hand" else ""
    return format_html('<strong class="figure">{}</strong><small class="formula">{}</small>', row.value_words(lang()),
                       " · ".join(filter(None, (month_words(row.month), level, hand))))


def target_cell(row: Row) -> SafeString:
    """The target, with the tolerance that "about" is given, and its mark."""
    held = tolerance_words(row, lang())
    mark: Any = ""
    if held is not None:
        mark = format_html('<small class="formula">{} {}</small>', now("容差 %(figure)s") % {"figure": held[0]}, trust_mark(held[1]))
    return format_html('<span class="target-words">{}</span>{}', row.target_words(lang()), mark)


def state_cell(row: Row) -> SafeString:
    """The state with the marks beside it; how far it fell below its baseline or lies off its path."""
    if row.watched:
        return SafeString("")
    return format_html('<span class="state-words">{}<small class="formula">{}</small></span>', tags(row.state, *marks(row)), off_note(row))


def tags(*states: str) -> SafeString:
    """Several tags in a row, which breaks where it has to."""
    return format_html('<span class="tags-row">{}</span>', format_html_join(" ", "{}", ((tag(state),) for state in states)))


def marks(row: Row) -> list[str]:
    """The tags beside the state: a large deviation, a forecast that misses, and whether there is a remedy."""
    remedy = [row.off.remedy] if row.off is not None else []
    return [*(["deviates"] if row.deviates else []), *(["misses"] if row.misses else []), *remedy]


def off_note(row: Row) -> str:
    """How far a value fell below its baseline, or lies off its path on the wrong side; empty where it does not."""
    off = row.fallen if row.state == "below_baseline" else row.worse
    if not off or row.watched:
        return ""
    said = {"off": points(row, off)}
    return now("较基期差 %(off)s") % said if row.state == "below_baseline" else now("偏离路径 %(off)s") % said


def points(row: Row, hundredths: int) -> str:
    """A difference in the page's language."""
    return row.difference(hundredths, lang())


def forecast_parts(row: Row) -> tuple[str, str]:
    """Where the trend leads, and the interval about it; empty without a forecast."""
    found = row.forecast()
    if found is None:
        return "", ""
    middle, low, high = (row.printed(figure, lang()) for figure in found)
    return middle, f"{low} – {high}"


def forecast_words(row: Row) -> str:
    """Where the trend leads, with its interval; why there is none."""
    if row.quantity.unit == "milestone" or row.shown is None:
        return ""
    middle, interval = forecast_parts(row)
    if middle:
        return f"{middle}（{interval}）" if lang() == "zh" else f"{middle} ({interval})"
    return "" if row.trend is not None or row.watched else now("点数不足（%(count)s 个）") % {"count": len(row.points)}


def forecast_figure(row: Row) -> tuple[str, str]:
    """Where the trend leads, and beside it the interval and the trend's speed; empty without a forecast."""
    middle, interval = forecast_parts(row)
    return middle, interval and f"{interval}{'；' if lang() == 'zh' else '; '}{trend_words(row)}"


def trend_words(row: Row) -> str:
    """How fast it moves a year."""
    if row.trend is None:
        return ""
    speed = round(row.trend.a_year)
    return now("每年 %(speed)s") % {"speed": f"{'+' if speed > 0 else ''}{points(row, speed)}"}


def forecast_cell(row: Row) -> SafeString:
    """The forecast, the trend's speed below it."""
    return format_html('<span class="forecast">{}</span><small class="formula">{}</small>', forecast_words(row), trend_words(row))


def with_feed(rows: Any, text: str) -> Any:
    """Rows that are counted from data, or that wait for a feed."""
    return [row for row in rows if bool(row.quantity.feed) == (text == "0")]


def matching(rows: Any, text: str) -> Any:
    """Rows whose code, names or formula have the text."""
    asked = text.lower()
    return [row for row in rows if any(asked in said.lower() for said in (row.code, row.indicator.name, row.quantity.en, row.quantity.zh,
                                                                          row.quantity.formula("zh")))]


def of_office(rows: Any, text: str) -> Any:
    """Rows that an office answers for."""
    return [row for row in rows if any(text in name for name in row.indicator.offices)]


def with_remedy(rows: Any, text: str) -> Any:
    """Rows that are off, by whether a remedy is laid down."""
    return [row for row in rows if row.off is not None and row.off.remedy == text]


def in_city(rows: Any, text: str) -> Any:
    """The city was chosen before; a name that is none is said to be so."""
    if text not in CITIES:
        raise ValueError(text)
    return rows


def tag_words(state: str) -> Any:
    """A tag's words, where no tag can stand."""
    return TAGS[state].words


def cities() -> tuple[tuple[str, Any], ...]:
    """Cities that have a plan, by the names in their policies."""
    return tuple((city, books()[city].name if lang() == "zh" else books()[city].name_en) for city in CITIES if city in books())


def link(row: Row) -> str:
    """An indicator's page."""
    return reverse("indicator", args=[row.code])


def board_list(city: str) -> Listing:
    """The board of a city as a list; the offices' column where its plan names offices."""
    offices = any(one.offices for one in plan_of(city).indicators)

    def there(row: Row) -> str:
        """The page of an indicator of this city."""
        return f"{link(row)}?city={city}"

    return Listing(
        "plan", _("规划指标"),
        (
            Column("code", _("编号"), lambda row: now("监测") if row.watched else row.code, "code", there, ("code",)),
            Column("name", _("指标名称"), name_cell, link=there),
            Column("value", _("现值"), value_cell, "number-words"),
            Column("path", _("基期 → 目标"), lambda row: path_drawing(row, lang())),
            Column("target", _("目标"), target_cell),
            Column("state", _("状态"), state_cell, order=("state",)),
            Column("forecast", _("按趋势到期"), forecast_cell, wide=True),
            Column("binding", _("性质"), lambda row: format_html('<span class="text-nowrap">{}</span>', binding_words(row)), wide=True),
            *((Column("offices", _("责任部门"), lambda row: "、".join(row.indicator.offices), wide=True),) if offices else ()),
        ),
        (
            Filter("city", _("统筹区"), in_city, "choice", cities()),
            Filter("q", _("编号或名称"), matching),
            Filter("state", _("状态"), lambda rows, text: [row for row in rows if row.state == text and not row.watched], "choice", STATES),
            Filter("remedy", _("偏离与整改"), with_remedy, "choice", REMEDIES),
            Filter("kind", _("出处"), lambda rows, text: [row for row in rows if row.indicator.kind == text], "choice", KINDS),
            Filter("binding", _("性质"), lambda rows, text: [row for row in rows if not row.watched
                                                            and row.indicator.binding == text.replace("-", "")], "choice", BOUND),
            Filter("fed", _("数据"), with_feed, "choice", FED),
            Filter("office", _("责任部门"), of_office),
        ),
    )  # fmt: skip


def figure(row: Row, hundredths: int | None) -> float | str:
    """A figure as a plain number for a file."""
    return "" if hundredths is None else words.number(hundredths, row.quantity.unit)


def unit_words(row: Row) -> str:
    """The unit in words."""
    unit = UNITS[row.quantity.unit]
    return unit.zh if lang() == "zh" else unit.en


def binding_words(row: Row) -> str:
    """Binding or expected, in words."""
    return words.pick(BINDING[row.indicator.binding], lang())


def state_words(row: Row) -> str:
    """The state in words."""
    found = dict(STATES).get(row.state, row.state)
    more = [str(words) for words, there in ((_("重大偏离"), row.deviates), (_("预测不达标"), row.misses)) if there]
    return "" if row.watched else " · ".join((str(found), *more))


BOARD_FILE = Listing(
    "plan", _("规划指标"),
    (
        Column("code", _("编号"), lambda row: row.code), Column("name", _("指标名称"), lambda row: row.name(lang())),
        Column("value", _("现值"), lambda row: figure(row, row.shown)),
        Column("unit", _("单位"), unit_words),
        Column("month", _("统计期末"), lambda row: month_words(row.month)),
        Column("numerator", _("分子"), lambda row: row.standing.answer.numerator),
        Column("denominator", _("分母"), lambda row: row.standing.answer.denominator),
        Column("rows", _("行数"), lambda row: row.standing.answer.rows),
        Column("baseline", _("基期"), lambda row: row.baseline_words(lang())),
        Column("target", _("目标"), lambda row: row.target_words(lang())),
        Column("tolerance", _("容差"), lambda row: " ".join(tolerance_words(row, lang()) or ())),
        Column("state", _("状态"), state_words),
        Column("fallen", _("较基期差"), lambda row: figure(row, row.fallen or None)),
        Column("path", _("路径值"), lambda row: figure(row, row.standing.pace.path if row.standing.pace else None)),
        Column("deviation", _("与路径之差"), lambda row: figure(row, row.standing.pace.deviation if row.standing.pace else None)),
        Column("forecast", _("按趋势到期"), forecast_words),
        Column("foreseen", _("预测判定"), lambda row: FORESEEN.get(row.foreseen, "")),
        Column("since", _("偏离起始月"), lambda row: month_words(min(filter(None, row.off[:2]))) if row.off is not None else ""),
        Column("remedy", _("偏离与整改"), lambda row: dict(REMEDIES)[row.off.remedy] if row.off is not None else ""),
        Column("binding", _("性质"), binding_words),
        Column("offices", _("责任部门"), lambda row: "、".join(row.indicator.offices)),
        Column("formula", _("算法"), lambda row: row.quantity.formula(lang())),
        Column("basis", _("算法依据"), lambda row: "" if row.watched else words.pick(BASIS[row.indicator.basis], lang())),
        Column("source", _("出处"), lambda row: row.indicator.source),
        Column("feed", _("待数据"), lambda row: words.pick(FEEDS[row.quantity.feed], lang()) if row.quantity.feed else ""),
        Column("notes", _("说明"), lambda row: words.notes_of(row.standing.answer, lang())),
    ),
)  # fmt: skip


def late(row: Any) -> bool:
    """Whether a task is past its day and not ended."""
    return row.state in ("open", "doing") and row.due < timezone.localdate()


def task_state(row: Any) -> SafeString:
    """A task's state, overdue and remedial ones marked."""
    return tags(row.state, *(["late"] if late(row) else []), *(["remedy"] if row.remedy else []))


def overdue(query: Any, text: str) -> Any:
    """Tasks past their day, or not."""
    past = {"due__lt": timezone.localdate(), "state__in": ("open", "doing")}
    return query.filter(**past) if text == "1" else query.exclude(**past)


TASKS = Listing(
    "plan-tasks", _("任务分解"),
    (
        Column("title", _("任务"), lambda row: row.title, link=lambda row: reverse("plan-task", args=[row.pk])),
        Column("code", _("指标编号"), lambda row: row.code, "code"),
        Column("office", _("责任部门"), lambda row: row.office),
        Column("owner", _("责任人"), officer("owner")),
        Column("due", _("完成时限"), lambda row: row.due, "day", order=("due",)),
        Column("state", _("状态"), task_state),
    ),
    (
        holds("q", _("任务"), "title"), equals("code", _("指标编号"), "code"), equals("state", _("状态"), "state", TASK_STATES),
        equals("owner", _("责任人"), "owner"), Filter("late", _("逾期"), overdue, "choice", YES_NO),
        Filter("remedy", _("整改任务"), lambda query, text: query.filter(remedy=text == "1"), "choice", YES_NO),
        since("since", _("时限自"), "due"), until("until", _("时限至"), "due"),
    ),
    ("due", "pk"), _("还没有任务。"), looked_up=with_names("owner"),
)  # fmt: skip
