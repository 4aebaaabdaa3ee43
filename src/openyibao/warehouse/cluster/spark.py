"""Tasks on a Spark cluster: a standalone master, or this machine (`local[n]`), by `mapPartitions` over tasks of a few hundred bytes.

Spark hands over a job's results when the whole job has ended. The tasks therefore go as short jobs, WAYS of them under way at once:
while the last tasks of one job run, the next one's fill the free cores, and results come nearly as they are made. A partition costs
Spark some 40 ms whatever is in it, as much as a bucket's totals; it carries several tasks where there are many.
"""

import contextlib
import os
import re
import shutil
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from py4j.protocol import Py4JError
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkException

from openyibao.warehouse.cluster.agreement import ClusterProblem, Expected, Packed, Seen, guarded, see, unpacked, withdraw

T = TypeVar("T")
R = TypeVar("R")

WAYS = 3
"""Jobs under way at once."""
ROUNDS = 2
"""Partitions of one job, per core of the cluster."""
FEWEST, MOST = 8, 16
"""At least so many partitions a core in a whole run, so that none waits long at its end; at most so many tasks a partition."""
ANSWER = 60
"""Seconds in which a first worker must be there."""
AGAIN = 4
"""Times Spark tries a task before it gives up."""
RAISED = re.compile(r"[A-Za-z_.]*(Problem|Error|Exception|Interrupt): ")
"""The line of a Python traceback that says what was raised."""
LOOPBACK = ("127.0.0.1", "localhost")


def connect(url: str, expected: Expected) -> "OnSpark":
    """Start a driver for the master at `url`, and ask the workers what they see. Raises ClusterProblem."""
    if not java():
        raise ClusterProblem(
            "本机没有 Java，Spark 不能启动。请安装 Java 17 或更新版本（Debian：openjdk-17-jre-headless），或用 Dask：tcp://主机:端口。",
            "There is no Java here, so Spark cannot start. Install Java 17 or newer (Debian: openjdk-17-jre-headless), or use Dask.",
        )
    if SparkContext._active_spark_context is not None:
        raise ClusterProblem("本进程已有一个 Spark 连接，请先关闭。", "This process has a Spark connection already; close it first.")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)     # pyspark takes the workers' Python from here alone
    try:
        context = SparkContext(conf=settings(url))
    except (PySparkException, Py4JError, OSError) as problem:
        raise ClusterProblem(f"{url} 没有应答：{_first(problem)}", f"{url} does not answer: {_first(problem)}") from None
    runner = OnSpark(url, context, expected)
    try:
        runner.wait_for_workers()
        runner.seen = runner.workers_seen()
    except BaseException:
        runner.close()
        raise
    return runner


def java() -> bool:
    """Whether Spark will find a Java here."""
    home = os.environ.get("JAVA_HOME")
    return bool(home and (Path(home) / "bin" / "java").exists()) or shutil.which("java") is not None


def settings(url: str) -> SparkConf:
    """Spark's settings beside the installation's own (spark-defaults.conf): no page, no bar; on loopback nothing listens beyond it."""
    conf = SparkConf().setAppName("openyibao").set("spark.ui.enabled", "false").set("spark.ui.showConsoleProgress", "false")
    conf.set("spark.log.level", "ERROR").set("spark.task.maxFailures", str(AGAIN))
    conf.set("spark.python.unix.domain.socket.enabled", "true")     # by TCP, a partition waits twice for a delayed acknowledgement
    if url.startswith("local"):
        cores = url.partition("[")[2].rstrip("]").partition(",")[0] or "1"
        url = f"local[{cores},{AGAIN}]"
    if url.startswith("local") or urlsplit(url).hostname in LOOPBACK:
        conf.set("spark.driver.host", "127.0.0.1").set("spark.driver.bindAddress", "127.0.0.1")
    return conf.setMaster(url)


def _first(problem: BaseException) -> str:
    """The first line of what Java says."""
    return str(problem).strip().partition("\n")[0]


class OnSpark:
    """A runner on a Spark cluster."""

    def __init__(self, url: str, context: SparkContext, expected: Expected) -> None:
        """As `connect` makes it."""
        self.url, self.context, self.expected = url, context, expected
        self.seen: list[Seen] = []

    def wait_for_workers(self) -> None:
        """Return when a worker has joined; without one Spark would wait for ever, and say nothing."""
        java_context: Any = self.context._jsc
        until = time.monotonic() + ANSWER
        while not self.url.startswith("local") and java_context.sc().getExecutorMemoryStatus().size() < 2:  # one is the driver
            if time.monotonic() > until:
                raise ClusterProblem(
                    f"{self.url} 在 {ANSWER} 秒内没有分配工作节点（没有节点，或都被别的任务占用）。",
                    f"{self.url} gave no worker in {ANSWER} seconds: there is none, or others have them all.",
                )
            time.sleep(0.1)

    def workers_seen(self) -> list[Seen]:
        """What the cluster's worker processes have. Spark asks nobody by name: enough questions that each core gets some."""
        questions = self.context.defaultParallelism * ROUNDS
        found = self._collect(see, [self.expected] * questions, questions)
        return list({(one.host, one.process): one for one in found}.values())

    def run(self, work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        """Do every task; results as their jobs end. Leaving early cancels what is under way. Raises ClusterProblem."""
        guard = partial(guarded, self.expected, work)
        left = deque(tasks)
        with ThreadPoolExecutor(WAYS, thread_name_prefix="spark-job") as pool:
            under_way: deque[Future[list[Packed]]] = deque()
            try:
                while left or under_way:
                    while left and len(under_way) < WAYS:
                        cores = max(self.context.defaultParallelism, 1)     # workers may have joined
                        each = min(max(len(tasks) // (cores * FEWEST), 1), MOST)
                        part = [left.popleft() for _ in range(min(cores * ROUNDS * each, len(left)))]
                        under_way.append(pool.submit(self._collect, guard, part, -(-len(part) // each)))
                    yield from map(unpacked, under_way.popleft().result())
            finally:
                if left or under_way:
                    pool.shutdown(wait=False, cancel_futures=True)
                    self.context.cancelAllJobs()

    def _collect(self, work: Callable[[Any], R], tasks: Sequence[Any], partitions: int) -> list[R]:
        """One job."""
        try:
            answers: list[R] = self.context.parallelize(tasks, partitions).mapPartitions(partial(map, work)).collect()
        except (PySparkException, Py4JError, OSError) as problem:
            raise failed(self.url, problem) from None
        return answers

    def close(self) -> None:
        """Leave the cluster, end the driver's Java, and take the token away."""
        gateway: Any = self.context._gateway
        self.context.stop()
        withdraw(self.expected)
        with contextlib.suppress(Py4JError, OSError):
            gateway.shutdown()
        java_process = getattr(gateway, "proc", None)
        if java_process is not None:
            java_process.stdin.close()          # Spark's Java ends when its input does
            java_process.wait(timeout=30)
        SparkContext._gateway = SparkContext._jvm = None


def failed(url: str, problem: BaseException) -> ClusterProblem:
    """Spark's long story of a failed job as one sentence: what the task itself raised, where the story tells it."""
    text = str(problem)
    if "PythonException" in text:
        text = text.partition("Driver stacktrace")[0]
    lines = [line for line in text.splitlines() if RAISED.match(line)]
    said = lines[-1].strip() if lines else _first(problem)
    return ClusterProblem(f"{url} 上的任务失败：{said}", f"A task failed on {url}: {said}")
