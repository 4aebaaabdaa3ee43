"""Runs side by side 方案对比: every measure of two to four scenarios in one table, and what differs as charts."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from openyibao.bureau.simulation.drafting import as_date
from openyibao.bureau.simulation.lists import worded
from openyibao.bureau.simulation.models import Run
from openyibao.bureau.simulation.shown import bills_of, hundredths, years_of
from openyibao.kernel import codes
from openyibao.warehouse.simulate.outcome import Outcome

Found = list[tuple[Run, Outcome]]


class Cell(NamedTuple):
    """One scenario's figure with where it opens; `kind`: fen, count, text."""

    value: Any
    kind: str
    link: str = ""


class Row(NamedTuple):
    """One measure of every scenario."""

    title: str
    cells: list[Cell]
    heading: bool = False


def beside(found: Found) -> dict[str, Any]:
    """Scenarios side by side: a table by measure, the funds' changes and the people as charts."""
    heads = [f"{run.pk} · {day_words(run)}" for run, _outcome in found]
    names = {fund.key: worded(fund.words) for _run, one in found for fund in one.totals.funds}
    moved = {key: name for key, name in names.items() if any(change_of(one, key) for _run, one in found)}
    funds = [[name, *(change_of(one, key) for _run, one in found)] for key, name in moved.items()]
    whole = [_("基金合计"), *(one.totals.fund.change for _run, one in found)]
    people = [
        [_("变好（人）"), *(one.totals.persons_gain for _run, one in found)],
        [_("变差（人）"), *(one.totals.persons_lose for _run, one in found)],
    ]
    return {
        "rows": [*money_rows(found, moved), *month_rows(found), *people_rows(found)],
        "chart": {"columns": [_("付款方"), *heads], "rows": [*funds, whole], "unit": "fen", "plain": True},
        "height": 26 * len(found) * (len(funds) + 1) + 90,
        "people": {"columns": [_("得失"), *heads], "rows": people, "unit": "count", "plain": True},
        "same_bills": len({(run.store, run.year) for run, _outcome in found}) == 1,
        "runs": [(run, worded(one.meta.title)) for run, one in found],
    }


def money_rows(found: Found, moved: dict[str, str]) -> list[Row]:
    """From which day, how many changes, and who pays more or less."""
    def row(title: str, value: Callable[[Run, Outcome], Cell], heading: bool = False) -> Row:
        return Row(title, [value(run, one) for run, one in found], heading)

    def paid(key: str) -> Callable[[Run, Outcome], Cell]:
        return lambda run, one: Cell(change_of(one, key), "fen", bills_of(run, payer=key, way="moved"))

    def person(run: Run, one: Outcome) -> Cell:
        return Cell(one.totals.person.change, "fen", bills_of(run, payer="person", way="moved"))

    page = "simulation"
    return [
        row(_("自何日起"), lambda run, one: Cell(day_words(run), "text")),
        row(_("改动的参数"), lambda run, one: Cell(len(one.changes), "count", reverse(page, args=[run.pk]) + "#changes")),
        row(_("基金支出变化（元）"), lambda run, one: Cell(one.totals.fund.change, "fen", bills_of(run, payer="fund", way="moved")), True),
        *(row(name, paid(key)) for key, name in moved.items()),
        row(_("个人负担变化（元）"), person, True),
        row(_("划入个人账户变化（元）"), lambda run, one: Cell(one.totals.credits.change, "fen", years_of(run, scheme=codes.EMPLOYEE))),
    ]


def month_rows(found: Found) -> list[Row]:
    """Months payable of each fund, before and after."""
    rows = []
    for key, name in {month.key: worded(month.words) for _run, one in found for month in one.months}.items():
        cells = []
        for run, one in found:
            month = next((month for month in one.months if month.key == key), None)
            text = f"{hundredths(month.months_before)} → {hundredths(month.months_after)}" if month else "—"
            cells.append(Cell(text, "text", reverse("simulation", args=[run.pk]) + "#months"))
        rows.append(Row(_("%(fund)s可支付月数") % {"fund": name}, cells))
    return rows


def people_rows(found: Found) -> list[Row]:
    """Who gains, who loses, how many bills come out differently."""
    return [
        Row(_("变好（人）"), [Cell(one.totals.persons_gain, "count", years_of(run, way="more")) for run, one in found], True),
        Row(_("变差（人）"), [Cell(one.totals.persons_lose, "count", years_of(run, way="less")) for run, one in found]),
        Row(_("变差最多的一年（元）"), [Cell(one.distribution.smallest, "fen", years_of(run, way="less")) for run, one in found]),
        Row(_("个人多负担的单据"),
            [Cell(one.totals.bills_lose, "count", bills_of(run, payer="person", way="more")) for run, one in found]),
    ]  # fmt: skip


def change_of(one: Outcome, key: str) -> int:
    """What a payer pays more."""
    return next((fund.change for fund in one.totals.funds if fund.key == key), 0)


def day_words(run: Run) -> str:
    """The day a run's reform begins."""
    return as_date(run.reform["starts"]).isoformat() if run.reform.get("starts") else "—"
