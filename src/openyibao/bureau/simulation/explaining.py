"""One bill on both sides, line by line 单据前后对照: the hardest cases, and any bill behind a figure explained as they are."""

from importlib import import_module
from typing import NamedTuple

from openyibao.bureau.refused import Refused
from openyibao.bureau.simulation.models import Run
from openyibao.bureau.simulation.queries import outcome_of
from openyibao.warehouse.report.amounts import figure
from openyibao.warehouse.report.page import layers_of
from openyibao.warehouse.report.pairing import Pair, pairs
from openyibao.warehouse.simulate.outcome import Case, Explained, Words


class Step(NamedTuple):
    """One step of settling, with its printed figure on both sides."""

    pair: Pair
    before: str
    after: str


class Told(NamedTuple):
    """A case with its steps side by side and the layers that paid."""

    case: Case
    steps: list[Step]
    layers: list[tuple[Words, int, int]]


def told(case: Case) -> Told:
    """A case made ready for a page."""
    return Told(case, [Step(pair, printed(pair.before), printed(pair.after)) for pair in pairs(case)], layers_of(case))


def printed(one: Explained | None) -> str:
    """A step's figure in its unit; a dash where a side does not take the step."""
    return "—" if one is None else figure(one.value, one.unit)


def hardest(run: Run, by: str, rank: int) -> Told:
    """One of the hardest cases. Raises Refused SIM-10 where there is none of that rank."""
    outcome = outcome_of(run)
    cases = outcome.hardest_bills if by == "bill" else outcome.hardest_years
    found = next((case for case in cases if case.rank == rank), None)
    if found is None:
        raise Refused(
            "SIM-10", f"没有第 {rank} 位的个案。", f"There is no case of rank {rank}.", place="rank",
            next_zh="请从结果页选择。", next_en="Choose one from the result's page.",
        )
    return told(found)


def bill(run: Run, bucket: int, row: int) -> Told:
    """Any bill. Raises Refused SIM-10 for one that is not there, SIM-11 where policies are not what they were."""
    case: Case = import_module("openyibao.bureau.simulation.replaying").bill(run, bucket, row)     # loads the compiled law
    return told(case)
