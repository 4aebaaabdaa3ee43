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


def play(case: Case) -> list[tuple[Figures, dict[str, int], list[Figures]]]:
    """(figures, year after, figures of the bills replayed) of each step."""
    mode = "truncate" if case.rounding else "half_up"
    year, kept, played = dict(case.year), [], []
    for number, step in enumerate(case.steps, 1):
        if step.allowance:
            played.append((allowance(step, mode), year, []))
        elif step.reverse:
            mirror = {name: -amount for name, amount in played[step.reverse - 1][0].items()}
            kept = [entry for entry in kept if entry[0] != step.reverse]
            year, again = dict(case.year), []
            for earlier, claim in kept:
                result, year = calculator.settle(case.city, claim, year, case.readings, mode)
                if earlier > step.reverse:
                    again.append(shown(result))
            played.append((mirror, year, again))
        else:
            claim = sums_of(case.city, step, mode)
            result, year = calculator.settle(case.city, claim, year, case.readings, mode)
            kept.append((number, claim))
            played.append((shown(result), year, []))
    return played
