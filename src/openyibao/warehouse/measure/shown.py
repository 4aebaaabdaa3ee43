"""Figures in words 列示: the board, the funds' sheets and the rows behind a figure as records, for a page, a file or a workbook."""

from collections.abc import Iterable

from openyibao.kernel.indicators.quantity import FEEDS
from openyibao.kernel.indicators.value import UNITS, shown
from openyibao.warehouse.measure.answer import Answer
from openyibao.warehouse.measure.board import Standing
from openyibao.warehouse.measure.fund_names import FUNDS
from openyibao.warehouse.measure.funds import INCOME, ITEMS, OUTGO, TRANSFER, Books, Reserve, kind_of, reserve
from openyibao.warehouse.measure.marks import OPENINGS
from openyibao.warehouse.measure.place import City
from openyibao.warehouse.measure.plantable import BASIS, BINDING
from openyibao.warehouse.measure.wording import baseline_of, named, notes_of, number, pick, target_of, verdict_of

HEADS = {
    "id": ("编号", "id"), "name": ("指标", "indicator"), "quantity": ("口径", "quantity"), "value": ("值", "value"), "unit": ("单位",
     "unit"),
    "numerator": ("分子", "numerator"), "denominator": ("分母", "denominator"), "rows": ("行数", "rows"), "as_of": ("统计期", "period"),
    "baseline": ("基期", "baseline"), "target": ("目标", "target"), "verdict": ("判定", "verdict"), "tolerance": ("容差", "tolerance"),
    "path": ("路径值", "on the path"), "deviation": ("与路径之差", "off the path"), "forecast": ("按此速度到期", "forecast"),
    "binding": ("性质", "kind"), "offices": ("责任部门", "offices"), "formula": ("算法", "formula"), "basis": ("算法依据", "basis"),
    "source": ("出处", "source"), "notes": ("说明", "notes"), "feed": ("待数据", "waits for"),
}  # fmt: skip
"""Column -> head, zh and en."""

LEFT = "left"
SIDES = {INCOME: ("收入", "income"), OUTGO: ("支出", "outgo"), TRANSFER: ("划转", "transfer"), LEFT: ("结余", "left")}
CLOSING = {"month": ("当期结余", "of the period"), "balance": ("期末累计（元）", "balance at the end"), "payable": ("可支付月数",
 "months payable")}
"""Items that close a fund's sheet."""


def answer_record(answer: Answer, lang: str) -> dict[str, object]:
    """An answer, flat."""
    unit = answer.quantity.unit
    return {
        "quantity": answer.quantity.code, "value": "" if answer.value is None else number(shown(answer.value, unit), unit),
        "unit": pick((UNITS[unit].zh, UNITS[unit].en), lang), "numerator": answer.numerator, "denominator": answer.denominator,
        "rows": answer.rows, "as_of": answer.period.words(lang),
    }  # fmt: skip


def board_records(standings: Iterable[Standing], lang: str) -> list[dict[str, object]]:
    """The board, one record an indicator, under heads in the language."""
    records = []
    for standing in standings:
        indicator, answer = standing.indicator, standing.answer
        quantity, pace = indicator.quantity, standing.pace
        figures = {name: "" if pace is None else number(getattr(pace, name), quantity.unit) for name in ("path", "deviation", "forecast")}
        records.append({
            "id": indicator.id, "name": indicator.name if lang == "zh" else quantity.en, **answer_record(answer, lang),
            "baseline": baseline_of(indicator, lang), "target": target_of(indicator, lang), "verdict": verdict_of(standing, lang),
            "tolerance": number(standing.judged.tolerance, quantity.unit) if standing.judged.tolerance else "", **figures,
            "binding": pick(BINDING[indicator.binding], lang), "offices": "、".join(indicator.offices), "formula": quantity.formula(lang),
            "basis": pick(BASIS[indicator.basis], lang), "source": indicator.source, "notes": notes_of(answer, lang),
            "feed": pick(FEEDS[quantity.feed], lang) if quantity.feed else "",
        })  # fmt: skip
    return [headed(record, lang) for record in records]


def headed(record: dict[str, object], lang: str) -> dict[str, object]:
    """A record under heads in the language."""
    return {pick(HEADS[name], lang): value for name, value in record.items()}


def item_of(item: str, lang: str) -> str:
    """An item of a sheet in words."""
    kind = kind_of(item)
    return named("kind", kind, lang) if kind is not None else pick(CLOSING[item] if item in CLOSING else ITEMS[item], lang)


def sheet_records(sheets: Books, city: City, first: int, last: int, lang: str) -> list[dict[str, object]]:
    """The funds' sheets from month `first` to `last` yyyymm: one record a fund, side and item, a column a month and the sum, in yuan.

    Each fund closes with what the month left; the pooled funds also with their balance and months payable at the month's end.
    """
    found: dict[tuple[str, str, str], dict[int, int]] = {}
    months = range(first, last + 1)
    for line in sheets.lines:
        if first <= line.month <= last:
            for key, fen in (((line.fund, line.side, line.item), line.fen),
                             ((line.fund, LEFT, "month"), -line.fen if line.side == OUTGO else line.fen)):
                cells = found.setdefault(key, dict.fromkeys(months, 0))
                cells[line.month] += fen
    order, sides = list(FUNDS), list(SIDES)
    records = []
    for (fund, side, item), cells in sorted(found.items(), key=lambda pair: (order.index(pair[0][0]), sides.index(pair[0][1]), pair[0][2])):
        figures: dict[int, object] = {month: fen / 100 for month, fen in cells.items()}
        records.append(sheet_record((fund, side, item_of(item, lang)), figures, sum(cells.values()) / 100, lang))
    for fund in OPENINGS:
        ends = [reserve(sheets, city, (fund,), month) for month in months]
        for item, kept in (("balance", [end.balance / 100 if end is not None else "" for end in ends]),
                           ("payable", [months_of(end) for end in ends])):  # fmt: skip
            records.append(sheet_record((fund, LEFT, item_of(item, lang)), dict(zip(months, kept, strict=True)), kept[-1], lang))
    return records


def months_of(end: Reserve | None) -> object:
    """Months payable at a month's end, as a plain number; empty where it is not known."""
    return "" if end is None or end.value is None else number(shown(end.value, "months"), "months")


def sheet_record(names: tuple[str, str, str], figures: dict[int, object], total: object, lang: str) -> dict[str, object]:
    """One record of a sheet: fund, side, item in words, a figure a month, and the last column."""
    fund, side, item = names
    heads = ("基金", "收支", "项目", "合计或期末") if lang == "zh" else ("fund", "side", "item", "sum or end")
    words = dict(zip(heads, (pick(FUNDS[fund], lang), pick(SIDES[side], lang), item), strict=False))
    return {**words, **{f"{month // 100}-{month % 100:02d}": figure for month, figure in figures.items()}, heads[-1]: total}
