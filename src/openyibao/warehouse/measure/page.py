"""docs/reference/indicators.md, printed from the definitions 指标说明: a test keeps the page and the definitions the same."""

from collections.abc import Iterator

from openyibao.kernel.indicators.answered import ANSWERED
from openyibao.kernel.indicators.awaited import AWAITED
from openyibao.kernel.indicators.judging import COMPARATORS, VERDICTS
from openyibao.kernel.indicators.quantity import FEEDS, WHEN, Quantity
from openyibao.kernel.indicators.value import UNITS, printed
from openyibao.policybook.units import TRUST
from openyibao.warehouse.measure.plantable import BASIS, CITIES, Indicator, asking, choices, plan_of
from openyibao.warehouse.measure.sources import SOURCES
from openyibao.warehouse.measure.written import written

HEAD = """# Indicators 指标

`openyibao indicators --city wuhan` shows a city's plan as it stands: value, baseline, target, verdict, path. Each figure is the sum
over rows that `--id` names and `--rows` lists.

**What is here.** {total} indicators of five cities' plans ask for {distinct} different quantities. {answered} indicators
({quantities} quantities) are answered from the people, contributions and bills of a store; {waiting} wait for a feed, named below.
{own} more quantities, which no plan asks for, serve the fund's own watch.

**Where things stand.** The quantities are defined in `src/openyibao/kernel/indicators/`, the plans' figures in
`src/openyibao/warehouse/measure/plans/`, the rows in `src/openyibao/warehouse/measure/rows/`. This page is printed from them
(`python -m openyibao.warehouse.measure.page`).

**Exactness.** A value is a fraction of integers. It is judged as it stands and shown rounded half up to two decimals: 79.996 % does
not reach 80 %. Months payable and income over outgo come from the funds' monthly sheets (`--sheet`).

**Path and forecast.** The path is a straight line by months from the end of the baseline year to the end of the target year. The
forecast goes on from the baseline through today's value at the same pace: an extrapolation, not a model.
"""

COMPARED = {
    ">=": "不低于 / at least", ">": "高于 / more than", "about": "左右：容差之内 / within the tolerance",
     "hold": "保持：基期上下容差之内 / within the tolerance of the baseline",
    "range": "区间之内 / within two figures", "increase": "高于基期 / above the baseline",
     "adapt": "规划未定数值 / the plan gives no figure",
    "done": "里程碑 / a milestone",
}  # fmt: skip


def row(*cells: str) -> str:
    """A line of a table."""
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def table(*heads: str) -> list[str]:
    """The head of a table."""
    return [row(*heads), row(*("---" for _ in heads))]


def target_of(indicator: Indicator) -> str:
    """The target in one cell."""
    unit, target = indicator.quantity.unit, indicator.target
    if target.comparator == "range" and target.low is not None and target.high is not None:
        return f"{target.low // 100}–{printed(target.high, unit)}, {indicator.target_year}"
    figure = f" {printed(target.low, unit)}" if target.low is not None and target.comparator != "done" else ""
    return f"{target.comparator}{figure}, {indicator.target_year}"


def quantity_lines(quantity: Quantity) -> Iterator[str]:
    """One answered quantity."""
    rows = SOURCES[quantity.code].rows
    plans = " ".join(indicator.id for indicator in asking(quantity.code))
    notes = " / ".join(quantity.reading) if quantity.reading is not None else ""
    yield row(f"`{quantity.code}`", f"{quantity.zh}<br>{quantity.en}", f"{quantity.formula('zh')}<br>{quantity.formula('en')}",
              UNITS[quantity.unit].zh or quantity.unit, WHEN[quantity.when][0], plans or "—", f"`{rows}.sql`" if rows else "—", notes)


def page() -> str:
    """The whole page."""
    everything = [indicator for city in CITIES for indicator in plan_of(city).indicators]
    answered = [indicator for indicator in everything if not indicator.quantity.feed]
    asked = {indicator.quantity.code for indicator in everything}
    parts = [HEAD.format(
        total=len(everything), distinct=len(asked), answered=len(answered), quantities=len({one.quantity.code for one in answered}),
        waiting=len(everything) - len(answered), own=sum(quantity.code not in asked for quantity in ANSWERED)), "## Answered 可计算的", "",
        *table("code", "quantity 指标", "formula 算法", "unit", "when", "plans", "rows", "reading 读法"),
        *(line for quantity in ANSWERED for line in quantity_lines(quantity)), "", "## Waiting 待数据的", "",
        *table("code", "quantity 指标", "formula 算法", "plans", "waits for 待")]  # fmt: skip
    for quantity in AWAITED:
        plans = " ".join(indicator.id for indicator in asking(quantity.code))
        parts.append(row(f"`{quantity.code}`", f"{quantity.zh}<br>{quantity.en}", f"{quantity.formula('zh')}<br>{quantity.formula('en')}",
                         plans, "<br>".join(FEEDS[quantity.feed])))
    for city in CITIES:
        plan = plan_of(city)
        parts += ["", f"## {plan.title}", "", *table("id", "name 名称", "quantity", "baseline", "target", "kind", "formula", "source 出处")]
        for one in plan.indicators:
            baseline = "—"
            if one.baseline is not None:
                baseline = f"{one.baseline_printed or printed(one.baseline, one.quantity.unit)}, {one.baseline_year}"
            extra = "；".join(words for words in (one.scope, one.note) if words)
            parts.append(row(one.id, one.name + (f"（{extra}）" if extra else ""), f"`{one.quantity.code}`", baseline, target_of(one),
                             one.binding or one.kind, one.basis, one.source))
    parts += ["", "## How a target is judged 判定", "", *table("comparator", "meaning"),
              *(row(f"`{name}`", COMPARED[name]) for name in COMPARATORS), "", *table("verdict", "中文", "English"),
              *(row(f"`{name}`", *words) for name, words in VERDICTS.items()), "",
              "Figures that a judgement needs and no plan gives 规划没有写明、判定要用的数：", "",
              *table("name", "value", "what it is", "trust"),
              *(row(f"`{name}`", printed(choice.value, choice.unit), f"{choice.zh}<br>{choice.en}", " / ".join(TRUST[choice.trust]))
                for name, choice in choices().items()), "",
              *table("formula", "meaning"), *(row(f"`{name}`", " / ".join(words)) for name, words in BASIS.items()), "",
              "## The rows 取数", "", *table("file", "grain", "columns"),
              *(row(f"`{name}.sql`", f"{found.zh}<br>{found.grain}", ", ".join(f"`{column.name}`" for column in found.columns))
                for name, found in written().items())]  # fmt: skip
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    print(page(), end="")
