"""Any bill of a run settled once more on both sides 单据重演. The law is compiled when this is loaded: when a bill is first opened."""

from functools import lru_cache
from pathlib import Path

from openyibao.bureau.refused import Refused
from openyibao.bureau.simulation.models import Run
from openyibao.bureau.simulation.places import folder_of, reform_of, store_at
from openyibao.policybook.leaf import PolicyError
from openyibao.warehouse.simulate.hardest import Disagreement
from openyibao.warehouse.simulate.outcome import Case
from openyibao.warehouse.simulate.running import Posed, explained_bill, posed
from openyibao.warehouse.tables.store import StoreProblem


def bill(run: Run, bucket: int, row: int) -> Case:
    """Any bill. Raises Refused SIM-10 for one that is not there, SIM-11 where policies or store are not what they were."""
    try:
        return explained_bill(question(str(folder_of(run.pk)), run.pk, run.digest), bucket, row)
    except (IndexError, StoreProblem, OSError) as problem:
        raise Refused(
            "SIM-10", "没有这张单据，或年度库已不在。", "There is no such bill, or the store is gone.", place="bill",
            next_zh="请从逐单明细里选择。", next_en="Choose one from the list of bills.",
        ) from problem
    except (PolicyError, Disagreement) as problem:
        raise changed() from problem


@lru_cache(maxsize=4)
def question(folder: str, pk: int, digest: str) -> Posed:
    """A run's question posed anew. Raises Refused SIM-11 where the policies of today make other packages than the run's."""
    run = Run.objects.get(pk=pk)
    found = posed(store_at(run.store), run.year, reform_of(run), out=Path(folder))
    if found.packages[1].digest != run.package:
        raise changed()
    return found


def changed() -> Refused:
    """The policies beneath the reform are not those that it was simulated on."""
    return Refused(
        "SIM-11", "模拟之后政策文件已改动，不能再逐步说明这张单据。", "The policy files have changed since: this bill cannot be explained.",
        place="run", next_zh="请再次运行后查看；最难个案的说明保存在结果里，不受影响。",
        next_en="Run it again, then look; the hardest cases are kept with the result.",
    )  # fmt: skip
