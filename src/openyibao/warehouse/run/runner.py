"""Who does the tasks 执行器: this process, processes of this machine, or a cluster; the answers come as they are ready.

A runner knows nothing of insurance: it calls a function with each task and hands back what it returns. Closing the iterator before its
end (an interruption) lets the tasks under way finish and starts no more.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 2
"""Tasks a worker has waiting for it beside the one it does."""


class RunnerProblem(Exception):
    """The workers could not finish, for a reason that is not the task's own."""


class Runner(Protocol):
    """Does tasks on whatever cores or machines it has."""

    def run(self, work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        """The answers, in any order, as they come. What `work` raises is raised here."""
        ...


class Here:
    """One task after the other in this process."""

    def run(self, work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        """The answers in the order of the tasks."""
        return (work(task) for task in tasks)


class Threads:
    """Threads of this process: the compiled law holds no lock, so that they share cores without a start of their own."""

    def __init__(self, workers: int) -> None:
        """`workers` tasks at the same time."""
        self.workers = workers

    def run(self, work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        """The answers as they come."""
        with ThreadPoolExecutor(self.workers) as pool:
            try:
                yield from answers(pool, self.workers, work, tasks)
            finally:
                pool.shutdown(wait=True, cancel_futures=True)


class Processes:
    """Processes of this machine, each with the compiled law loaded once: for work that is not compiled throughout."""

    def __init__(self, workers: int) -> None:
        """`workers` processes at the same time."""
        self.workers = workers

    def run(self, work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        """The answers as they come. Raises RunnerProblem when a process dies."""
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(max(min(self.workers, len(tasks)), 1), mp_context=context, initializer=leave_interrupts)
        try:
            yield from answers(pool, self.workers, work, tasks)
        except BrokenProcessPool:
            raise RunnerProblem("一个工作进程中途退出（可能内存不足）；重新运行会从已完成的分区继续。 "
                                "A worker process ended midway (out of memory?); run again to go on from the buckets done.") from None
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def answers(pool: Executor, workers: int, work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
    """Hand tasks to a pool, a few ahead of what it does, and yield what is ready."""
    waiting = set[Future[R]]()
    for task in tasks:
        waiting.add(pool.submit(work, task))
        if len(waiting) >= workers * (1 + AHEAD):
            ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in ready)
    while waiting:
        ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        yield from (future.result() for future in ready)


def leave_interrupts() -> None:
    """A worker leaves Ctrl-C to the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def threads(workers: int = 0) -> Runner:
    """The runner for settling on this machine: `workers` threads, 0 = as many as there are cores; one worker is this thread itself."""
    count = workers or cores()
    return Threads(count) if count > 1 else Here()


def processes(workers: int = 0) -> Runner:
    """The runner for work that is mostly plain Python: `workers` processes, 0 = as many as there are cores; one is this process."""
    count = workers or cores()
    return Processes(count) if count > 1 else Here()
