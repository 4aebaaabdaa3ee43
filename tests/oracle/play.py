"""Golden cases played through the independent calculator: bills in order, reversals with strict replay, allowances."""

from typing import Any

from golden.cases import Case, Step
from oracle import calculator, casework, lines

Figures = dict[str, Any]


def sums_of(city: str, step: Step, mode: str) -> dict[str, int]:
    """The claim of a step, its sums made from the lines where it has lines."""
    return step.claim | (lines.sums(city, step.lines, mode) if step.lines else {})


def allowance(step: Step, mode: str) -> Figures:
    """Maternity allowance 生育津贴: monthly average by 30 times days, rounded once."""
    amount = casework.yuan(step.allowance["monthly_average"]) * step.allowance["days"] / 30
    return {"allowance": casework.fen(casework.cents(mode)(amount)), "outcome": 0}


def shown(result: dict[str, Any]) -> Figures:
    """What a case may expect of a bill: national fields, outcome, admission number, excess sessions."""
    names = ("outcome", "admission", "excess_sessions")
    return result["fields"] | {name: result[name] for name in names}


def given_back(now: dict[str, int], before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """The accumulators less what one bill had added; what is not a sum (periods, the last stay) stays as it is."""
    sums = [name for name in casework.ONE_YEAR + ("account", "family") if name not in ("quota_period", "dialysis_month")]
    return now | {name: now[name] - (after[name] - before.get(name, 0)) for name in sums}


def replay(case: Case, kept: list[tuple[int, dict[str, int]]], from_step: int, mode: str) -> tuple[dict[str, int], list[Figures]]:
    """The year built anew from the bills kept, and the figures of those after `from_step`."""
    year, again = dict(case.year), []
    for number, claim in kept:
        result, year = calculator.settle(case.city, claim, year, case.readings, mode)
        if number > from_step:
            again.append(shown(result))
    return year, again


def play(case: Case) -> list[tuple[Figures, dict[str, int], list[Figures]]]:
    """(figures, year after, figures of the bills replayed) of each step."""
    mode = "truncate" if case.rounding else "half_up"
    year = dict(case.year)
    kept: list[tuple[int, dict[str, int]]] = []
    years: list[tuple[dict[str, int], dict[str, int]]] = []
    played: list[tuple[Figures, dict[str, int], list[Figures]]] = []
    for number, step in enumerate(case.steps, 1):
        before, again = year, []
        if step.allowance:
            figure = allowance(step, mode)
        elif step.reverse:
            figure = {name: -amount for name, amount in played[step.reverse - 1][0].items()}
            kept = [entry for entry in kept if entry[0] != step.reverse]
            if step.strict:
                year, again = replay(case, kept, step.reverse, mode)
            else:
                year = given_back(year, *years[step.reverse - 1])
        else:
            claim = sums_of(case.city, step, mode)
            result, year = calculator.settle(case.city, claim, year, case.readings, mode)
            figure = shown(result)
            kept.append((number, claim))
        years.append((before, year))
        played.append((figure, year, again))
    return played
