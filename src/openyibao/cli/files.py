"""Result files 结果文件: written beside their name first and moved into place at the end, so that a name never holds half a result."""

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from openyibao.cli.console import fail
from openyibao.warehouse.bills.results import COLUMNS, Csv, JsonLines, Writer, writer
from openyibao.warehouse.bills.rows import ENDINGS

STDOUT = Path("-")


class Keep:
    """Standard output as a file that is not closed."""

    def write(self, text: str) -> int:
        """Write through."""
        return sys.stdout.write(text)

    def close(self) -> None:
        """Standard output stays open."""
        sys.stdout.flush()


def straight(path: Path) -> bool:
    """Whether the target is there and no regular file (/dev/null, a fifo): it is written through and never replaced."""
    return path == STDOUT or (path.exists() and not path.is_file())


def part_of(path: Path) -> Path:
    """Where a result is written while it is made: beside the file that the name leads to, or through where it is no regular file."""
    if straight(path):
        return path
    real = path.resolve()
    return real.with_name(real.name + ".part")


def check_targets(*paths: Path | None) -> None:
    """End with exit code 2 before any reading when a file that is to be written cannot be."""
    for path in paths:
        if path is None or path == STDOUT:
            continue
        try:
            if not path.parent.is_dir():
                fail(f"没有文件夹 {path.parent}。", f"There is no folder {path.parent}.")
            if path.is_dir():
                fail(f"{path} 是文件夹。", f"{path} is a folder.")
            if path.exists() and not os.access(path, os.W_OK):
                raise PermissionError
            if not straight(path):
                probe(part_of(path))
        except OSError as error:
            cannot_write(path, error)


def probe(part: Path) -> None:
    """Open a file for writing and leave the folder as it was; raises OSError."""
    there = part.exists()
    part.open("ab").close()
    if not there:
        part.unlink()


def cannot_write(path: Path | None, error: OSError) -> NoReturn:
    """End with exit code 2: a result cannot be written."""
    why = error.strerror or type(error).__name__
    fail(f"{path} 不能写入（{why}）。", f"{path} cannot be written ({why}).")


def keep_apart(*paths: Path | None) -> None:
    """End with exit code 2 when two of the command's files are the same: a result must not replace its own input."""
    named = [path.resolve() for path in paths if path is not None and not straight(path)]
    if len(set(named)) != len(named):
        fail("输入、结果和退回文件不能是同一个文件。", "Input, result and rejects must be different files.")


class Target:
    """One result file in the making; `finish` moves it into place, `abandon` keeps what is there under a partial name."""

    def __init__(self, path: Path, kind: str) -> None:
        """Open the file under its temporary name."""
        self.path = path
        self.part = part_of(path)
        self.count = 0
        if path == STDOUT:
            if kind == "parquet":
                fail("Parquet 不能写到标准输出，请用 --out 文件。", "Parquet cannot go to standard output; name a file with --out.")
            self.writer: Writer = Csv(Keep(), COLUMNS) if kind == "csv" else JsonLines(Keep())  # type: ignore[arg-type]
            return
        self.writer = writer(self.part, kind)

    def write(self, record: dict[str, Any]) -> None:
        """Add one record."""
        self.writer.write(record)
        self.count += 1

    def finish(self) -> Path:
        """Close and move into place."""
        self.writer.close()
        if self.part != self.path:
            self.part.replace(self.path.resolve())
        return self.path

    def abandon(self) -> Path:
        """Close and keep the part that is written as NAME.partial."""
        self.writer.close()
        if self.part == self.path:
            return self.path
        partial = self.part.with_suffix(".partial")
        self.part.replace(partial)
        return partial


def format_for(out: Path | None, asked: str | None) -> str:
    """The output format: as asked, else by the file's ending, else JSON Lines."""
    if asked is not None:
        if asked not in ("jsonl", "csv", "parquet"):
            fail(f"--format {asked} 不认识；可用 jsonl、csv、parquet。", f"--format {asked} is unknown; use jsonl, csv or parquet.")
        return asked
    return ENDINGS.get(out.suffix.lower(), "jsonl") if out is not None else "jsonl"


def write_lines(path: Path, records: Iterable[dict[str, Any]]) -> int:
    """Write records as JSON Lines, through a temporary name; returns how many. Without records a file that is there is emptied."""
    part = part_of(path)
    count = 0
    with part.open("w", encoding="utf-8", newline="\n") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False, default=str) + "\n")
            count += 1
    if part == path:
        return count
    if count or path.exists():
        part.replace(path.resolve())
    else:
        part.unlink()
    return count
