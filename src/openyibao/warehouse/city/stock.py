"""Stock 进销存: what each institution bought, sold and has left of each drug and consumable, month by month, to match its charge lines.

A bucket leaves sums of what its lines sold; once all buckets are made, the sums of the city become the table. Where a planted fault sold
what was never bought (false drugs, swapped items), purchases stay behind and the truth says so.
"""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from openyibao.warehouse.city.catalogue import SERVICE
from openyibao.warehouse.city.draws import WHOLE_CITY, stream
from openyibao.warehouse.city.lines import Sheet
from openyibao.warehouse.city.patterns import CARD_BUNDLE, FALSE_DRUGS, SWAPPED
from openyibao.warehouse.tables.store import Store

MONTHS = 12
UNBOUGHT = (FALSE_DRUGS, SWAPPED, CARD_BUNDLE)
"""Patterns whose goods never left a shelf."""
CHUNK = 400
"""Institutions whose sums are in memory at once."""
UNIT = 10_000
PACK = 20
"""Purchases come in packs."""


def parts(store: Store, year: int) -> Path:
    """Where the buckets leave their sums."""
    return store.root / "parts" / "stock" / f"year={year}"


def key_of(institution: Any, item: Any, month: Any, items: int) -> Any:
    """Institution, item and month as one number, in this order."""
    return (np.asarray(institution).astype(np.int64) * items + item) * MONTHS + month - 1


def write_sums(store: Store, bill: Mapping[str, Any], sheet: Sheet, item: Mapping[str, Any], year: int, bucket: int) -> None:
    """Leave a bucket's sums: key, quantity charged, quantity charged without goods; services have no stock."""
    goods = np.asarray(item["kind"])[sheet.item] != SERVICE
    items = len(item["kind"])
    keys = key_of(np.asarray(bill["institution"])[sheet.row[goods]], sheet.item[goods], sheet.day[goods] // 100 % 100, items)
    unique, place = np.unique(keys, return_inverse=True)
    quantity = sheet.quantity[goods].astype(np.int64)
    unbought = np.where(np.isin(sheet.fault[goods], UNBOUGHT), quantity, 0)
    sums = np.zeros((len(unique), 3), np.int64)
    sums[:, 0] = unique
    np.add.at(sums[:, 1], place, quantity)
    np.add.at(sums[:, 2], place, unbought)
    folder = parts(store, year)
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".bucket={bucket:05d}.npy"
    np.save(part, sums)
    part.replace(folder / f"bucket={bucket:05d}.npy")


def summed(files: list[Path], institutions: int, items: int) -> Iterator[Any]:
    """The city's sums, some institutions at a time, by key."""
    opened = [np.load(file, mmap_mode="r") for file in files]
    for first in range(0, institutions, CHUNK):
        low, high = first * items * MONTHS, (first + CHUNK) * items * MONTHS
        pieces = []
        for sums in opened:
            start, stop = np.searchsorted(sums[:, 0], [low, high])
            pieces.append(np.array(sums[start:stop]))
        found = np.concatenate(pieces) if pieces else np.zeros((0, 3), np.int64)
        unique, place = np.unique(found[:, 0], return_inverse=True)
        total = np.zeros((len(unique), 3), np.int64)
        total[:, 0] = unique
        np.add.at(total[:, 1], place, found[:, 1])
        np.add.at(total[:, 2], place, found[:, 2])
        yield total


def write_stock(store: Store, year: int, seed: int) -> None:
    """Write the table `stock` of a year from the buckets' sums, and remove the sums.

    Each institution and item: purchases of a month cover what was sold and keep about half a month's sales on the shelf.
    """
    institutions, items = len(store.read("institution", columns=["institution"])), len(store.read("item", columns=["item"]))
    files = sorted(parts(store, year).glob("bucket=*.npy"))
    chunks = enumerate(summed(files, institutions, items))
    tables = [bought(total, items, stream(seed, WHOLE_CITY, year, f"stock {place}")) for place, total in chunks]
    names = ("institution", "item", "month", "opening", "bought", "sold", "closing")
    store.write("stock", {name: np.concatenate([table[name] for table in tables]) for name in names}, year)
    shutil.rmtree(parts(store, year), ignore_errors=True)


def bought(total: Any, items: int, rng: np.random.Generator) -> dict[str, Any]:
    """The rows of some institutions: opening, bought, sold, closing, opening of a month = closing of the row before of the same item.

    sold is what was charged; goods that were charged and never existed are not bought, so the shelf falls below zero by them.
    """
    key, sold, unbought = total[:, 0], total[:, 1], total[:, 2]
    thing = key // MONTHS
    real = sold - unbought
    reserve = -(-real * rng.integers(30, 70, len(key)) // 100 // UNIT) * UNIT
    first = np.append(True, thing[1:] != thing[:-1]) if len(key) else np.zeros(0, bool)
    opening_real = np.where(first, reserve, np.append(0, reserve[:-1])) if len(key) else reserve
    purchase = np.maximum(real + reserve - opening_real, 0)
    purchase = -(-purchase // (PACK * UNIT)) * PACK * UNIT
    moved = purchase - sold
    running = np.cumsum(moved)
    starts = np.flatnonzero(first)
    base = np.repeat(np.append(0, running[starts[1:] - 1]) if len(starts) else np.zeros(0, np.int64), np.diff(np.append(starts, len(key))))
    shelf = np.repeat(reserve[starts], np.diff(np.append(starts, len(key)))) if len(starts) else reserve
    closing = shelf + running - base
    return {
        "institution": thing // items, "item": thing % items, "month": key % MONTHS + 1, "opening": closing - moved, "bought": purchase,
        "sold": sold, "closing": closing,
    }  # fmt: skip
