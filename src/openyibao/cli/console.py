"""The terminal 终端: answers on standard output, progress and complaints on standard error, and the exit codes."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

INTERNAL, USAGE, REJECTED, INTERRUPTED = 1, 2, 3, 130
"""Exit codes beside 0; docs/reference/bills.md lists them."""

LANGUAGES = ("zh", "en")

PATIENCE = 2.0
"""Seconds after which a long run shows a progress bar."""

WIDTH = 100
"""Columns that the demos and their pictures are laid out for."""

PLAIN_WIDTH = 200
"""Columns when the output is no terminal: tables are not cut."""


def out() -> Console:
    """Standard output as it is now (tests replace it)."""
    return Console(width=None if sys.stdout.isatty() else PLAIN_WIDTH, highlight=False)


def laid_out() -> Console:
    """Standard output, no wider than the demo is laid out for."""
    console = out()
    return Console(width=min(console.width, WIDTH), highlight=False) if console.width > WIDTH else console


def err() -> Console:
    """Standard error."""
    return Console(stderr=True, width=None if sys.stderr.isatty() else PLAIN_WIDTH, highlight=False)


def fail(*sentences: str) -> NoReturn:
    """Say what is wrong with the command, its files or the policy, and end with exit code 2."""
    console = err()
    for sentence in sentences:
        console.print(sentence, style="red", markup=False)
    raise typer.Exit(USAGE)


def check_lang(lang: str) -> str:
    """The language, or exit 2."""
    if lang not in LANGUAGES:
        fail(f"--lang {lang} 不认识；可用 zh、en。", f"--lang {lang} is unknown; use zh or en.")
    return lang


class Bar:
    """A progress bar that appears only when the work takes longer than PATIENCE."""

    def __init__(self, label: str, total: int) -> None:
        """Nothing shown yet."""
        self.label, self.total = label, max(total, 1)
        self.began = time.monotonic()
        self.progress: Progress | None = None
        self.task = TaskID(0)

    def at(self, done: int) -> None:
        """The work has come so far."""
        if self.progress is None:
            if time.monotonic() - self.began < PATIENCE:
                return
            columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
            self.progress = Progress(*columns, console=err(), transient=True)
            self.progress.start()
            self.task = self.progress.add_task(self.label, total=self.total)
        self.progress.update(self.task, completed=done)

    def end(self) -> None:
        """Take the bar away."""
        if self.progress is not None:
            self.progress.stop()


@contextmanager
def bar(label: str, total: int) -> Iterator[Bar]:
    """A Bar for the length of a block."""
    shown = Bar(label, total)
    try:
        yield shown
    finally:
        shown.end()
