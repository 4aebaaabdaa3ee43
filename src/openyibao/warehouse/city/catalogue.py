"""The city's catalogue 医保目录: items, diagnoses and operations from the sandbox's files, so that a store can be loaded into the server.

Codes, prices, ceilings and self-pay shares are those of examples/sandbox/*.csv; nothing here is a real price. A ceiling that differs by
level of the institution is taken for level three; a self-pay share that differs by scheme or age is left at the general one.
"""

import csv
from pathlib import Path
from typing import Any

import numpy as np

from openyibao.warehouse.tables.store import Store, StoreProblem

Row = dict[str, str]
Columns = dict[str, Any]

DRUG, CONSUMABLE, SERVICE, SLICES = 1, 2, 3, 4
"""Kinds of item 项目类别: drug, consumable, service, herbal slices."""
FILES = (("drugs.csv", DRUG), ("consumables.csv", CONSUMABLE), ("services.csv", SERVICE))
HERBAL = "102"
"""List type of slices among the drugs 中药饮片."""
BED_FEE, CONSULTATION_FEE = "01", "12"
"""Charge categories 床位费 and 一般诊疗费."""
TWO_DISEASES = {"M03900": 1, "M01600": 2}
MILLIONTH = 1_000_000
RATE = 10_000
GENERAL, HIGHEST_LEVEL = "99", ("", "3")


def sandbox_folder() -> Path:
    """The sandbox's files: the checkout's, or the copy inside the installed package."""
    here = Path(__file__).resolve()
    checkout = here.parents[4] / "examples" / "sandbox"
    return checkout if (checkout / "drugs.csv").is_file() else here.parents[2] / "_examples" / "sandbox"


def rows_of(name: str, folder: Path | None = None) -> list[Row]:
    """The rows of one of its files; raises StoreProblem when it is not there."""
    path = (folder or sandbox_folder()) / name
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except OSError as problem:
        raise StoreProblem(f"{path}: {problem}") from None


def in_place(row: Row, admdvs: int) -> bool:
    """Whether a price rule holds now and here: open-ended, for everybody or for this city."""
    return not row["enddate"] and row["insu_admdvs"] in ("", str(admdvs))


def self_pay_shares(admdvs: int) -> dict[str, int]:
    """First self-pay share 先行自付比例 by code, parts per 10,000; the city's own before the general one."""
    rules = [row for row in rows_of("selfpay.csv") if in_place(row, admdvs) and row["selfpay_prop_psn_type"] == GENERAL]
    return {row["hilist_code"]: round(float(row["selfpay_prop"]) * RATE) for row in sorted(rules, key=lambda row: row["insu_admdvs"])}


def ceilings(admdvs: int) -> dict[str, int]:
    """Ceiling 支付限价 by code, 1/1,000,000 yuan, at institutions of level three."""
    rules = [row for row in rows_of("ceilings.csv") if in_place(row, admdvs) and row["hilist_lmtpric_type"] in HIGHEST_LEVEL]
    latest = sorted(rules, key=lambda row: row["begndate"])
    return {row["hilist_code"]: round(float(row["hilist_pric_uplmt_amt"]) * MILLIONTH) for row in latest}


def diseases_bits(row: Row) -> int:
    """Two-disease drugs 两病用药 as bits."""
    codes = row.get("two_disease_codes") or ""
    return sum(bit for code, bit in TWO_DISEASES.items() if code in codes)


def item_rows() -> list[tuple[Row, int]]:
    """Every item with its kind, ordered by code."""
    found = [(row, kind) for name, kind in FILES for row in rows_of(name)]
    found = [(row, SLICES if row["list_type"] == HERBAL else kind) for row, kind in found]
    return sorted(found, key=lambda pair: pair[0]["med_list_codg"])


def procured_codes(rows: list[tuple[Row, int]]) -> set[str]:
    """What stands for a winner of volume-based procurement 集采中选: the cheapest of several makers of one drug or consumable."""
    makers: dict[tuple[str, str], list[tuple[float, str]]] = {}
    for row, kind in rows:
        if kind in (DRUG, CONSUMABLE) and not row["enddate"]:
            key = (row["hilist_name"], row.get("drug_spec") or row.get("spec") or "")
            makers.setdefault(key, []).append((float(row["ref_pric"]), row["med_list_codg"]))
    return {min(offers)[1] for offers in makers.values() if len(offers) > 1}


def items(admdvs: int) -> Columns:
    """The `item` table 医保目录 for a city: every item of the files, ended ones too (nothing charges those)."""
    rows, shares, limits = item_rows(), self_pay_shares(admdvs), ceilings(admdvs)
    winners = procured_codes(rows)
    flags = {
        "consumable": [kind == CONSUMABLE for _, kind in rows],
        "bed": [kind == SERVICE and row["med_chrgitm_type"] == BED_FEE for row, kind in rows],
        "drug": [kind in (DRUG, SLICES) for _, kind in rows],
        "dual_channel": [row.get("dual_channel_flag") == "1" for row, _ in rows],
        "consultation": [kind == SERVICE and row["med_chrgitm_type"] == CONSULTATION_FEE for row, kind in rows],
        "slices": [kind == SLICES for _, kind in rows],
        "procured": [row["med_list_codg"] in winners for row, _ in rows],
    }
    return {
        "item": np.arange(len(rows), dtype=np.int32),
        "code": [row["med_list_codg"] for row, _ in rows],
        "name": [row["hilist_name"] for row, _ in rows],
        "kind": np.array([kind for _, kind in rows], np.int8),
        "fee": np.array([int(row["med_chrgitm_type"]) for row, _ in rows], np.int8),
        "item_class": np.array([int(row["chrgitm_lv"]) for row, _ in rows], np.int8),
        "self_pay": np.array([shares.get(row["med_list_codg"], 0) for row, _ in rows], np.int32),
        "price": np.array([round(float(row["ref_pric"]) * MILLIONTH) for row, _ in rows], np.int64),
        "ceiling": np.array([limits.get(row["med_list_codg"], 0) for row, _ in rows], np.int64),
        "two_disease": np.array([diseases_bits(row) for row, _ in rows], np.int8),
        **{name: np.array(values, np.int8) for name, values in flags.items()},
    }


def charged() -> Any:
    """Which items may be charged 可收费: those that have not ended; bool by row of `items`."""
    return np.array([not row["enddate"] for row, _ in item_rows()])


def diagnoses() -> Columns:
    """The `diagnosis` table 疾病诊断, ordered by code."""
    rows = sorted(rows_of("diagnoses.csv"), key=lambda row: row["diag_code"])
    return {
        "diagnosis": np.arange(len(rows), dtype=np.int32),
        "code": [row["diag_code"] for row in rows],
        "name": [row["diag_name"] for row in rows],
        "chapter": [row["chpt_name"] for row in rows],
    }


def operations() -> Columns:
    """The `operation` table 手术操作, ordered by code."""
    rows = sorted(rows_of("operations.csv"), key=lambda row: row["oprn_oprt_code"])
    return {
        "operation": np.arange(len(rows), dtype=np.int32),
        "code": [row["oprn_oprt_code"] for row in rows],
        "name": [row["oprn_oprt_name"] for row in rows],
    }


def write_catalogue(store: Store, admdvs: int) -> None:
    """Write the three registers of a city."""
    store.write("item", items(admdvs))
    store.write("diagnosis", diagnoses())
    store.write("operation", operations())
