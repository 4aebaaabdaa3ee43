"""What is known of runs 模拟查询: which a reader sees, how far they are, what came of them."""

from datetime import datetime, timedelta
from functools import lru_cache

from django.db import connection
from django.db.models import QuerySet

from openyibao.bureau.refused import Refused
from openyibao.bureau.simulation.models import Run
from openyibao.bureau.simulation.places import folder_of
from openyibao.bureau.staff.rights import Rights
from openyibao.warehouse.simulate.outcome import CARD, Outcome, from_json

LEASE = timedelta(seconds=20)
"""A run whose worker gave no sign of life for so long is lost: its worker was killed, or its machine is gone."""
AWAKE = timedelta(seconds=40)
"""A worker that has written to the queue since then is there."""
QUEUE = "simulation"


def runs_for(rights: Rights) -> QuerySet[Run]:
    """The runs that a reader sees: those of the own city; a hospital's post sees none."""
    rows = Run.objects.all()
    if rights.institution:
        return rows.none()
    return rows.filter(admdvs__startswith=rights.area[:4]) if rights.area else rows


def run_for(rights: Rights, pk: int) -> Run:
    """One run. Raises Refused SIM-01 where there is none, or it is another city's."""
    found = runs_for(rights).filter(pk=pk).first()
    if found is None:
        raise Refused(
            "SIM-01", f"没有第 {pk} 号模拟，或不在您的统筹区内。", f"There is no run {pk}, or it is another city's.", place="run",
            next_zh="请从模拟列表里选择。", next_en="Choose one from the list of runs.",
        )
    return found


def state_of(run: Run, at: datetime) -> str:
    """The state as it is to be shown: a run whose worker is gone has failed, written down or not."""
    if run.state == Run.RUNNING and run.seen_at is not None and at - run.seen_at > LEASE:
        return Run.FAILED
    return run.state


def is_anybody_working(at: datetime) -> bool:
    """Whether a worker watches the queue 后台进程."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM procrastinate_workers WHERE last_heartbeat > %s)", [at - AWAKE])
        return bool(cursor.fetchone()[0])


def waiting_before(run: Run) -> int:
    """How many runs are to be done before this one."""
    return Run.objects.filter(state__in=(Run.WAITING, Run.RUNNING), id__lt=run.pk).count()


def together_with(run: Run) -> list[Run]:
    """The runs that were asked for together with this one, itself among them, in order."""
    if not run.together:
        return [run]
    return list(Run.objects.filter(together=run.together).order_by("id")[:12])


def outcome_of(run: Run) -> Outcome:
    """What came of a run that is done. Raises Refused SIM-02 where its files are gone."""
    path = folder_of(run.pk) / CARD
    try:
        return read_outcome(str(path), path.stat().st_mtime_ns)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise Refused(
            "SIM-02", "模拟结果文件不在或读不出。", "The files of this run are gone or cannot be read.", place="run",
            next_zh="请点“再次运行”重新计算；同一方案结果相同。", next_en="Run it again: the same reform gives the same figures.",
        ) from problem


@lru_cache(maxsize=32)
def read_outcome(path: str, written: int) -> Outcome:
    """An outcome from its file; `written` is when, so that a run done again is read again."""
    with open(path, encoding="utf-8") as file:
        return from_json(file.read())
