"""Settled again under the recorded policy, a year comes out as it was recorded; under another, the difference adds up."""

import json
import os

import numpy as np
import pytest

from openyibao.policybook.book import load_book, policies_root
from openyibao.warehouse.run.driver import Want, recorded_package, resettle, resettle_years
from openyibao.warehouse.run.package import PackageProblem, package_of, read_package, recorded_path, write_package
from openyibao.warehouse.run.runner import Here, Processes, RunnerProblem, Threads
from openyibao.warehouse.run.totals import MEASURES, SHAPE, SUMMED, measured
from openyibao.warehouse.tables.store import Store, StoreProblem

AGAINST = Want(against=True)


def same_files(store: Store, run: Store, table: str, year: int) -> bool:
    """Whether a run's table is the store's, value by value."""
    for bucket in store.buckets("bill", year):
        one, other = store.arrays(table, year, bucket), run.arrays(table, year, bucket)
        if list(one) != list(other) or not all(np.array_equal(one[name], other[name]) for name in one):
            return False
    return True


@pytest.mark.parametrize("city", ["jishou", "wuhan", "ankang"])
def test_the_recorded_policy_gives_the_recorded_results(city, request, tmp_path):
    store: Store = request.getfixturevalue(city)
    run = resettle(store, 2023, recorded_package(store, 2023), tmp_path / "run", want=AGAINST)
    assert run.changed == 0
    assert np.array_equal(run.cube, run.recorded)
    assert same_files(store, Store(tmp_path / "run"), "result", 2023)
    assert same_files(store, Store(tmp_path / "run"), "closing", 2023)
    card = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))["2023"]
    assert card["totals"] == card["recorded"] == measured(run.cube)
    assert card["bills"] == run.bills == sum(len(store.arrays("bill", 2023, bucket)["bill"]) for bucket in (0, 1))


def test_years_follow_on_from_each_other(jishou, tmp_path):
    runs = resettle_years(jishou, (2022, 2023), lambda year: recorded_package(jishou, year), tmp_path / "run", want=AGAINST)
    assert [run.changed for run in runs] == [0, 0]
    assert same_files(jishou, Store(tmp_path / "run"), "closing", 2023)


def test_what_a_reform_leaves_in_the_accounts_opens_the_next_year(jishou, tmp_path):
    draft = tmp_path / "draft.yaml"
    draft.write_text(DRAFT, encoding="utf-8")
    book = load_book(policies_root(), "jishou", overlays=[draft])
    runs = resettle_years(jishou, (2022, 2023), lambda year: package_of(book, year), tmp_path / "run")
    alone = resettle(jishou, 2023, book)
    assert runs[0].accounts[1] > resettle(jishou, 2022, recorded_package(jishou, 2022)).accounts[1]
    assert runs[1].accounts[0] > alone.accounts[0]
    assert measured(runs[1].cube)["account"] > measured(alone.cube)["account"]
    assert measured(runs[1].cube)["fund"] == measured(alone.cube)["fund"]
    closing, holder = Store(tmp_path / "run").arrays("closing", 2022, 0), jishou.arrays("holder", 2022, 0)
    later = jishou.arrays("holder", 2023, 0)
    left = dict(zip(zip(holder["person"].tolist(), holder["scheme"].tolist(), strict=True), closing["account"].tolist(), strict=True))
    keys = list(zip(later["person"].tolist(), later["scheme"].tolist(), strict=True))
    carried = sum(left.get(key, int(later["account"][row])) for row, key in enumerate(keys))
    with_bucket_1 = runs[1].accounts[0]
    assert 0 < carried < with_bucket_1
    assert any(key not in left for key in keys)


def test_another_policy_changes_what_it_touches_and_the_difference_adds_up(wuhan, tmp_path):
    book = load_book(policies_root(), "wuhan", readings=["offsite_all_layers", "cap_counts_all_outpatient"])
    run = resettle(wuhan, 2023, book, tmp_path / "run", want=AGAINST)
    assert 0 < run.changed < run.bills
    now, before, differing, moved = 0, 0, 0, 0
    for bucket in wuhan.buckets("bill", 2023):
        old, new = wuhan.arrays("result", 2023, bucket), Store(tmp_path / "run").arrays("result", 2023, bucket)
        now, before = now + int(new["fund"].sum()), before + int(old["fund"].sum())
        other = np.logical_or.reduce([old[name] != new[name] for name in old])
        differing += int(other.sum())
        moved += int((new["fund"].astype(np.int64) - old["fund"]).sum())
    assert (now, before) == (measured(run.cube)["fund"], measured(run.recorded)["fund"])
    assert differing == run.changed and moved == now - before != 0


def test_every_cell_of_the_cube_is_a_sum_over_the_files(jishou):
    run, expected = resettle(jishou, 2023, recorded_package(jishou, 2023)), np.zeros(SHAPE, np.int64)
    for bucket in jishou.buckets("bill", 2023):
        bill, result = jishou.arrays("bill", 2023, bucket), jishou.arrays("result", 2023, bucket)
        cell = (bill["scheme"], bill["kind"], bill["level"], bill["day"] // 100 % 100 - 1)
        figures = {"bills": 1, "refused": result["outcome"] != 0, **{name: bill[name] for name in SUMMED}, **result}
        for place, name in enumerate(MEASURES):
            np.add.at(expected, (*cell, place), figures[name])
    assert np.array_equal(run.cube, expected)
    assert np.count_nonzero(expected[..., 0]) > 500
    july = measured(run.cube, scheme=2, kind=5, level=4, month=7)
    assert july["fund"] == expected[2, 5, 4, 6, MEASURES.index("fund")] > 0
    whole = measured(run.cube)
    assert whole["total"] == whole["fund"] + whole["hospital"] + whole["person"]


@pytest.mark.parametrize("runner", [Here(), Threads(2), Threads(5), Processes(2)], ids=["here", "threads", "more", "processes"])
def test_every_runner_gives_the_same(jishou, runner):
    met: list[tuple[int, int, int]] = []
    run = resettle(jishou, 2022, recorded_package(jishou, 2022), runner=runner, progress=lambda *seen: met.append(seen))
    assert np.array_equal(run.cube, resettle(jishou, 2022, recorded_package(jishou, 2022)).cube)
    assert [count for count, _, _ in met] == [1, 2] and met[-1] == (2, 2, run.bills)


def test_a_worker_that_dies_is_said_in_words():
    with pytest.raises(RunnerProblem, match="worker process ended"):
        list(Processes(2).run(os._exit, [1, 2, 3]))


def test_what_a_task_raises_is_raised_and_the_rest_is_left():
    done: list[int] = []

    def work(task: int) -> int:
        if task == 2:
            raise ValueError("two")
        done.append(task)
        return task

    with pytest.raises(ValueError, match="two"):
        list(Threads(2).run(work, list(range(200))))
    assert len(done) < 100


def test_a_package_is_read_as_it_was_written(wuhan, tmp_path):
    package = package_of(load_book(policies_root(), "wuhan"), 2023)
    path = write_package(package, tmp_path)
    again = read_package(path)
    assert again.digest == package.digest and again.plans.dtype == package.plans.dtype and again.city == "wuhan"
    assert path.read_bytes() == write_package(again, tmp_path / "other").read_bytes()
    assert read_package(recorded_path(wuhan, 2023)).digest == package.digest
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(PackageProblem, match="not a policy package"):
        read_package(path)


def test_a_year_that_the_store_lacks_and_a_file_that_is_broken_are_named(jishou, tmp_path):
    with pytest.raises(StoreProblem, match="2021"):
        resettle(jishou, 2021, package_of(load_book(policies_root(), "jishou"), 2021))
    package = recorded_package(jishou, 2023)
    with pytest.raises(ValueError, match="2023"):
        resettle(jishou, 2022, package)
    broken = Store(tmp_path / "broken")
    for table in ("holder", "bill"):
        for bucket in (0, 1):
            target = broken.path(table, 2023, bucket)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(jishou.path(table, 2023, bucket).read_bytes()[: 2_000 if table == "bill" else None])
    broken.write_card(jishou.card())
    with pytest.raises(StoreProblem, match="bucket=00000"):
        resettle(broken, 2023, package)


DRAFT = """overlay:
  city: jishou
  name: 划入比例草案
  name_en: Draft for the account's share

personal_account.employee.share.all:
  name: 在职划入比例
  name_en: Account share, active
  unit: ratio
  values:
    2020-01-01: {value: "0.05", trust: illustrative, source: "测试设定"}
  confirmed_on: null
"""
