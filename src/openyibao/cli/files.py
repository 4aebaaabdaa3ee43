"""Result files 结果文件: written beside their name first and moved into place at the end, so that a name never holds half a result."""

import contextlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

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


class Target:
    """One result file in the making; `finish` moves it into place, `abandon` keeps what is there under a partial name."""

    def __init__(self, path: Path, kind: str) -> None:
        """Open the file under its temporary name."""
        self.path = path
        self.part = path.with_name(path.name + ".part")
        self.count = 0
        if path == STDOUT:
            if kind == "parquet":
                fail("Parquet 不能写到标准输出，请用 --out 文件。", "Parquet cannot go to standard output; name a file with --out.")
            self.writer: Writer = Csv(Keep(), COLUMNS) if kind == "csv" else JsonLines(Keep())  # type: ignore[arg-type]
            return
        if not path.parent.is_dir():
            fail(f"没有文件夹 {path.parent}。", f"There is no folder {path.parent}.")
        self.writer = writer(self.part, kind)

    def write(self, record: dict[str, Any]) -> None:
        """Add one record."""
        self.writer.write(record)
        self.count += 1

    def finish(self) -> Path:
        """Close and move into place."""
        self.writer.close()
        if self.path != STDOUT:
            self.part.replace(self.path)
        return self.path

    def abandon(self) -> Path:
        """Close and keep the part that is written as NAME.partial."""
        self.writer.close()
        if self.path == STDOUT:
            return self.path
        partial = self.path.with_name(self.path.name + ".partial")
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
    """Write records as JSON Lines, through a temporary name; returns how many. A file without records is taken away."""
    part = path.with_name(path.name + ".part")
    count = 0
    with part.open("w", encoding="utf-8", newline="\n") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False, default=str) + "\n")
            count += 1
    if count:
        part.replace(path)
    else:
        part.unlink()
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
    return count
