"""What the simulation desk writes 改革模拟办理: runs asked for, stopped, done again; and what a worker reports of one it does.

    waiting -> running -> done | stopped | failed      stopped, failed -> waiting (again)      done -> running -> done (a second run)

A worker writes under the try it began: once it is given up for lost, and somebody has asked again, its late words find no row.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from asgiref.sync import async_to_sync
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from openyibao.bureau.policymaking.actions import attach
from openyibao.bureau.policymaking.queries import open_drafts
from openyibao.bureau.refused import Refused
from openyibao.bureau.simulation.drafting import Draft, as_date
from openyibao.bureau.simulation.models import Run
from openyibao.bureau.simulation.queries import LEASE, QUEUE
from openyibao.bureau.staff import work
from openyibao.bureau.staff.actions import acted
from openyibao.policybook.book import Book

TASK = "simulation.work"
"""The queue's name for doing a run (tasks.py)."""
LOST = (
    "运行它的后台进程中途退出（可能内存不足或被终止），已完成的部分保留。",
    "Its worker ended midway (out of memory, or killed); what is done is kept.",
)


class Scenario(NamedTuple):
    """One reform to be tried 方案: its name, its drafts as they are played, the day they begin, and the day they say themselves."""

    title: str  # without the day
    title_en: str
    drafts: tuple[Draft, ...]
    starts: int
    said: int  # the first day that the drafts themselves name
    laid: tuple[Draft, ...] = ()  # changes in force on both sides


class Options(NamedTuple):
    """What is computed beside the figures 选项."""

    orders: str = "all"  # attribution: all, given, none
    elasticity: str = ""  # behaviour: empty = off


@transaction.atomic
def asked(
    *, book: Book, store: str, year: int, scenarios: Sequence[Scenario], options: Options, by: str, at: datetime, expected: str = "",
    together: int = 0,
) -> list[Run]:  # fmt: skip
    """Ask for one or more scenarios to be simulated on the same bills 新建模拟; each is a run of its own.

    expected  the digest of figures that a package brought along: the run says whether it gets the same
    together  runs asked for before that these are compared with
    """
    runs = []
    for one in scenarios:
        reform = {
            "drafts": [draft._asdict() for draft in one.drafts], "laid": [draft._asdict() for draft in one.laid],
            "starts": one.starts, "said": one.said, "orders": options.orders, "elasticity": options.elasticity,
            "titles": [one.title, one.title_en],
        }  # fmt: skip
        spoken = as_date(one.starts).isoformat()
        runs.append(Run.objects.create(
            city=book.city, admdvs=f"{book.admdvs:06d}", store=store, year=year, title=f"{one.title[:180]}（自 {spoken}）",
            title_en=f"{one.title_en[:180]} (from {spoken})", reform=reform, asked_by=by, asked_at=at, expected=expected, together=together,
        ))  # fmt: skip
    group = together or (runs[0].pk if len(runs) > 1 else 0)
    for run in runs:
        run.together = group
        queued(run, by=by, what="simulation.ask", at=at)
    return runs


@transaction.atomic
def asked_later(*, run: Run, scenario: Scenario, book: Book, by: str, at: datetime) -> Run:
    """Ask for the reform of a run from another day 改期再算: a second column beside the first."""
    first = Run.objects.select_for_update().get(pk=run.pk)
    if not first.together:
        first.together = first.pk
        first.save(update_fields=["together"])
    options = Options(first.reform["orders"], first.reform["elasticity"])
    found = asked(
        book=book, store=first.store, year=first.year, scenarios=[scenario], options=options, by=by, at=at, together=first.together
    )
    return found[0]


@transaction.atomic
def export_asked(*, book: Book, year: int, by: str, at: datetime) -> Run:
    """Ask for the database's year to be written to a store 数据库归档. Raises Refused SIM-05 while the same is under way."""
    store = f"{book.city}-database"
    under_way = Run.objects.select_for_update().filter(kind=Run.EXPORT, store=store, state__in=(Run.WAITING, Run.RUNNING)).first()
    if under_way is not None:
        raise Refused(
            "SIM-05", f"{store} 正在写出（第 {under_way.pk} 号）。", f"{store} is being written (run {under_way.pk}).", place="year",
            next_zh="请等它完成。", next_en="Wait until it is done.",
        )
    run = Run.objects.create(
        kind=Run.EXPORT, city=book.city, admdvs=f"{book.admdvs:06d}", store=store, year=year, title=f"{book.name} {year} 年单据归档",
        title_en=f"{book.name_en}: bills of {year} into a store", asked_by=by, asked_at=at,
    )  # fmt: skip
    queued(run, by=by, what="simulation.export", at=at)
    return run


def attached(*, run: Run, draft: int, by: str, at: datetime) -> None:
    """Put a run that is done under a draft of its city as evidence 附作依据.

    Raises Refused SIM-14 for a run that is not done or of another city, and what `policymaking.actions.attach` raises.
    """
    city = next((one.city for one in open_drafts(run.city, by) if one.pk == draft), "")
    if run.kind != Run.SIMULATE or run.state != Run.DONE or city != run.city:
        raise Refused(
            "SIM-14", "只能把算完的模拟附到本人起草、同一统筹区、尚未批准的草案上。",
            "Only a simulation that is done can be attached, and only to one's own undecided draft of the same city.", place="draft",
            next_zh="请等它算完，或另选一份草案。", next_en="Wait until it is done, or choose another draft.",
        )
    attach(pk=draft, simulation=run.pk, title=run.title, title_en=run.title_en, by=by, at=at)


def queued(run: Run, *, by: str, what: str, at: datetime) -> None:
    """Hand a run to the queue; in the transaction of the row, so that neither is there without the other."""
    run.job = app.configure_task(TASK, queue=QUEUE).defer(run=run.pk)
    run.save()
    acted(officer=by, what=what, object=f"run/{run.pk}", at=at, detail={"city": run.city, "year": run.year, "store": run.store})


@transaction.atomic
def stopped(*, pk: int, by: str, at: datetime) -> Run:
    """Stop a run 停止: one that waits at once, one under way as soon as its worker hears it. Raises Refused SIM-03 for one that is over."""
    run = Run.objects.select_for_update().get(pk=pk)
    if run.over:
        raise Refused(
            "SIM-03", "这次运行已经结束，不用再停。", "This run is over already.", place="run",
            next_zh="请查看结果，或再次运行。", next_en="See what came of it, or run it again.",
        )
    if run.state == Run.WAITING:
        run.state, run.ended_at = Run.STOPPED, at
        if run.job is not None:
            app.job_manager.cancel_job_by_id(run.job)
    run.stop_asked = True
    run.save()
    acted(officer=by, what="simulation.stop", object=f"run/{pk}", at=at)
    return run


@transaction.atomic
def asked_again(*, pk: int, by: str, at: datetime) -> Run:
    """Do a run again 再次运行: one that was stopped or failed goes on with the parts that are there; one that is done is computed a second
    time from the beginning, and told whether it gave the same. Raises Refused SIM-04 for one under way.
    """
    run = Run.objects.select_for_update().get(pk=pk)
    if not run.over:
        raise Refused(
            "SIM-04", "这次运行还没有结束。", "This run is not over yet.", place="run",
            next_zh="请等它完成，或先停止。", next_en="Wait until it is done, or stop it first.",
        )
    run.again = bool(run.digest)
    run.state, run.stop_asked, run.problem, run.problem_en = Run.WAITING, False, "", ""
    run.phase, run.done, run.whole = "", 0, 0
    queued(run, by=by, what="simulation.again", at=at)
    return run


# ---- what a worker reports ----


@transaction.atomic
def begun(*, pk: int, worker: str, at: datetime) -> Run | None:
    """Begin a run; None when it does not wait: it was stopped, or another worker has it."""
    run = Run.objects.select_for_update().filter(pk=pk, state=Run.WAITING).first()
    if run is None:
        return None
    run.state, run.worker, run.tries = Run.RUNNING, worker[:80], run.tries + 1
    run.began_at, run.seen_at, run.ended_at = at, at, None
    run.save()
    return run


def seen(*, run: Run, phase: str, done: int, whole: int, at: datetime) -> bool:
    """A sign of life, with how far the run is. Returns whether to go on: not when a stop was asked for, or the run was given up."""
    mine = Run.objects.filter(pk=run.pk, tries=run.tries, state=Run.RUNNING)
    there = mine.update(seen_at=at, phase=phase, done=done, whole=whole)
    return bool(there) and mine.filter(stop_asked=False).exists()


@transaction.atomic
def finished(*, run: Run, figures: Mapping[str, Any], digest: str, package: str, at: datetime) -> None:
    """A run is done; a second one says whether it gave what the first gave."""
    row = own(run)
    if row is None:
        return
    row.state, row.ended_at, row.seen_at = Run.DONE, at, at
    if row.again:
        row.again, row.again_at, row.again_same = False, at, digest == row.digest
    else:
        row.figures, row.digest, row.package = dict(figures), digest, package
    row.save()
    acted(officer="worker", what="simulation.done", object=f"run/{row.pk}", at=at, detail={"digest": digest, "seconds": row.seconds})
    work.told(
        officer=row.asked_by, text=f"模拟已完成：{row.title}", text_en=f"Done: {row.title_en or row.title}", at=at,
        link=f"/simulations/{row.pk}",
    )  # fmt: skip


@transaction.atomic
def broken_off(*, run: Run, state: str, zh: str, en: str, at: datetime) -> None:
    """A run ended without an answer; a second run that did leaves the first one's answer as it is."""
    row = own(run)
    if row is None:
        return
    end_without_answer(row, state=state, zh=zh, en=en, at=at)


def own(run: Run) -> Run | None:
    """The row, locked, if it still is this worker's."""
    return Run.objects.select_for_update().filter(pk=run.pk, tries=run.tries, state=Run.RUNNING).first()


def end_without_answer(row: Run, *, state: str, zh: str, en: str, at: datetime) -> None:
    """Write that a run was stopped or failed, and tell who asked."""
    row.state, row.ended_at, row.problem, row.problem_en = state, at, zh, en
    if row.again:
        row.again, row.state = False, Run.DONE
    row.save()
    acted(officer="worker", what=f"simulation.{state}", object=f"run/{row.pk}", at=at)
    if state == Run.FAILED:
        text, text_en = f"模拟没有完成：{row.title}。{zh}", f"Failed: {row.title_en or row.title}. {en}"
        work.told(officer=row.asked_by, text=text, text_en=text_en, at=at, link=f"/simulations/{row.pk}")


@transaction.atomic
def given_up(*, at: datetime) -> int:
    """Write down the runs whose workers are gone as failed, and end their jobs in the queue; how many there were."""
    lost = list(Run.objects.select_for_update(skip_locked=True).filter(state=Run.RUNNING, seen_at__lt=at - LEASE))
    for row in lost:
        end_without_answer(row, state=Run.FAILED, zh=LOST[0], en=LOST[1], at=at)
        if row.job is not None and app.job_manager.get_job_status(row.job) == Status.DOING:
            async_to_sync(app.job_manager.finish_job_by_id_async)(job_id=row.job, status=Status.FAILED, delete_job=False)
    return len(lost)
