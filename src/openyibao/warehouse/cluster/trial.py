"""A cluster on this machine 试用集群: a scheduler and workers of Dask as processes of their own, on loopback alone.

The same programs a province starts on its machines (`dask scheduler`, `dask worker`), so that a trial here is a rehearsal.
"""

import importlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, NamedTuple

from openyibao.warehouse.cluster.agreement import ClusterProblem

STARTS = 60.0
"""Seconds in which a process must be up; a first start compiles Python files."""
ENDS = 10.0
"""Seconds a process has to end by itself."""
LOOPBACK = "127.0.0.1"
TIED = "openyibao.warehouse.cluster.tied"


class Trial(NamedTuple):
    """A cluster under way: its address, and its processes."""

    url: str
    scheduler: subprocess.Popen[bytes]
    workers: tuple[subprocess.Popen[bytes], ...]


@contextmanager
def trial(workers: int, port: int = 0, log: Path | None = None) -> Iterator[Trial]:
    """A scheduler and `workers` workers of one thread each for the length of a block; port 0 = a free one.

    What they print goes to `log`. Raises ClusterProblem when they do not come up.
    """
    if find_spec("distributed") is None:
        raise ClusterProblem("没有安装 distributed。请执行 pip install 'openyibao[cluster]'。",
                             "distributed is not installed. Run pip install 'openyibao[cluster]'.")
    started: list[subprocess.Popen[bytes]] = []
    with tempfile.TemporaryDirectory(prefix="openyibao-cluster-") as folder, open(log or Path(folder) / "log", "ab") as said:
        try:
            card = Path(folder) / "scheduler.json"
            common = ("--host", LOOPBACK, "--dashboard-address", f"{LOOPBACK}:0", "--no-dashboard", "--preload", TIED)
            started.append(program(said, "scheduler", *common, "--no-jupyter", "--port", str(port), "--scheduler-file", str(card)))
            url = _address(started[0], card)
            for _ in range(workers):
                started.append(program(said, "worker", url, *common, "--no-nanny", "--nthreads", "1", "--memory-limit", "0",
                                        "--local-directory", folder))
            _wait(url, workers)
            yield Trial(url, started[0], tuple(started[1:]))
        finally:
            end(started)


def program(said: IO[bytes], name: str, *words: str) -> subprocess.Popen[bytes]:
    """One of Dask's programs, in a session of its own: Ctrl-C at the terminal reaches this process first, which ends them in order."""
    command = [sys.executable, "-m", "dask", name, *words]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True)


def _address(scheduler: subprocess.Popen[bytes], card: Path) -> str:
    """The scheduler's address, once it has written it down."""
    until = time.monotonic() + STARTS
    while time.monotonic() < until:
        if scheduler.poll() is not None:
            break
        try:
            return str(json.loads(card.read_text(encoding="utf-8"))["address"])
        except (OSError, ValueError):
            time.sleep(0.05)
    raise ClusterProblem("调度进程没有启动，端口可能已被占用。", "The scheduler did not start; its port may be taken.")


def _wait(url: str, workers: int) -> None:
    """Return when all workers have joined."""
    distributed: Any = importlib.import_module("distributed")
    try:
        with distributed.Client(url, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=STARTS)
    except OSError as problem:
        raise ClusterProblem(f"工作进程没有启动：{problem}", f"The workers did not start: {problem}") from None


def end(started: list[subprocess.Popen[bytes]]) -> None:
    """End the processes, the last begun first: a worker leaves its scheduler in order, and would wait for one that is gone."""
    for process in reversed(started):
        process.terminate()
        try:
            process.wait(ENDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
