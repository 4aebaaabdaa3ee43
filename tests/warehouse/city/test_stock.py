"""Stock: each month opens with what the month before left, moves add up, sales are the charge lines', and unbought goods show."""

import numpy as np
import pytest

from openyibao.warehouse.city.catalogue import SERVICE, write_catalogue
from openyibao.warehouse.city.stock import UNBOUGHT, parts, write_stock, write_sums
from openyibao.warehouse.tables.store import Store
from warehouse.city.small_year import YEARS, Town, crooked

YEAR = YEARS[0]


@pytest.fixture(scope="module")
def place() -> Town:
    return crooked()


@pytest.fixture(scope="module")
def stock(place: Town, tmp_path_factory: pytest.TempPathFactory) -> dict:
    store = Store(tmp_path_factory.mktemp("stock"))
    write_catalogue(store, place.shop.ground.book.admdvs)
    store.write("institution", place.shop.ground.institution)
    made = place.years[YEAR]
    half = len(made.bill["bill"]) // 2
    for bucket, rows in enumerate((made.sheet.row < half, made.sheet.row >= half)):       # two buckets
        write_sums(store, made.bill, type(made.sheet)(*(column[rows] for column in made.sheet)), place.shop.item, YEAR, bucket)
    write_stock(store, YEAR, 1)
    assert not parts(store, YEAR).exists()
    return store.arrays("stock", YEAR)


def test_moves_add_up_month_by_month(stock: dict) -> None:
    assert np.array_equal(stock["opening"] + stock["bought"] - stock["sold"], stock["closing"])
    keys = stock["institution"].astype(np.int64) * 10_000 + stock["item"]
    order = np.lexsort((stock["month"], keys))
    assert np.array_equal(order, np.arange(len(order)))
    same = keys[1:] == keys[:-1]
    assert same.any() and np.array_equal(stock["opening"][1:][same], stock["closing"][:-1][same])
    assert np.all(stock["bought"] >= 0)


def test_sold_is_what_the_lines_charge_of_goods(place: Town, stock: dict) -> None:
    made, kind = place.years[YEAR], place.shop.item["kind"]
    goods = kind[made.sheet.item] != SERVICE
    assert stock["sold"].sum() == made.sheet.quantity[goods].sum(dtype=np.int64)
    assert not np.any(kind[stock["item"]] == SERVICE)
    busiest = np.bincount(made.bill["institution"][made.sheet.row[goods]]).argmax()
    mine = goods & (made.bill["institution"][made.sheet.row] == busiest)
    for month in (1, 12):
        charged = made.sheet.quantity[mine & (made.sheet.day // 100 % 100 == month)].sum(dtype=np.int64)
        assert charged == stock["sold"][(stock["institution"] == busiest) & (stock["month"] == month)].sum()


def test_shelves_fall_below_zero_only_where_goods_were_never_bought(place: Town, stock: dict) -> None:
    made = place.years[YEAR]
    short = {(int(i), int(k)) for i, k, left in zip(stock["institution"], stock["item"], stock["closing"], strict=True) if left < 0}
    unbought = np.isin(made.sheet.fault, UNBOUGHT)
    planted = {(int(i), int(k)) for i, k in zip(made.bill["institution"][made.sheet.row[unbought]], made.sheet.item[unbought], strict=True)}
    assert short and short <= planted
