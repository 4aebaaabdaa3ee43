"""The catalogue of a city: the sandbox's items, priced as its files say."""

import numpy as np

from openyibao.warehouse.city.catalogue import DRUG, SERVICE, SLICES, charged, diagnoses, items, operations, rows_of


def place_of(table: dict, code: str) -> int:
    return table["code"].index(code)


def test_every_item_of_the_sandbox_once() -> None:
    table = items(433101)
    files = [row["med_list_codg"] for name in ("drugs.csv", "consumables.csv", "services.csv") for row in rows_of(name)]
    assert sorted(files) == table["code"] == sorted(set(table["code"]))
    assert len(diagnoses()["code"]) == len(set(diagnoses()["code"]))
    assert len(operations()["code"]) == len(set(operations()["code"]))


def test_flags_prices_shares_and_ceilings() -> None:
    table = items(610900)
    bed, village = table["name"].index("普通病房床位费"), table["name"].index("村卫生室一般诊疗费")
    assert table["bed"][bed] == 1 and table["kind"][bed] == SERVICE and table["price"][bed] == 40_000_000
    assert table["consultation"][village] == 1 and table["item_class"][village] == 1
    stent = place_of(table, "C01010100190001800010000001")
    assert table["consumable"][stent] == 1 and table["self_pay"][stent] == 2_000 and table["ceiling"][stent] == 957_600_000
    visit = place_of(table, "001102000010000")
    assert table["ceiling"][visit] == 12_000_000        # of level three, not 5 or 8
    metformin = table["two_disease"][table["name"].index("二甲双胍")]
    assert metformin == 2 and table["drug"][table["name"].index("二甲双胍")] == 1
    assert set(np.unique(table["kind"])) == {1, 2, 3, 4} and table["kind"][table["name"].index("黄芪")] == SLICES
    assert table["dual_channel"][table["name"].index("奥希替尼")] == 1 and DRUG in table["kind"]


def test_a_citys_own_share_goes_before_the_general_one() -> None:
    own = [row["hilist_code"] for row in rows_of("selfpay.csv") if row["insu_admdvs"] == "433101"]
    here, there = items(433101), items(610900)
    assert own
    for code in own:
        assert here["self_pay"][place_of(here, code)] == 500
        assert there["self_pay"][place_of(there, code)] != 500


def test_what_has_ended_is_not_charged() -> None:
    rows = {row["med_list_codg"]: row for name in ("drugs.csv", "consumables.csv", "services.csv") for row in rows_of(name)}
    for code, able in zip(items(433101)["code"], charged(), strict=True):
        assert able == (not rows[code]["enddate"]), code
