"""Tasks of the tests, which workers import: one that waits to be killed the first time it is done, one that fails, one that says where."""

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from openyibao.warehouse.run.parts import Done
from openyibao.warehouse.run.task import Task, settle_bucket

LONGEST = 60.0
"""Seconds after which a worker that nobody killed gives up."""


class Held(NamedTuple):
    """A task, and the file where whoever meets it first leaves its process number and waits."""

    task: Task
    mark: str


def settle_held(held: Held) -> Done:
    """Settle the bucket; the first to come for a marked one waits until it is killed."""
    if held.mark:
        try:
            mark = os.open(held.mark, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        except FileExistsError:
            return settle_bucket(held.task)
        os.write(mark, str(os.getpid()).encode())
        os.close(mark)
        time.sleep(LONGEST)
        raise AssertionError("nobody killed this worker")
    return settle_bucket(held.task)


class Holding:
    """A runner whose task for one bucket is held."""

    def __init__(self, runner: Any, bucket: int, mark: Path) -> None:
        """On top of another runner."""
        self.runner, self.bucket, self.mark = runner, bucket, mark

    def run(self, work: Any, tasks: Sequence[Task]) -> Iterator[Any]:
        """The same tasks, one of them held."""
        assert work is settle_bucket
        return self.runner.run(settle_held, [Held(task, str(self.mark) if task.bucket == self.bucket else "") for task in tasks])


def whoever(task: int) -> int:
    """The process that does a task, which takes a moment."""
    time.sleep(0.05)
    return os.getpid()


def broken(task: int) -> int:
    """A task that fails, with a sentence."""
    if task == 2:
        raise ValueError("bill/year=2023/bucket=00002.arrow: cut short")
    return task


def slow(task: int) -> int:
    """A task that leaves a file when it begins, and takes long; `task` is not used."""
    time.sleep(0.3)
    return task


def files_of(run: Path) -> dict[str, bytes]:
    """Every file of a run, by name; nothing unfinished may be among them."""
    return {str(path.relative_to(run)): path.read_bytes() for path in sorted(run.rglob("*")) if path.is_file()}
