"""What a bucket came to 分区结果, kept beside its results: by this file an interrupted run knows which buckets are whole.

Written last and whole, without a clock or a machine's name in it, so that a run interrupted and resumed leaves the same bytes.
"""

import io
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from openyibao.warehouse.run.totals import MEASURES, empty_cube
from openyibao.warehouse.tables.store import whole

HEAD = 7
"""Numbers before the cells: bills, changed, three of the accounts, cells of the cube, cells of the recorded one (-1 = not compared)."""
WIDTH = len(MEASURES)


class Done(NamedTuple):
    """What a bucket's settlement comes to."""

    bucket: int
    bills: int
    seconds: float
    cube: Any  # totals.SHAPE
    recorded: Any  # the same of the recorded results; None when not asked for
    changed: int  # bills of which some figure differs from the recorded one; 0 when not asked for
    accounts: tuple[int, int, int]  # personal accounts, fen: on 1 January, credited in the year, on 31 December


def part_path(run: Path, year: int, bucket: int) -> Path:
    """Where a bucket's part lies in a run's folder."""
    return run / "part" / f"year={year}" / f"bucket={bucket:05d}.npy"


def write_part(run: Path, year: int, done: Done) -> Path:
    """Write what a bucket came to."""
    cells, recorded = packed(done.cube), packed(done.recorded) if done.recorded is not None else None
    head = [done.bills, done.changed, *done.accounts, len(cells), -1 if recorded is None else len(recorded)]
    content = np.concatenate([np.array(head, np.int64), cells.ravel(), recorded.ravel() if recorded is not None else cells[:0].ravel()])
    path = part_path(run, year, done.bucket)
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    np.save(buffer, content)
    whole(path, buffer.getvalue())
    return path


def read_part(run: Path, year: int, bucket: int) -> Done | None:
    """What a bucket came to, or None when it is not whole yet. Its seconds are 0."""
    try:
        content = np.load(part_path(run, year, bucket), allow_pickle=False)
        bills, changed, opens, credited, closes, cells, recorded = content[:HEAD].tolist()
        split = HEAD + cells * (WIDTH + 1)
        if len(content) != split + max(recorded, 0) * (WIDTH + 1):
            return None
        before = unpacked(content[split:]) if recorded >= 0 else None
        return Done(bucket, bills, 0.0, unpacked(content[HEAD:split]), before, changed, (opens, credited, closes))
    except (OSError, ValueError):
        return None


def packed(cube: Any) -> Any:
    """A cube's cells that hold a bill: (cells, 1 + measures), the cell's number first."""
    rows = cube.reshape(-1, WIDTH)
    kept = np.flatnonzero(rows[:, 0])
    return np.column_stack((kept, rows[kept]))


def unpacked(content: Any) -> Any:
    """The cube again."""
    cube, cells = empty_cube(), content.reshape(-1, WIDTH + 1)
    cube.reshape(-1, WIDTH)[cells[:, 0]] = cells[:, 1:]
    return cube
