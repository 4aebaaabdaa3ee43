"""The page parts as template tags: `{% load parts %}`. Each part is one small template in pages/parts/."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString

from openyibao.bureau.pages.help import help_on
from openyibao.bureau.pages.listing import RIGHT, Cell, Sheet
from openyibao.bureau.pages.tags import TAGS

register = template.Library()


@register.filter
def yuan(fen: int | None) -> str:
    """Fen as yuan: 1,234.50; empty for nothing said."""
    if fen is None:
        return ""
    whole, cents = divmod(abs(fen), 100)
    return f"{'−' if fen < 0 else ''}{whole:,}.{cents:02d}"


@register.filter
def ten_thousand(fen: int | None) -> str:
    """Fen as 万元 with two decimals (ten thousand yuan)."""
    return "" if fen is None else f"{fen / 1_000_000:,.2f}"


@register.filter
def percent(rate: int | None) -> str:
    """Parts per 10,000 as a percentage without needless zeros: 85%, 62.5%."""
    return "" if rate is None else f"{rate / 100:.2f}".rstrip("0").rstrip(".") + "%"


@register.filter
def counted(number: int | None) -> str:
    """A count with thousands apart."""
    return "" if number is None else f"{number:,}"


@register.filter
def shown_day(value: Any) -> str:
    """A day as 2023-05-10; yyyymmdd integers too; empty for none."""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and value:
        return f"{value // 10_000}-{value // 100 % 100:02d}-{value % 100:02d}"
    return ""


@register.filter
def said(value: Any) -> str:
    """The words of something that has `zh` and `en`, in the page's language."""
    lang = "en" if (translation.get_language() or "").startswith("en") else "zh"
    found = value.get(lang) if isinstance(value, dict) else getattr(value, lang, None)
    return str(found if found is not None else value)


@register.simple_tag
def tag(state: str) -> SafeString:
    """A state as a coloured tag with words: the colour never speaks alone."""
    found = TAGS.get(state)
    if found is None:
        return format_html('<span class="badge bg-secondary-lt">{}</span>', state)
    return format_html('<span class="badge bg-{}-lt"><span class="tag-dot bg-{}"></span>{}</span>', found.colour, found.colour, found.words)


@register.simple_tag
def cell(one: Cell) -> SafeString:
    """A cell of a list by its kind."""
    if one.kind == "tag":
        inner = tag(str(one.value))
    elif one.kind == "fen":
        inner = format_html('<span class="figure">{}</span>', yuan(one.value))
    elif one.kind == "number":
        inner = format_html('<span class="figure">{}</span>', counted(one.value))
    elif one.kind == "rate":
        inner = format_html('<span class="figure">{}</span>', percent(one.value))
    elif one.kind in ("day", "instant"):
        inner = format_html('<span class="text-nowrap">{}</span>', shown_day(one.value))
    elif one.kind == "code":
        inner = format_html("<code>{}</code>", one.value) if one.value not in ("", None) else SafeString("")
    else:
        inner = format_html("{}", "" if one.value is None else one.value)
    return format_html('<a href="{}">{}</a>', one.link, inner) if one.link else inner


@register.inclusion_tag("pages/parts/list.html", takes_context=True)
def listed(context: Any, sheet: Sheet) -> dict[str, Any]:
    """A list with its filter bar, count, order, export and pages."""
    asked = context["request"].GET
    names = {one.name for one in sheet.listing.filters} | {"after", "export"}
    kept = [(name, value) for name, values in asked.lists() if name not in names for value in values]
    others = [(name, value) for name, value in kept if name not in ("order", "size")]
    size = urlencode({"size": asked["size"]}) if asked.get("size") else ""
    unsorted = "?" + "".join(f"{part}&" for part in (sheet.query, size) if part)
    return {
        "sheet": sheet, "request": context["request"], "columns": heads(sheet), "may_export": may_export(context, sheet), "kept": kept,
        "unsorted": unsorted, "link": unsorted + (f"order={sheet.order}&" if sheet.order else ""), "cleared": f"?{urlencode(others)}",
    }


def heads(sheet: Sheet) -> list[dict[str, Any]]:
    """The heads of the columns: title, and the order that a click asks for."""
    found = []
    for column in sheet.listing.columns:
        used = sheet.order.removeprefix("-") == column.name
        down = used and sheet.order.startswith("-")
        found.append({
            "title": column.title, "right": column.kind in RIGHT, "wide": column.wide, "sorted": ("down" if down else "up") if used else "",
            "order": ("" if not column.order else column.name if not used or down else f"-{column.name}"),
        })  # fmt: skip
    return found


def may_export(context: Any, sheet: Sheet) -> bool:
    """Whether the one who looks may take the list along."""
    rights = getattr(context["request"], "rights", None)
    return not sheet.listing.export or (rights is not None and rights.may(sheet.listing.export))


@register.inclusion_tag("pages/parts/steps.html")
def steps(names: Sequence[Any], at: int) -> dict[str, Any]:
    """Steps of a piece of work, the current one marked. `at` counts from 0; len(names) = all done."""
    states = ["done" if place < at else "now" if place == at else "next" for place in range(len(names))]
    return {"steps": [{"name": name, "state": state} for name, state in zip(names, states, strict=True)]}


@register.inclusion_tag("pages/parts/timeline.html")
def timeline(events: Sequence[Any]) -> dict[str, Any]:
    """What happened, newest first: events with at, who, what, note."""
    return {"events": events}


@register.inclusion_tag("pages/parts/figure.html")
def figure(title: Any, value: Any, unit: Any = "", note: Any = "", link: str = "", state: str = "") -> dict[str, Any]:
    """One figure on a card; a link opens the rows behind it."""
    return {"title": title, "value": value, "unit": unit, "note": note, "link": link, "state": state}


@register.inclusion_tag("pages/parts/chart.html")
def chart(name: str, kind: str, data: Any, title: Any, height: int = 320) -> dict[str, Any]:
    """A chart drawn by charts.js from plain data, with the same figures as a table for those who do not see it.

    kind  waterfall, bars, lines, gauge, pie
    data  {"columns": […titles], "rows": [[label, value, …]], "unit": "yuan"…}
    """
    return {"name": name, "kind": kind, "data": data, "title": title, "height": height}


@register.inclusion_tag("pages/parts/confirm.html", takes_context=True)
def confirm(context: Any, name: str, title: Any, body: Any, button: Any, action: str, danger: bool = False) -> dict[str, Any]:
    """A dialog before something that cannot be taken back lightly; works without script as a plain form."""
    return {"name": name, "title": title, "body": body, "button": button, "action": action, "danger": danger,
            "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("pages/parts/empty.html")
def empty(text: Any, action: str = "", button: Any = "") -> dict[str, Any]:
    """Nothing here yet, and what to do about it."""
    return {"text": text, "action": action, "button": button}


@register.inclusion_tag("pages/parts/help.html")
def help_mark(term: str) -> dict[str, Any]:
    """A question mark beside a field that opens what the term means and the clause it rests on."""
    return {"term": term, "help": help_on(term)}


@register.simple_tag
def trust_mark(trust: str, source: str = "") -> SafeString:
    """Where a policy figure comes from: illustrative and recalled are never shown like the rest."""
    found = TAGS.get(f"trust.{trust}")
    words, colour = (found.words, found.colour) if found else (trust, "secondary")
    return format_html('<span class="badge bg-{}-lt trust" title="{}">{}</span>', colour, source, words)
