"""From an address to a runner 连接集群: `tcp://…` and `tls://…` are Dask's, `spark://…` and `local[n]` Spark's.

Both are optional parts of an installation, so their modules are loaded here, when an address asks for them.
"""

import importlib
import re
import socket
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Protocol, TypeVar

from openyibao.warehouse.cluster.agreement import ClusterProblem, Seen, expect, faults, withdraw

T = TypeVar("T")
R = TypeVar("R")

DASK = re.compile(r"(tcp|tls)://[^/\s]+:\d+")
SPARK = re.compile(r"spark://[^/\s]+:\d+(,[^/\s]+:\d+)*|local(\[(\d+|\*)(,\s*\d+)?\])?")

ANSWER = 10
"""Seconds in which an address must answer."""


class Connected(Protocol):
    """A runner on a cluster: `run` as every runner's, `seen` what its workers answered when it connected, `close` to leave."""

    seen: list[Seen]

    def run(self, work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        """Do every task; results as they come, in no order."""
        ...

    def close(self) -> None:
        """Leave the cluster."""
        ...


def runner_for(url: str, store: Path | None = None, out: Path | None = None) -> Connected:
    """Connect to a cluster and check its workers against this machine, the store and the folder of results.

    Raises ClusterProblem for an address of no kind known, a part that is not installed, no answer, no worker, or a worker that disagrees.
    """
    module = module_for(url)
    answers(url)
    expected = expect(store, out)
    try:
        runner: Connected = module.connect(url, expected)
    except BaseException:
        withdraw(expected)
        raise
    found = faults(expected, runner.seen)
    if found:
        runner.close()
        more = len(found) - 1
        raise ClusterProblem(found[0].zh + (f"（另有 {more} 个）" if more else ""), found[0].en + (f" ({more} more)" if more else ""))
    return runner


def module_for(url: str) -> ModuleType:
    """The module that speaks to the cluster at an address. Raises ClusterProblem."""
    if DASK.fullmatch(url):
        return _loaded("openyibao.warehouse.cluster.dask", "distributed", "cluster")
    if SPARK.fullmatch(url):
        return _loaded("openyibao.warehouse.cluster.spark", "pyspark", "spark")
    raise ClusterProblem(
        f"不认识的集群地址 {url}。Dask 写 tcp://主机:端口 或 tls://主机:端口，Spark 写 spark://主机:端口 或 local[2]。",
        f"{url} is no address of a cluster. Dask: tcp://host:port or tls://host:port; Spark: spark://host:port or local[2].",
    )


def answers(url: str) -> None:
    """Whether anything listens at an address: Dask and Spark take half a minute to find out. Raises ClusterProblem."""
    if url.startswith("local"):
        return
    host, _, port = url.partition("://")[2].partition(",")[0].rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=ANSWER).close()
    except OSError as problem:
        raise ClusterProblem(f"{url} 没有应答：{problem}", f"{url} does not answer: {problem}") from None


def _loaded(module: str, package: str, extra: str) -> ModuleType:
    """A module of ours that needs an optional package."""
    if find_spec(package) is None:
        raise ClusterProblem(
            f"没有安装 {package}。请执行 pip install 'openyibao[{extra}]'，工作节点上也要安装。",
            f"{package} is not installed. Run pip install 'openyibao[{extra}]', on the workers too.",
        )
    return importlib.import_module(module)
