"""A deviation in words 偏离用语: what is off, since which month, by which bound, and what is done about it; a remedial task begun."""

from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from openyibao.bureau.planning.board import Row, tolerance_words
from openyibao.bureau.planning.lists import lang, month_words, off_note
from openyibao.bureau.planning.offices import BETWEEN
from openyibao.warehouse.measure import wording as words
from openyibao.warehouse.measure.plantable import choices


class Said(NamedTuple):
    """One thing that is off: a sentence, and the bound that it rests on with the bound's trust mark."""

    words: str
    bound: str = ""
    trust: str = ""


def told(row: Row) -> list[Said]:
    """What is off with an indicator; nothing where nothing is."""
    if row.off is None:
        return []
    found = []
    if row.off.deviation:
        found.append(Said(deviation_words(row), *bound(row)))
    if row.off.forecast:
        held = tolerance_words(row, lang())
        found.append(Said(forecast_words(row), *((_("容差 %(figure)s") % {"figure": held[0]}, held[1]) if held else ())))
    return found


def deviation_words(row: Row) -> str:
    """A large deviation: since when, the value, how far it is off."""
    return _("%(month)s 起重大偏离：现值 %(value)s，%(off)s。") % {
        "month": month_words(row.off.deviation if row.off is not None else 0), "value": row.value_words(lang()), "off": off_note(row)}


def forecast_words(row: Row) -> str:
    """A forecast that misses: since when, figure, interval, target, by when."""
    middle, low, high = (row.printed(figure, lang()) for figure in row.forecast() or (None, None, None))
    return _("%(month)s 起预测达不到目标：按趋势 %(year)s 年末为 %(middle)s（%(low)s – %(high)s），目标 %(target)s。") % {
        "month": month_words(row.off.forecast if row.off is not None else 0), "year": row.indicator.target_year, "middle": middle,
        "low": low, "high": high, "target": row.target_words(lang())}


def bound(row: Row) -> tuple[str, str]:
    """The bound beyond which a deviation is large, in words, and its trust mark."""
    chosen = choices()[f"deviation.{row.quantity.unit}"]
    return words.pick((chosen.zh, chosen.en), lang()), chosen.trust


def begun(row: Row) -> dict[str, Any]:
    """What the form of a remedial task begins with: the indicator, its duty office, a title, what is off."""
    return {"code": row.code, "office": BETWEEN.join(row.indicator.offices)[:120],
            "title": (_("整改：%(name)s") % {"name": row.name(lang())})[:120], "plan": "\n".join(one.words for one in told(row)),
            "remedy": True}  # fmt: skip
