"""What the pages of the plan show beside lists 图表与说明: counts, reserve gauges, an indicator's history, words for its figures."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext as _

from openyibao.bureau.pages.templatetags.parts import shown_day, yuan
from openyibao.bureau.planning.board import Row, history_months, path_at
from openyibao.bureau.planning.lists import STATES, month_words, points
from openyibao.bureau.planning.models import Value
from openyibao.bureau.planning.queries import RESERVES, Gone, Level, warning_levels
from openyibao.kernel.indicators.reserve import WORDS as LEVELS
from openyibao.policybook.book import Book
from openyibao.warehouse.measure import wording as words
from openyibao.warehouse.measure.written import written

if TYPE_CHECKING:       # brings the stores' libraries
    from openyibao.bureau.planning.behind import Behind

BANDS = ("#a11d1d", "#d68910", "#e0b84c", "#2f7d4f", "#9fb3bb")
"""Colours of a gauge from empty to full."""
SHARES = ("reached", "on_path", "behind", "below_baseline", "missed", "no_answer")
"""States whose numbers head the board."""
COLOURS = {"behind": "warning", "below_baseline": "warning", "missed": "danger"}


class Count(NamedTuple):
    """How many indicators are in a state."""

    state: str
    title: str
    many: int
    colour: str


def counts(rows: Sequence[Row]) -> list[Count]:
    """How many of the plan's indicators are in each state, those with none left out but for the first."""
    found, titles = Counter(row.state for row in rows if not row.watched), dict(STATES)
    more = tuple(state for state in titles if state not in SHARES and found[state])
    return [Count(state, str(titles[state]), found[state], COLOURS.get(state, "") if found[state] else "")
            for state in (*SHARES[:-1], *more, SHARES[-1]) if found[state] or state == "reached"]  # fmt: skip


class ReserveCard(NamedTuple):
    """One fund's reserve: gauge, words, day of crossing."""

    row: Row
    title: str
    gauge: dict[str, Any]
    level: str
    words: list[str]


def reserve_cards(found: Sequence[Gone], levels: Sequence[Level], lang: str) -> list[ReserveCard]:
    """The gauges of the reserves (I08): months payable, level, trend, day of crossing."""
    cards = []
    for gone in found:
        months = (gone.row.shown or 0) / 100
        most = max(15, 12 * -(-int(months + 1) // 12))
        bounds = [level.months / most for level in sorted(levels)]
        bands = [[bound, BANDS[place]] for place, bound in enumerate(bounds)] + [[1, BANDS[3]]]
        level = LEVELS.get(gone.row.value.level if gone.row.value is not None else "", ("", ""))
        name = gone.row.quantity.zh if lang == "zh" else gone.row.quantity.en
        cards.append(ReserveCard(
            gone.row, name, {"columns": [name, _("个月")], "rows": [["", round(months, 2)]], "most": most, "bands": bands},
            words.pick(level, lang), crossing_words(gone, lang),
        ))  # fmt: skip
    return cards


def crossing_words(gone: Gone, lang: str) -> list[str]:
    """Where a reserve's trend leads: the day each level is crossed, or that none is within ten years."""
    trend = gone.row.trend
    if trend is None:
        return [_("点数不足 %(count)s 个，不作趋势。") % {"count": len(gone.row.points)}]
    speed = _("近 %(count)s 个月趋势：每年 %(speed)s。") % {"count": trend.points, "speed": signed(gone.row, round(trend.a_year))}
    said = [
        _("预计 %(month)s 低于%(level)s（%(months)s 个月）。") % {
            "month": month_words(month), "level": level.zh if lang == "zh" else level.en, "months": level.months}
        for level, month in gone.crossings if month is not None
    ]  # fmt: skip
    below = [_("已低于%(level)s（%(months)s 个月）。") % {"level": level.zh if lang == "zh" else level.en, "months": level.months}
             for level, _month in gone.crossings if (gone.row.shown or 0) < level.months * 100]
    return [speed, *(below or said or [_("按此趋势十年内不触及预警线。")])]


def signed(row: Row, hundredths: int) -> str:
    """A difference with its sign."""
    return f"{'+' if hundredths > 0 else ''}{points(row, hundredths)}"


def history(row: Row, to_date: Sequence[Value], alone: Sequence[Value]) -> dict[str, Any] | None:
    """The history chart: value, path, target, trend and its interval by month; None without a value."""
    series = alone if len(alone) >= len(to_date) and row.trend is not None else to_date
    kept = {value.month: value.shown for value in series}
    months = history_months(row, series)
    if not any(shown is not None for shown in kept.values()):
        return None
    target = None if row.watched else row.indicator.baseline if row.indicator.target.comparator == "hold" else row.indicator.target.low
    rows = []
    for month in months:
        drawn = row.trend is not None and month >= row.trend.first and row.quantity.unit != "milestone"
        low, high = row.trend.interval(month) if drawn and row.trend is not None and month > row.trend.last else (None, None)
        middle = row.trend.at(month) if drawn and row.trend is not None else None
        rows.append([month_words(month), *(unit(figure) for figure in (kept.get(month), path_at(row, month), target, middle, low, high))])
    return {"columns": [_("月份"), _("值"), _("路径"), _("目标"), _("趋势"), _("八成区间下限"), _("八成区间上限")], "rows": rows,
            "unit": "plain"}


def unit(hundredths: float | None) -> float | None:
    """Hundredths as the unit itself."""
    return None if hundredths is None else round(hundredths) / 100


def pace_words(row: Row, lang: str) -> str:
    """Where the value should be and where its pace since the baseline leads."""
    pace = row.standing.pace
    if pace is None:
        return ""
    return _("路径上应为 %(path)s，差 %(off)s；按基期以来的速度，%(year)s 年末为 %(forecast)s。") % {
        "path": row.printed(pace.path, lang), "off": signed(row, pace.deviation), "year": row.indicator.target_year,
        "forecast": row.printed(pace.forecast, lang)}


def fall_words(row: Row, lang: str) -> str:
    """That a value meets its floor and yet lies below its baseline, and that it falls where it does; empty for any other."""
    if row.state != "below_baseline":
        return ""
    said = _("达到下限 %(target)s，但比基期 %(baseline)s 差 %(off)s，不能只算“已达标”。") % {
        "target": row.target_words(lang), "baseline": row.baseline_words(lang), "off": points(row, row.fallen)}
    return said


def caution(row: Row) -> list[str]:
    """What to know of a forecast before it is believed."""
    if row.trend is None:
        few = _("只有 %(count)s 个可用的点，少于 6 个或不足 9 个月，不作趋势预测。") % {"count": len(row.points)}
        return [few] if row.shown is not None else []
    said = [_("最小二乘直线，%(count)s 个点；区间含八成，不含季节调整。") % {"count": row.trend.points}]
    if row.due and row.trend.stretched(row.due):
        said.append(_("到期日比已有数据伸得更远，仅供参考。"))
    return said


def counted_words(row: Row, lang: str) -> str:
    """How the value came about: what was divided by what, over how many rows."""
    answer = row.standing.answer
    if answer.value is None or row.value is None or row.value.how == "hand":
        return ""
    money = not answer.source and answer.rows > 0 and answer.quantity.unit in ("months", "percent")
    return sums_of(answer.numerator, answer.denominator, answer.rows, answer.source, answer.quantity.under is not None, money)


def sums_of(over: int, under: int, count: int, source: str, divided: bool, money: bool = False) -> str:
    """A sum in words: amounts in yuan. `money`: both are, though no rows say so (the funds' sheets)."""
    units = {column.name: column.unit for column in written()[source].columns} if source else {}
    up = yuan(over) if money or units.get("numerator") == "fen" else f"{over:,}"
    down = yuan(under) if money or units.get("denominator") == "fen" else f"{under:,}"
    if divided:
        return _("%(over)s ÷ %(under)s，%(count)s 行") % {"over": up, "under": down, "count": f"{count:,}"}
    return _("合计 %(over)s，%(count)s 行") % {"over": up, "count": f"{count:,}"}


def sums_words(page: "Behind", source: str, lang: str) -> str:
    """The sums of a page of rows."""
    return sums_of(page.over, page.under, page.total, source, True)


def level_words(row: Row, book: Book, lang: str) -> list[str]:
    """The levels of a reserve and the day its trend crosses each; empty for anything else."""
    if row.quantity.code not in RESERVES or row.shown is None:
        return []
    found = warning_levels(book, row.month * 100 + 28)
    crossings = tuple((level, row.trend.crossing(level.months * 100) if row.trend is not None and row.trend.slope < 0 else None)
                      for level in found)
    return crossing_words(Gone(row, crossings), lang)


def row_cells(page: "Behind", lang: str) -> list[list[tuple[str, str]]]:
    """The rows' cells as (kind, words): amounts in yuan, codes in words."""
    return [[cell(value, column.name, column.unit, lang) for value, column in zip(row, page.columns, strict=True)] for row in page.rows]


def cell(value: Any, name: str, kind: str, lang: str) -> tuple[str, str]:
    """One cell."""
    if value is None:
        return "text", ""
    if kind == "fen":
        return "figure", yuan(value)
    if kind.startswith("code:"):
        return "text", words.named(kind.removeprefix("code:"), value, lang)
    if kind == "day":
        return "text", shown_day(value)
    return ("code", str(value)) if name in ("psn_no", "bill") else ("figure" if kind == "count" else "text", str(value))


def part_tables(page: "Behind", lang: str) -> list[tuple[str, list[tuple[str, str, int, int]]]]:
    """The breakdowns under their heads."""
    heads = {"county": _("县区"), "level": _("机构等级"), "kind": _("就诊类别"), "scheme": _("险种"), "aid": _("救助对象类别")}
    return [(heads[name], parts) for name, parts in page.parts.items() if len(parts) > 1]
