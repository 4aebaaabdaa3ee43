"""Doing a run 后台计算: the simulation or the export itself, with signs of life, progress and a stop that is heard within seconds.

The law is compiled when this module is loaded; pages never load it.
"""

import dataclasses
import hashlib
import json
import os
import secrets
import shlex
import shutil
import socket
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import structlog
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.utils import connector_params

from openyibao.bureau.archive.exporting import digests_of, exported
from openyibao.bureau.policydesk.queries import Shelf
from openyibao.bureau.refused import Refused
from openyibao.bureau.simulation import actions
from openyibao.bureau.simulation.models import Run
from openyibao.bureau.simulation.places import folder_of, reform_of, store_at, warehouse
from openyibao.bureau.simulation.rows import Behind
from openyibao.policybook.book import policies_root
from openyibao.policybook.leaf import PolicyError
from openyibao.warehouse.report.files import write_report
from openyibao.warehouse.report.page import NoCharts
from openyibao.warehouse.run.package import PackageProblem
from openyibao.warehouse.run.runner import RunnerProblem, threads
from openyibao.warehouse.simulate.behind import BILLS
from openyibao.warehouse.simulate.hardest import Disagreement
from openyibao.warehouse.simulate.outcome import Outcome
from openyibao.warehouse.simulate.running import simulate
from openyibao.warehouse.tables.store import Store, StoreProblem

BEAT = 0.5
"""Seconds between two signs of life; as soon is a stop heard."""
FIGURES = (
    "totals", "months", "dimensions", "distribution", "attribution", "hardest_bills", "hardest_years", "accounts", "behaviour", "counties",
)  # fmt: skip
"""The parts of an outcome that hold figures: what a second run must give again."""
log = structlog.get_logger("openyibao.simulation")


ENDING = threading.Event()
"""Set when this process is told to end: a run under way leaves off, what it has done stays."""
ASKED = ("已按要求停止；已算完的部分保留，再次运行接着做。", "Stopped as asked; what is done is kept, and the next run goes on from there.")
CLOSED = (
    "后台进程关闭，运行中止；已算完的部分保留，再次运行接着做。",
    "The worker was shut down; what is done is kept, and the next run goes on from there.",
)


class Stopped(Exception):
    """A stop was asked for, or the run is not ours any more."""


class Heart:
    """A thread that writes how far a run is, and hears that it is to stop."""

    def __init__(self, run: Run) -> None:
        """For one run; begun by `with`."""
        self.run, self.phase, self.done, self.whole = run, run.phase, 0, 0
        self.ending, self.stop = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self.beat, name=f"run-{run.pk}", daemon=True)

    def __enter__(self) -> "Heart":
        """Begin to beat."""
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Beat no more."""
        self.ending.set()
        self.thread.join()

    def beat(self) -> None:
        """Until the end: write, listen, wait. A database that does not answer once does not end the run."""
        try:
            while not self.ending.wait(BEAT):
                try:
                    if not actions.seen(run=self.run, phase=self.phase, done=self.done, whole=self.whole, at=timezone.now()):
                        self.stop.set()
                except Exception:
                    log.exception("no sign of life could be written", run=self.run.pk)
        finally:
            connection.close()

    def at(self, phase: str, done: int, whole: int) -> None:
        """So many tasks of a phase are done. Raises Stopped."""
        self.phase, self.done, self.whole = phase, done, whole
        if self.stop.is_set() or ENDING.is_set():
            raise Stopped


def worked(pk: int) -> None:
    """Do a run from its beginning to its end; whatever happens stands in its row."""
    run = actions.begun(pk=pk, worker=f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}", at=timezone.now())
    if run is None:
        return
    with Heart(run) as heart:
        try:
            figures, digest, package = DOING[run.kind](run, heart)
        except Stopped:
            zh, en = CLOSED if ENDING.is_set() else ASKED
            actions.broken_off(run=run, state=Run.STOPPED, zh=zh, en=en, at=timezone.now())
            return
        except Refused as refusal:
            zh, en = refusal.sentence("zh"), refusal.sentence("en")
        except (PolicyError, StoreProblem, PackageProblem, RunnerProblem, NoCharts) as problem:
            zh, en = said(problem)
        except Disagreement as problem:
            zh, en = f"两种算法结果不一致，不出结果：{problem}", f"Two ways of settling disagree, so there is no answer: {problem}"
        except Exception as problem:
            actions.broken_off(run=run, state=Run.FAILED, zh=f"程序出错：{type(problem).__name__}。请把运行号告诉系统管理员。",
                               en=f"A fault of the programme: {type(problem).__name__}. Tell the administrator the run's number.",
                               at=timezone.now())
            raise
        else:
            actions.finished(run=run, figures=figures, digest=digest, package=package, at=timezone.now())
            return
        actions.broken_off(run=run, state=Run.FAILED, zh=zh, en=en, at=timezone.now())


def said(problem: Exception) -> tuple[str, str]:
    """What went wrong in both languages: parted by | or the same twice."""
    zh, bar, en = str(problem).partition(" | ")
    return getattr(problem, "zh", zh), getattr(problem, "en", en if bar else zh)


# ---- simulating ----


def simulated(run: Run, heart: Heart) -> tuple[dict[str, Any], str, str]:
    """Simulate; the figures for lists, their digest, the digest of the reform's package."""
    store, folder, reform = store_at(run.store), folder_of(run.pk), reform_of(run)
    place = folder / "again" if run.again else folder
    if run.again:
        shutil.rmtree(place, ignore_errors=True)
    command = shlex.join([
        "openyibao", "simulate", "--city", run.city, "--year", str(run.year),
        *(word for path in reform.laid for word in ("--already", f"laid/{path.name}")),
        *(word for path in reform.drafts for word in ("--draft", f"drafts/{path.name}")), "--orders", run.reform["orders"],
        *(["--elasticity", run.reform["elasticity"]] if run.reform["elasticity"] else []),
    ])  # fmt: skip
    outcome = simulate(
        store, run.year, reform, out=place, runner=threads(), orders=run.reform["orders"], progress=heart.at, command=command,
        behind=True,
    )  # fmt: skip
    heart.at("report", 0, 1)
    figures = figures_of(outcome, place)
    if run.again:
        shutil.rmtree(place, ignore_errors=True)
    else:
        write_report(outcome, folder)
    heart.at("report", 1, 1)
    return figures, digest_of(outcome), outcome.reproduction.reform_digest


def digest_of(outcome: Outcome) -> str:
    """A digest of every figure of an outcome: the same for the same bills, the same reform and the same law."""
    whole = dataclasses.asdict(outcome)
    return hashlib.sha256(json.dumps({name: whole[name] for name in FIGURES}, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def figures_of(outcome: Outcome, folder: Path) -> dict[str, Any]:
    """What a list and a comparison show. Raises Refused SIM-09 where the rows behind do not sum to the totals."""
    totals = outcome.totals
    with Behind(folder) as behind:
        bills, cost, person = behind.sums(BILLS, "count(*)", "sum(fund_after - fund_before)", "sum(person_after - person_before)")
    if (bills, cost, person) != (outcome.meta.bills, totals.fund.change, totals.person.change):
        raise Refused(
            "SIM-09", f"逐单相加为 {cost} 分，合计为 {totals.fund.change} 分，不出结果。",
            f"The bills sum to {cost} fen and the totals say {totals.fund.change} fen: no answer is given.", place="totals",
        )
    return {
        "bills": bills, "holders": outcome.meta.holders, "cost": cost, "fund": [totals.fund.before, totals.fund.after], "person": person,
        "credits": totals.credits.change, "total": totals.total.change, "bills_changed": totals.bills_changed,
        "bills_gain": totals.bills_gain, "bills_lose": totals.bills_lose, "gain": totals.persons_gain, "lose": totals.persons_lose,
        "same": totals.persons_same, "cautions": dict(Counter(one.trust for one in outcome.cautions)),
        "funds": {fund.key: [fund.before, fund.after] for fund in (*totals.funds, totals.person)},
        "months": {one.key: [one.months_before, one.months_after] for one in outcome.months},
    }  # fmt: skip


# ---- exporting ----


def archived(run: Run, heart: Heart) -> tuple[dict[str, Any], str, str]:
    """The database's year into a store."""
    with psycopg.connect(**connector_params()) as reading:
        reading.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        digests = digests_of(reading, run.admdvs, run.year)
        if len(digests) != 1:
            raise Refused(
                "SIM-06", f"{run.year} 年的结算用了 {len(digests)} 个政策包；年度库须出自一个。",
                f"The settlements of {run.year} rest on {len(digests)} policy packages; a store is of one.", place="year",
                next_zh="请换一个年度。" if not digests else "请分别归档各政策包的年度。", next_en="Choose another year.",
            )
        try:
            book = Shelf(policies_root(), {}).of_digest(digests[0])
        except ObjectDoesNotExist:
            zh, en = f"库中没有政策包 {digests[0]}。", f"The database lacks the package {digests[0]}."
            raise Refused("SIM-07", zh, en, place="year") from None
        done = exported(reading, Store(warehouse() / run.store), run.year, book, lambda at, whole: heart.at("export", at, whole), True)
    return done._asdict(), "", book.digest


DOING: dict[str, Callable[[Run, Heart], tuple[dict[str, Any], str, str]]] = {Run.SIMULATE: simulated, Run.EXPORT: archived}
