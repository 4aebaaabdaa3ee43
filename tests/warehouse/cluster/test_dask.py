"""A real TCP scheduler and two worker processes: the same bytes as one machine, a worker killed, a run left, a worker of another law."""

import os
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import openyibao
from openyibao.warehouse.cluster.agreement import ClusterProblem
from openyibao.warehouse.cluster.connect import runner_for
from openyibao.warehouse.cluster.trial import LOOPBACK, Trial, end, program, trial
from openyibao.warehouse.run.driver import recorded_package, resettle
from openyibao.warehouse.tables.store import Store
from warehouse.cluster.conftest import BUCKETS
from warehouse.cluster.held import Holding, broken, files_of, slow, whoever

pytest.importorskip("distributed", reason="distributed is not installed: pip install 'openyibao[cluster]'")


def test_a_cluster_writes_the_same_bytes_as_one_machine(store, alone, dask):
    out = store.root / "runs" / "dask"
    with closing(runner_for(dask.url, store.root, out)) as runner:
        assert {one.process for one in runner.seen} == {worker.pid for worker in dask.workers}
        run = resettle(store, 2023, recorded_package(store, 2023), out, runner=runner)
    assert run.buckets == BUCKETS and run.bills > 1_000
    assert files_of(out) == files_of(alone)


def test_the_totals_alone_are_the_same(store, dask):
    package = recorded_package(store, 2023)
    here = resettle(store, 2023, package)
    with closing(runner_for(dask.url, store.root)) as runner:
        there = resettle(store, 2023, package, runner=runner)
    assert (there.cube == here.cube).all() and there[5:7] == here[5:7] and there.bills == here.bills


def test_paths_are_told_as_workers_elsewhere_can_read_them(store, alone, dask, monkeypatch):
    monkeypatch.chdir(store.root)
    here, out = Store(Path()), Path("runs/relative")
    with closing(runner_for(dask.url, here.root, out)) as runner:
        resettle(here, 2023, recorded_package(here, 2023), out, runner=runner)
    assert files_of(out) == files_of(alone)


@pytest.fixture(scope="module")
def doomed(path_of_tests: None) -> Iterator[Trial]:
    """A cluster whose processes the tests kill, one after the other."""
    with trial(2) as running:
        yield running


def test_a_worker_killed_on_the_way_changes_nothing(store, alone, doomed, tmp_path):
    out, mark = store.root / "runs" / "killed", tmp_path / "mark"
    killed = []

    def progress(done, tasks, bills):
        if not killed and mark.exists() and (process := mark.read_text()):
            killed.append(int(process))
            os.kill(int(process), signal.SIGKILL)

    with closing(runner_for(doomed.url, store.root, out)) as runner:
        resettle(store, 2023, recorded_package(store, 2023), out, runner=Holding(runner, 3, mark), progress=progress)
    gone = [worker for worker in doomed.workers if worker.poll() is not None]
    assert [worker.pid for worker in gone] == killed and [worker.returncode for worker in gone] == [-signal.SIGKILL]
    assert files_of(out) == files_of(alone)


def test_both_workers_are_used(dask):
    with closing(runner_for(dask.url)) as runner:
        assert len(set(runner.run(whoever, list(range(20))))) == 2


def test_a_run_that_is_left_goes_on_to_the_same_bytes(store, alone, dask):
    out = store.root / "runs" / "left"

    def leave(done, tasks, bills):
        raise KeyboardInterrupt

    with closing(runner_for(dask.url, store.root, out)) as runner, pytest.raises(KeyboardInterrupt):
        resettle(store, 2023, recorded_package(store, 2023), out, runner=runner, progress=leave)
    assert (out / "run.json").exists()
    with closing(runner_for(dask.url, store.root, out)) as runner:
        resettle(store, 2023, recorded_package(store, 2023), out, runner=runner)
    assert files_of(out) == files_of(alone)


def test_what_has_not_begun_is_not_begun_after_leaving(dask):
    with closing(runner_for(dask.url)) as runner:
        answers = runner.run(slow, list(range(200)))
        next(answers)
        answers.close()
        assert sum(len(keys) for keys in runner.client.processing().values()) <= len(dask.workers)


def test_what_a_task_raises_arrives(dask):
    with closing(runner_for(dask.url)) as runner, pytest.raises(ValueError, match="cut short"):
        list(runner.run(broken, [1, 2, 3]))


def test_a_worker_of_another_law_is_refused(dask, tmp_path):
    shutil.copytree(Path(next(iter(openyibao.__path__))), tmp_path / "openyibao", ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "openyibao" / "kernel" / "rounding.py").open("a") as file:
        file.write("\n# another law\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(tmp_path))
        with open(tmp_path / "log", "wb") as said:
            other = program(said, "worker", dask.url, "--host", LOOPBACK, "--no-nanny", "--local-directory", str(tmp_path))
    try:
        with closing(runner_for(dask.url)) as runner:
            runner.client.wait_for_workers(3, timeout=30)
        with pytest.raises(ClusterProblem, match="another OpenYibao") as problem:
            runner_for(dask.url)
        assert str(other.pid) in problem.value.zh
    finally:
        end([other])


def test_when_nobody_is_left_the_run_ends_with_a_sentence(doomed, monkeypatch):
    module = sys.modules["openyibao.warehouse.cluster.dask"]
    monkeypatch.setattr(module, "LOOK", 0.2)
    with closing(runner_for(doomed.url)) as runner:
        answers = runner.run(slow, list(range(50)))
        next(answers)
        for worker in doomed.workers:
            worker.kill()
        monkeypatch.setattr(module, "PATIENCE", 0.4)
        with pytest.raises(ClusterProblem, match="no workers left"):
            list(answers)
        monkeypatch.setattr(module, "PATIENCE", 60.0)
        losing = threading.Timer(0.5, doomed.scheduler.kill)
        losing.start()
        with pytest.raises(ClusterProblem, match=r"connection .* is lost"):
            list(runner.run(slow, list(range(50))))
        losing.join()
