"""Bills and estimates as pages and papers tell them 说明文字: layers with their clauses and a sentence each, the chart, what happened."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openyibao.bureau.pages.templatetags.parts import yuan
from openyibao.bureau.policydesk.queries import Shelf
from openyibao.bureau.settlement.models import Settlement
from openyibao.bureau.settlement.models import Year as YearRow
from openyibao.bureau.settlement.packing import unpack
from openyibao.bureau.statement.estimating import Answer
from openyibao.bureau.statement.layering import SCOPE, Fall, Layer, Layers
from openyibao.bureau.statement.naming import LEVELS, OFFSITE, scheme_words
from openyibao.bureau.statement.proving import Proved, Unproved, differences_shown
from openyibao.bureau.statement.queries import Whole
from openyibao.bureau.statement.yearly import class_on, limits_on
from openyibao.kernel.codes import UNBOUNDED
from openyibao.kernel.explained.steps import Step
from openyibao.kernel.year import Year
from openyibao.policybook.book import Book, Source
from openyibao.policybook.units import TRUST
from openyibao.policybook.words import value_words
from openyibao.warehouse.bills.explaining import is_told


def lang() -> str:
    """The page's language as the lower floors name it: zh or en."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def named(pair: Any) -> str:
    """The name of something with `zh` and `en` in the page's language."""
    return str(pair.en if lang() == "en" else pair.zh)


def told(whole: Whole, found: Proved | Unproved) -> dict[str, Any]:
    """What a bill's page shows beyond the stored figures: explanation, chart, differences, chain."""
    common = {"differences": differences_shown(found.differences), "chain": chain_events(whole), "state": state_of(whole),
              "days": days_of(whole)}  # fmt: skip
    if isinstance(found, Unproved):
        return {**common, "layers": [], "rest": [], "chart": None, "scheme": scheme_words(whole.bill.insutype)}
    return {
        **common, "layers": told_layers(found.layers, found.book), "rest": [told_step(step) for step in found.layers.rest],
        "chart": chart(found.falls), "claim": found.claim, "level": LEVELS[found.claim.level], "offsite": OFFSITE[found.claim.offsite],
        "scheme": scheme_words(whole.bill.insutype), "receipt": found.receipt, "city": found.book.city, "trusts": trusts(found.layers),
        "year": found.after.year,
    }  # fmt: skip


def days_of(whole: Whole) -> str:
    """The days of care: one day, or from the first to the last."""
    if whole.encounter is None:
        return ""
    first, last = timezone.localdate(whole.encounter.begins), whole.encounter.ends
    if last is None or timezone.localdate(last) == first:
        return f"{first}"
    return _("%(first)s 至 %(last)s") % {"first": first, "last": timezone.localdate(last)}


def state_of(whole: Whole) -> str:
    """settled, reversed or mirror."""
    return "mirror" if whole.bill.mirror_of is not None else "reversed" if whole.mirror is not None else "settled"


def told_answer(answer: Answer, book: Book) -> dict[str, Any]:
    """One place's estimate as the page shows it."""
    return {
        "place": answer.place, "level": LEVELS[answer.place.level], "offsite": OFFSITE[answer.place.offsite], "receipt": answer.receipt,
        "layers": told_layers(answer.layers, book), "rest": [told_step(step) for step in answer.layers.rest], "chart": chart(answer.falls),
        "trusts": trusts(answer.layers), "reason": answer.reason, "silent": answer.silent,
    }  # fmt: skip


def verdict(first: Answer, second: Answer) -> str:
    """Two places in one sentence: what the person bears in each, and by how much the second is more or less; empty where nobody knows."""
    if first.silent or second.silent:
        return ""
    here, there = first.receipt.person, second.receipt.person
    places = {"here": place_words(first), "there": place_words(second)}
    said = {**places, "first": yuan(here), "second": yuan(there), "gap": yuan(abs(there - here))}
    if here == there:
        return _("两处个人负担相同，都是 %(first)s 元。") % said
    if there > here:
        return _("个人负担：%(here)s %(first)s 元，%(there)s %(second)s 元，后者多 %(gap)s 元。") % said
    return _("个人负担：%(here)s %(first)s 元，%(there)s %(second)s 元，后者少 %(gap)s 元。") % said


def place_words(answer: Answer) -> str:
    """A place in words."""
    return f"{LEVELS[answer.place.level]}·{OFFSITE[answer.place.offsite]}"


def trusts(layers: Layers) -> list[tuple[str, int]]:
    """How many parameters of each trust mark stand behind a result, the best first."""
    marks = [source.trust for source in dict.fromkeys(source for step in layers.steps for source in step.sources)]
    return [(mark, marks.count(mark)) for mark in TRUST if mark in marks]


def chart(falls: Sequence[Fall]) -> dict[str, Any]:
    """The waterfall as the chart part takes it."""
    return {"columns": [_("层次"), _("金额（元）")], "unit": "fen", "rows": [[named(fall), fall.fen] for fall in falls]}


def told_layers(layers: Layers, book: Book) -> list[dict[str, Any]]:
    """Layers with their sentence, clauses and steps in the page's language."""
    return [
        {"layer": layer, "code": layer.code, "name": named(layer), "sentence": sentence(layer), "room": room_words(layer),
         "ratio": " / ".join(layer.ratios), "sources": [told_source(source, book.city) for source in layer.sources],
         "steps": [told_step(step) for step in layer.steps]}
        for layer in layers.layers
    ]  # fmt: skip


def room_words(layer: Layer) -> str:
    """What was left under the cap, in words; empty where the layer has none."""
    return "" if layer.cap_left is None else _("不设上限") if layer.capless else yuan(layer.cap_left)


def sentence(layer: Layer) -> str:
    """A layer in one sentence that a pensioner understands."""
    if layer.code == SCOPE:
        eligible = next((step.value for step in layer.steps if step.key in ("eligible", "within")), 0)
        return _("这张单据中，医保目录和限价以内、可以往下报的是 %(yuan)s 元。") % {"yuan": yuan(eligible)}
    said = {"base": yuan(layer.base), "paid": yuan(layer.paid), "ratio": "、".join(layer.ratios), "deductible": yuan(layer.deductible)}
    if not layer.paid:
        if not layer.base and layer.code == "pool" and layer.deductible:
            return _("可以报的金额还在起付线以内（本次由个人承担起付线 %(deductible)s 元），本层不支付。") % said
        if not layer.base:
            return _("没有需要本层支付的金额。")
        return _("本年累计还没有超过起付线 %(deductible)s 元，本层这次不支付。") % said if layer.deductible else _("本层这次不支付。")
    parts = []
    if layer.deductible and layer.code == "pool":
        parts.append(_("起付线 %(deductible)s 元由个人承担") % said)
    elif layer.deductible:
        parts.append(_("年度累计超过 %(deductible)s 元的部分由本层分担") % said)
    if layer.base:
        parts.append(_("进入本层 %(base)s 元") % said)
    if layer.ratios:
        parts.append(_("按 %(ratio)s 支付") % said)
    parts.append(_("支付 %(paid)s 元") % said)
    whole = _("，").join(parts) + _("。")
    return whole[:1].upper() + whole[1:]


def told_step(step: Step) -> dict[str, Any]:
    """A step: name, formula with the numbers put in, formula in words, figure."""
    zh = lang() == "zh"
    words = step.words_zh if zh else step.words_en
    figure = f"{step.value / 100:g}%" if step.unit == "percent" else limit_words(step.value) if step.unit == "yuan" else str(step.value)
    return {"key": step.key, "name": step.name_zh if zh else step.name_en, "formula": step.formula, "words": words, "figure": figure,
            "value": step.value, "plain": words == step.formula, "told": is_told(step)}  # fmt: skip


def limit_words(fen: int) -> str:
    """Yuan, ∞ where there is no limit."""
    return "∞" if fen >= UNBOUNDED else yuan(fen)


def told_source(source: Source, city: str) -> dict[str, Any]:
    """A parameter behind a figure: name, value with its unit, clause, trust mark, and where the policy desk shows it."""
    english = lang() == "en"
    value: Any = {"null": None, "true": True, "false": False}.get(source.value, source.value)
    return {"name": source.name_en if english else source.name, "value": value_words(value, source.unit, source.path, lang()),
            "clause": source.clause, "trust": source.trust, "since": source.since, "link": parameter_link(city, source.path),
            "key": source.path}  # fmt: skip


def parameter_link(city: str, key: str) -> str:
    """The policy desk's page of a parameter; empty where this server has none."""
    try:
        return reverse("policy-parameter", args=[city, key])
    except NoReverseMatch:
        return ""


def chain_events(whole: Whole) -> list[dict[str, Any]]:
    """What happened to the visit's bill, newest first: settled, taken back, settled again."""
    if len(whole.chain) < 2:
        return []
    events = []
    for place, one in enumerate(whole.chain):
        if one.mirror_of is not None:
            what = {"zh": f"撤销单 {one.mirror_of}", "en": f"Bill {one.mirror_of} taken back"}
        elif place:
            what = {"zh": "重新结算", "en": "Settled again"}
        else:
            what = {"zh": "结算", "en": "Settled"}
        events.append({"at": one.at, "what": what, "who": amount_words(one), "note": link_to(one, whole.bill.setl_id)})
    return events[::-1]


def amount_words(bill: Settlement) -> str:
    """A bill's total and funds in one line."""
    return _("总额 %(total)s 元，基金 %(fund)s 元，现金 %(cash)s 元") % {
        "total": yuan(bill.total), "fund": yuan(bill.fund), "cash": yuan(bill.cash)}  # fmt: skip


def link_to(bill: Settlement, here: int) -> str:
    """The number of a bill, as a link unless it is the one that is open."""
    if bill.setl_id == here:
        return _("%(number)s（本单）") % {"number": bill.setl_id}
    return format_html('<a href="{}">{}</a>', str(bill.setl_id), bill.setl_id)


def schemes_of_year(psn_no: str, rows: Sequence[YearRow], year: int, day: date, shelf: Shelf) -> list[dict[str, Any]]:
    """The person's sums and limits of a year, scheme by scheme, under the policies of a day."""
    found = []
    for row in (one for one in rows if one.year == year):
        figures = unpack(Year, row.figures)
        who = class_on(psn_no, day, row.insutype)
        book = shelf.of_area(who.cover.admdvs) if who.cover.admdvs else None
        city = book.city if book is not None else ""
        found_limits = limits_on(figures, who, book, int(f"{day:%Y%m%d}")) if book is not None else ()
        found.append({
            "insutype": row.insutype, "scheme": scheme_words(row.insutype), "figures": figures, "who": who, "facts": year_facts(figures),
            "limits": [{"limit": one, "name": named(one), "sources": [told_source(source, city) for source in one.sources]}
                       for one in found_limits],
        })  # fmt: skip
    return found


def year_facts(figures: Year) -> list[tuple[str, str]]:
    """Sums of the year that have no limit of their own."""
    listed = (
        (_("已结算单数"), str(figures.bills)), (_("住院次数"), str(figures.admissions)), (_("大病累计合规负担"), yuan(figures.burden)),
        (_("个人账户已付"), yuan(figures.account_paid)), (_("现金已付"), yuan(figures.cash_paid)),
    )  # fmt: skip
    return list(listed)
