"""A run killed half-way and run again leaves the bytes of a run that nobody disturbed."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from openyibao.policybook.book import load_book, policies_root
from openyibao.warehouse.run.driver import Want, recorded_package, resettle
from openyibao.warehouse.run.parts import part_path, read_part
from openyibao.warehouse.run.runner import Threads
from openyibao.warehouse.tables.store import Store, StoreProblem
from warehouse.made_store import made_store

BUCKETS = 12
SLOW = """
import sys, time
from pathlib import Path
from openyibao.warehouse.run.driver import Want, recorded_package, resettle
from openyibao.warehouse.tables.store import Store

def progress(done, buckets, bills):
    print(done, flush=True)
    time.sleep(0.2)

store = Store(Path(sys.argv[1]))
resettle(store, 2023, recorded_package(store, 2023), Path(sys.argv[2]), progress=progress, want=Want(against=True))
"""


@pytest.fixture(scope="module")
def many(tmp_path_factory) -> Store:
    """A store of many small buckets."""
    return made_store(tmp_path_factory.mktemp("many"), "jishou", people=BUCKETS * 50, buckets=BUCKETS)


def content(folder: Path) -> dict[str, str]:
    """Every file of a folder by its digest."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def killed(store: Store, run: Path, sign: signal.Signals, after: int) -> int:
    """Start a run in a process of its own and end it after so many buckets; returns its exit code."""
    command = [sys.executable, "-c", SLOW, str(store.root), str(run)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) >= after:
                os.kill(process.pid, sign)
                break
        process.stdout.read()
        return process.wait(30)


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
def test_killed_and_run_again_the_bytes_are_the_same(many, tmp_path, sign):
    package = recorded_package(many, 2023)
    whole = resettle(many, 2023, package, tmp_path / "whole", want=Want(against=True))
    assert killed(many, tmp_path / "killed", sign, 3) != 0
    done = sum(read_part(tmp_path / "killed", 2023, bucket) is not None for bucket in range(BUCKETS))
    assert 3 <= done < BUCKETS
    assert "totals" not in json.loads((tmp_path / "killed" / "run.json").read_text())["2023"]
    before = {bucket: part_path(tmp_path / "killed", 2023, bucket).stat().st_mtime_ns for bucket in range(3)}
    half = Store(tmp_path / "killed").path("result", 2023, BUCKETS - 1)
    half.parent.mkdir(parents=True, exist_ok=True)
    half.write_bytes(b"half a file")
    again = resettle(many, 2023, package, tmp_path / "killed", runner=Threads(2), want=Want(against=True))
    assert np.array_equal(again.cube, whole.cube) and again.accounts == whole.accounts and again.changed == whole.changed == 0
    assert content(tmp_path / "killed") == content(tmp_path / "whole")
    assert before == {bucket: part_path(tmp_path / "killed", 2023, bucket).stat().st_mtime_ns for bucket in range(3)}


def test_stopping_in_this_process_leaves_whole_buckets(many, tmp_path):
    def stop(done: int, buckets: int, bills: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    package = recorded_package(many, 2023)
    with pytest.raises(KeyboardInterrupt):
        resettle(many, 2023, package, tmp_path / "run", runner=Threads(2), progress=stop)
    done = sum(read_part(tmp_path / "run", 2023, bucket) is not None for bucket in range(BUCKETS))
    assert 4 <= done < BUCKETS
    begun = time.perf_counter()
    run = resettle(many, 2023, package, tmp_path / "run")
    assert run.busy <= time.perf_counter() - begun
    assert content(tmp_path / "run") == content_of_fresh(many, tmp_path)


def content_of_fresh(store: Store, folder: Path) -> dict[str, str]:
    """What an undisturbed run leaves."""
    resettle(store, 2023, recorded_package(store, 2023), folder / "fresh")
    return content(folder / "fresh")


def test_a_folder_of_another_run_is_refused_unless_told_to_begin_again(many, tmp_path):
    resettle(many, 2023, recorded_package(many, 2023), tmp_path / "run")
    other = load_book(policies_root(), "jishou", readings=["cap_counts_all_outpatient"])
    with pytest.raises(StoreProblem, match="package"):
        resettle(many, 2023, other, tmp_path / "run")
    first = content(tmp_path / "run")
    resettle(many, 2023, other, tmp_path / "run", want=Want(again=True))
    assert content(tmp_path / "run") != first


def test_a_part_that_is_cut_short_counts_as_not_done(many, tmp_path):
    resettle(many, 2023, recorded_package(many, 2023), tmp_path / "run")
    whole = content(tmp_path / "run")
    part = part_path(tmp_path / "run", 2023, 1)
    for length in (10, 200, part.stat().st_size - 8):
        part.write_bytes(part.read_bytes()[:length])
        assert read_part(tmp_path / "run", 2023, 1) is None
        resettle(many, 2023, recorded_package(many, 2023), tmp_path / "run")
        assert content(tmp_path / "run") == whole
