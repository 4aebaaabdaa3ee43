"""Tasks on a Dask cluster: a few hundred bytes each way, over TCP or TLS.

A worker that dies gives its tasks to the others; a task is done again as a whole, which is harmless, since its files appear whole or not
at all and are the same whoever writes them. TLS is Dask's own: certificates as its configuration names them (docs/scale-out.md).
"""

import queue
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from functools import partial
from typing import Any, TypeVar

import distributed
from distributed import KilledWorker

from openyibao.warehouse.cluster.agreement import ClusterProblem, Expected, Seen, guarded, see, unpacked, withdraw

T = TypeVar("T")
R = TypeVar("R")

UNTYPED: Any = distributed
"""Dask carries types for some of its calls only."""
ANSWER = 15
"""Seconds in which a scheduler must answer, and a first worker join."""
AGAIN = 2
"""Times a task is tried again when it raises: shared storage has its moments. A worker's death is not counted here."""
LOOK = 5.0
"""Seconds without a result after which we look whether there are still workers."""
PATIENCE = 60.0
"""Seconds without any worker after which a run is given up: a restarted worker has time to come back."""


def connect(url: str, expected: Expected) -> "OnDask":
    """Connect, and ask every worker what it sees. Raises ClusterProblem."""
    security = UNTYPED.Security()       # as Dask's configuration has it
    if url.startswith("tls") and not (security.tls_ca_file and security.tls_client_cert):
        raise ClusterProblem(
            "tls:// 需要证书：请设置 DASK_DISTRIBUTED__COMM__TLS__CA_FILE 和 DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT、…__KEY。",
            "tls:// needs certificates: set DASK_DISTRIBUTED__COMM__TLS__CA_FILE and DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT and …__KEY.",
        )
    try:
        client = UNTYPED.Client(url, timeout=ANSWER, set_as_default=False, name="openyibao", security=security)
    except (OSError, ValueError) as problem:
        raise ClusterProblem(f"{url} 没有应答：{problem}", f"{url} does not answer: {problem}") from None
    try:
        return OnDask(url, client, expected, workers_seen(url, client, expected))
    except BaseException:
        client.close()
        raise


def workers_seen(url: str, client: Any, expected: Expected) -> list[Seen]:
    """What every worker of the cluster has; waits for a first one to join."""
    try:
        client.wait_for_workers(1, timeout=ANSWER)
        answers = client.run(see, expected, on_error="return")
    except TimeoutError:
        raise ClusterProblem(f"{url} 没有工作节点。", f"{url} has no workers.") from None
    except (ImportError, AttributeError) as problem:        # a scheduler that cannot read the question
        raise _without_us(url, problem) from None
    for address, answer in answers.items():
        if isinstance(answer, BaseException):
            raise _without_us(address, answer)
    return list(answers.values())


def _without_us(where: str, problem: BaseException) -> ClusterProblem:
    return ClusterProblem(
        f"{where} 不能运行 OpenYibao（{problem}）。请在调度节点和所有工作节点安装同一版本。",
        f"{where} cannot run OpenYibao ({problem}). Install the same version on the scheduler and every worker.",
    )


class OnDask:
    """A runner on a Dask cluster."""

    def __init__(self, url: str, client: Any, expected: Expected, seen: list[Seen]) -> None:
        """As `connect` makes it."""
        self.url, self.client, self.expected, self.seen = url, client, expected, seen

    def run(self, work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        """Do every task; results as they come. Leaving early cancels what has not begun. Raises what a task raised, or ClusterProblem."""
        done: queue.SimpleQueue[Any] = queue.SimpleQueue()
        waiting: dict[str, Any] = {}
        try:
            for future in self.client.map(partial(guarded, self.expected, work), tasks, pure=False, retries=AGAIN):
                waiting[future.key] = future
                future.add_done_callback(done.put)
            while waiting:
                future = self._next(done)
                result = self._result(future)
                del waiting[future.key]         # the scheduler may forget it
                yield result
        finally:
            if waiting:
                self.client.cancel(list(waiting.values()), force=True)

    def _next(self, done: "queue.SimpleQueue[Any]") -> Any:
        """The next task that ended; raises ClusterProblem when no worker is left to end one."""
        without = 0.0
        while True:
            try:
                return done.get(timeout=LOOK)
            except queue.Empty:
                without = 0.0 if self.client.nthreads() else without + LOOK
                if without >= PATIENCE:
                    raise ClusterProblem(
                        f"{self.url} 已没有工作节点。完成的分桶已写入，重新执行会接着做。",
                        f"{self.url} has no workers left. Finished buckets are written; the same command goes on from there.",
                    ) from None

    def _result(self, future: Any) -> Any:
        """What a task answered. An answer that died with its worker, before we had it, is waited for again."""
        try:
            return unpacked(future.result())
        except CancelledError:
            raise ClusterProblem(
                f"与 {self.url} 的连接已断开。完成的分桶已写入，重新执行会接着做。",
                f"The connection to {self.url} is lost. Finished buckets are written; the same command goes on from there.",
            ) from None
        except KilledWorker as problem:
            raise ClusterProblem(
                f"同一任务使多个工作节点退出（多为内存不足），已停止：{problem}",
                f"One task ended several workers (out of memory, most likely); stopped: {problem}",
            ) from None

    def close(self) -> None:
        """Leave the cluster and take the token away."""
        self.client.close()
        withdraw(self.expected)


