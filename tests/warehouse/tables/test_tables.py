"""The tables: a file holds what was written or is refused, both forms are the same, the dictionary is current, a broken store is told."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from openyibao.warehouse.tables.checking import checked
from openyibao.warehouse.tables.dictionary import page
from openyibao.warehouse.tables.exchange import digest_of, exchange, files_of, opened_at
from openyibao.warehouse.tables.schema import TABLES
from openyibao.warehouse.tables.store import PARQUET, Store, StoreProblem
from warehouse.made_store import made_store

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "warehouse.md"


def quiet(*_):
    """No progress."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return made_store(tmp_path_factory.mktemp("made"), people=120, years=(2022, 2023))


@pytest.fixture
def copy(made, tmp_path):
    """A copy that a test may break."""
    shutil.copytree(made.root, tmp_path / "copy")
    return Store(tmp_path / "copy")


def changed(store, table, year, bucket, **columns):
    """Write a file again with other columns."""
    store.write(table, {**store.arrays(table, year, bucket), **columns}, year, bucket)


def test_every_column_says_what_it_is_and_order_columns_exist():
    for table in TABLES.values():
        assert table.zh and table.en and table.grain
        assert len(set(table.names)) == len(table.names) and set(table.ordered) <= set(table.names)
        assert all(column.zh and column.en for column in table.columns)


def test_the_dictionary_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m openyibao.warehouse.tables.dictionary docs/reference/warehouse.md"


def test_a_value_too_large_for_its_column_is_refused_with_its_row(copy):
    fen = copy.arrays("bill", 2022, 0)["total"].astype(np.int64)
    fen[3] = 2**31
    with pytest.raises(StoreProblem, match="total of row 3 is 2147483648, more than its int32 holds"):
        changed(copy, "bill", 2022, 0, total=fen)
    assert not list(copy.root.glob("bill/year=2022/.*"))


def test_a_missing_file_is_told_by_its_name(made):
    with pytest.raises(StoreProblem, match=r"bucket=00077\.arrow"):
        made.read("bill", 2022, 77)


def test_arrow_to_parquet_and_back_is_the_same(made, tmp_path):
    parquet, back = Store(tmp_path / "parquet", PARQUET), Store(tmp_path / "back")
    there = exchange(made, parquet, None, quiet)
    assert opened_at(parquet.root) == parquet and there.written == len(list(files_of(made))) > 30
    exchange(parquet, back, None, quiet)
    assert digest_of(made) == digest_of(parquet) == digest_of(back)
    for file in files_of(made):
        assert made.path(*file).read_bytes() == back.path(*file).read_bytes(), file.name
    assert back.card() == made.card()
    assert (back.root / "policy" / "year=2023.npz").read_bytes() == (made.root / "policy" / "year=2023.npz").read_bytes()


def test_an_exchange_goes_on_where_it_stopped_and_mends_half_a_file(made, tmp_path):
    parquet = Store(tmp_path / "parquet", PARQUET)

    def stop(done, total):
        if done == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        exchange(made, parquet, None, stop)
    half = parquet.path("person", None, 0)
    half.write_bytes(half.read_bytes()[:100])
    done = exchange(made, parquet, None, quiet)
    assert done.same == 19 and done.same + done.written == len(list(files_of(made)))
    assert digest_of(parquet) == digest_of(made)


def test_one_year_is_exchanged_with_all_registers(made, tmp_path):
    parquet = Store(tmp_path / "parquet", PARQUET)
    exchange(made, parquet, (2023,), quiet)
    assert parquet.years() == [2023] == parquet.card()["years"] and parquet.buckets() == made.buckets()
    with pytest.raises(StoreProblem, match="no bills of 2019"):
        exchange(made, parquet, (2019,), quiet)


def test_a_made_store_is_sound(made):
    assert not list(checked(made))


def wrong_amount(store):
    changed(store, "result", 2022, 0, pool=bumped(store, "result", "pool", 5))
    return {("result/year=2022/bucket=00000", "the fund is not the sum of its layers", 1, 5)}


def wrong_cash(store):
    changed(store, "result", 2023, 1, cash=bumped(store, "result", "cash", 0, 2023, 1))
    holder = int(store.arrays("bill", 2023, 1)["holder"][0])
    return {("result/year=2023/bucket=00001", "the person's part is not account + family + cash", 1, 0),
            ("closing/year=2023/bucket=00001", "cash_paid is not the sum of the results", 1, holder)}


def wrong_total(store):
    changed(store, "bill", 2022, 0, full=bumped(store, "bill", "full", 4))
    return {("bill/year=2022/bucket=00000", "the four parts are not the total", 1, 4)}


def wrong_holder(store):
    holder = store.arrays("bill", 2022, 0)["holder"].copy()
    holder[-1] = 10_000
    changed(store, "bill", 2022, 0, holder=holder)
    return {("bill/year=2022/bucket=00000", "holder is no row of the table holder", 1, len(holder) - 1)}


def wrong_order(store):
    bill = {name: np.concatenate([column[1:2], column[:1], column[2:]]) for name, column in store.arrays("bill", 2022, 0).items()}
    bill["person"], bill["holder"] = (store.arrays("bill", 2022, 0)[name] for name in ("person", "holder"))
    bill["day"] = bill["day"].copy()
    bill["person"] = bill["person"].copy()
    bill["day"][:2], bill["person"][:2], bill["holder"] = (20221231, 20220101), bill["person"][0], bill["holder"].copy()
    bill["holder"][:2] = bill["holder"][0]
    changed(store, "bill", 2022, 0, **{name: bill[name] for name in ("day", "person", "holder")})
    return {("bill/year=2022/bucket=00000", "not sorted by person, day, bill", 1, 0)}


def wrong_line(store):
    changed(store, "line", 2022, 1, quantity=bumped(store, "line", "quantity", 0, 2022, 1, by=10**7))
    return {("bill/year=2022/bucket=00001", "the lines do not sum to the total", 1, int(store.arrays("line", 2022, 1)["row"][0]))}


def missing_lines(store):
    store.path("line", 2023, 1).unlink()
    return {("line/year=2023/bucket=00001", "the file is missing", 1, -1)}


def bumped(store, table, name, row, year=2022, bucket=0, by=1):
    column = store.arrays(table, year, bucket)[name].copy()
    column[row] += by
    return column


@pytest.mark.parametrize(
    "breaking", [wrong_amount, wrong_cash, wrong_total, wrong_holder, wrong_order, wrong_line, missing_lines], ids=lambda one: one.__name__
)
def test_a_broken_store_is_told_by_file_row_and_reason(copy, breaking):
    expected = breaking(copy)
    found = {(one.file, one.en, one.rows, one.row) for one in checked(copy)}
    assert expected <= found, found
    assert all(one.zh for one in checked(copy))


def test_a_file_cut_short_is_told_and_checking_goes_on(copy):
    path = copy.path("holder", 2022, 0)
    path.write_bytes(path.read_bytes()[:1000])
    found = list(checked(copy))
    assert [one.file for one in found] == ["holder/year=2022/bucket=00000"] and "cannot be read" in found[0].en
