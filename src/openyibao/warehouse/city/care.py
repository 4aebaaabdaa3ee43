"""The care book as arrays 诊疗书: illnesses, how likely each is, what is charged for each; from profiles/care.yaml and care/<city>.yaml.

An illness is a row; the special rows after the ordinary ones are bound to a kind of bill (delivery, dialysis …). What may be charged
lies in one flat list of items, cut into pools: a row of POOLS per illness, a pool of each operation's services and consumables, and the
general pools by name.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml

from openyibao.warehouse.city.catalogue import CONSUMABLE, SLICES, Row, charged, diagnoses, item_rows, operations
from openyibao.warehouse.city.profile import CALIBRATED, FOLDER, Figure, Profile, ProfileProblem, leaves

POOLS = ("tests", "drugs", "injections", "therapies", "dear", "consumables")
GENERAL = ("stay_days", "stay_better", "stay_routine", "stay_drugs", "stay_tests", "self_paid", "severe", "herbs", "goods")
VISIT_FEES = ("village", "primary", "hospital", "senior", "expert", "emergency", "registration")
SPECIAL = ("delivery", "caesarean", "prenatal", "miscarriage", "dialysis", "transplant", "dual_channel", "pharmacy")
FLAGS = ("long", "injury", "surgery", "infant", "herbs")
AGES, SEXES, SEASONS = 6, 2, 2
BOX, INJECTION, GRAMS, TIMES, DAILY, HOURLY, PIECES = range(7)
"""How an item is charged: by the box, by the day's injections, by the gram, once, per day, per hour, per piece."""
MEN, WOMEN = 1, 2


class Care(NamedTuple):
    """Illnesses by row, pools by place in `items`; every array is read-only."""

    visits: Any  # float64 (SEASONS, SEXES, AGES, illnesses): cumulative shares of outpatient visits
    stays: Any  # the same of admissions
    days: Any  # float64: median length of stay
    flags: Any  # int8 (illnesses, len(FLAGS))
    of_disease: Any  # int32 by slot of the city's chronic list: the illness, -1 = none
    diagnosis_at: Any  # int32 (illnesses + 1)
    diagnosis: Any  # int32, rows of the diagnosis table
    pool_at: Any  # int32 (illnesses, len(POOLS)), into `items`
    pool_count: Any
    operation_at: Any  # int32 (illnesses + 1), into the next four
    operation: Any  # int32, rows of the operation table
    operation_share: Any  # float64, cumulative within an illness
    operation_pool: Any  # int32 (operations, 4): services at, count, consumables at, count
    general_at: Any  # int32 by place in GENERAL
    general_count: Any
    fees: Any  # int32 by place in VISIT_FEES: one item each
    items: Any  # int32, the pools end to end
    form: Any  # int8 by item: BOX …
    restricted: Any  # int8 by item: 1 = the list restricts it 限定支付


class Pools:
    """Pools being laid end to end."""

    def __init__(self, by_name: Mapping[str, list[int]]) -> None:
        """Pools of items known by name."""
        self.by_name = by_name
        self.items: list[int] = []

    def add(self, names: Sequence[str], where: str) -> tuple[int, int]:
        """Lay one pool: where it begins, and how many items. Every maker's item of a name is in it. Raises ProfileProblem."""
        unknown = [name for name in names if name not in self.by_name]
        if unknown:
            raise ProfileProblem(f"profiles/care.yaml: {where}: no item of the catalogue is called {', '.join(unknown)}")
        start = len(self.items)
        for name in names:
            self.items.extend(self.by_name[name])
        return start, len(self.items) - start


def forms(rows: Sequence[tuple[Row, int]]) -> Any:
    """How each item is charged."""
    return np.array([form_of(row, kind) for row, kind in rows], np.int8)


def form_of(row: Row, kind: int) -> int:
    """How one item is charged, from its kind, dosage form and unit."""
    if kind == SLICES:
        return GRAMS
    if kind == CONSUMABLE:
        return PIECES
    if "dosform" in row:
        return INJECTION if "注射" in row["dosform"] else BOX
    return {"小时": HOURLY, "日": DAILY}.get(row["prcunt"], TIMES)


def care_profile(profile: Profile, folder: Path = FOLDER) -> Profile:
    """The figures about use of care: care.yaml, over it care/<city>.yaml, over it what the calibration found (care/calibrated/<city>.yaml).

    A figure named `care.calibrated.…` in `profile` goes before all of them: it is being tried out.
    """
    figures: dict[str, Figure] = {}
    for file in ("care.yaml", f"care/{profile.city}.yaml", f"care/{CALIBRATED}/{profile.city}.yaml"):
        if (folder / file).is_file():
            tree = yaml.safe_load((folder / file).read_text(encoding="utf-8")) or {}
            figures.update(leaves(tree, f"profiles/{file}"))
    found = {key.removeprefix("care."): figure for key, figure in profile.figures.items() if key.startswith("care.calibrated.")}
    return Profile(profile.city, profile.name, {**figures, **found}, profile.digest)


def care_of(profile: Profile, diseases: Sequence[str]) -> Care:
    """The care book of a `care_profile`; `diseases` is Book.diseases. Raises ProfileProblem naming what is unknown."""
    ordinary: list[dict[str, Any]] = profile.value("care.illnesses")
    special: dict[str, dict[str, Any]] = profile.value("care.special")
    pools_by_name: dict[str, Any] = profile.value("care.pools")
    illnesses = [*ordinary, *(special[name] for name in SPECIAL)]
    rows, allowed = item_rows(), charged()
    by_name: dict[str, list[int]] = {}
    for place, (row, _) in enumerate(rows):
        if allowed[place]:
            by_name.setdefault(row["hilist_name"], []).append(place)
    pools = Pools(by_name)
    pool_pairs = [[pools.add(entry.get(pool, ()), entry["name"]) for pool in POOLS] for entry in illnesses]
    operation_at, operation, share, operation_pool = operations_of(illnesses, pools)
    general = [pools.add(pools_by_name[name], name) for name in GENERAL]
    fees = [by_name[pools_by_name["consultation"][name]][0] for name in VISIT_FEES]
    diagnosis_at, diagnosis = diagnoses_of(illnesses)
    return Care(
        visits=shares(ordinary, "visits"), stays=shares(ordinary, "stays"),
        days=np.array([entry["days"] for entry in illnesses], np.float64),
        flags=np.array([[entry.get(flag, 0) for flag in FLAGS] for entry in illnesses], np.int8),
        of_disease=of_disease(illnesses, diseases),
        diagnosis_at=diagnosis_at, diagnosis=diagnosis,
        pool_at=np.array(pool_pairs, np.int32)[:, :, 0].copy(), pool_count=np.array(pool_pairs, np.int32)[:, :, 1].copy(),
        operation_at=operation_at, operation=operation, operation_share=share, operation_pool=operation_pool,
        general_at=np.array([start for start, _ in general], np.int32),
        general_count=np.array([count for _, count in general], np.int32),
        fees=np.array(fees, np.int32), items=np.array(pools.items, np.int32), form=forms(rows),
        restricted=np.array([row["lmt_used_flag"] == "1" for row, _ in rows], np.int8),
    )  # fmt: skip


def names_of(profile: Profile) -> tuple[str, ...]:
    """The illnesses' names by row."""
    special = profile.value("care.special")
    return tuple(entry["name"] for entry in [*profile.value("care.illnesses"), *(special[name] for name in SPECIAL)])


def shares(illnesses: Sequence[Mapping[str, Any]], column: str) -> Any:
    """Cumulative shares of the ordinary illnesses by season, sex and age."""
    weights = np.array([entry[column] for entry in illnesses], np.float64).T
    winter = np.array([entry["winter"] for entry in illnesses])
    sex = np.array([entry.get("sex", 0) for entry in illnesses])
    found = np.empty((SEASONS, SEXES, AGES, len(illnesses)))
    for season in range(SEASONS):
        for place, own in enumerate((MEN, WOMEN)):
            found[season, place] = weights * np.where((sex == 0) | (sex == own), 1.0, 0.0) * (winter if season else 1.0)
    steps: Any = np.cumsum(found, axis=-1)
    steps /= steps[..., -1:]
    steps[..., -1] = 1.0
    return steps


def of_disease(illnesses: Sequence[Mapping[str, Any]], diseases: Sequence[str]) -> Any:
    """The illness that treats each chronic disease of a city; the first that names it."""
    found: dict[str, int] = {}
    for row, entry in enumerate(illnesses):
        named = entry.get("chronic", ())
        for code in (named,) if isinstance(named, str) else named:
            found.setdefault(code, row)
    return np.array([found.get(code, -1) for code in diseases], np.int32)


def diagnoses_of(illnesses: Sequence[Mapping[str, Any]]) -> tuple[Any, Any]:
    """Rows of the diagnosis table by illness, end to end. Raises ProfileProblem for an unknown code."""
    row_of = {code: row for row, code in enumerate(diagnoses()["code"])}
    starts: list[int] = [0]
    found: list[int] = []
    for entry in illnesses:
        unknown = [code for code in entry["diagnoses"] if code not in row_of]
        if unknown:
            raise ProfileProblem(f"profiles/care.yaml: {entry['name']}: no diagnosis has the code {', '.join(unknown)}")
        found.extend(row_of[code] for code in entry["diagnoses"])
        starts.append(len(found))
    return np.array(starts, np.int32), np.array(found, np.int32)


def operations_of(illnesses: Sequence[Mapping[str, Any]], pools: Pools) -> tuple[Any, Any, Any, Any]:
    """Operations by illness, end to end, with their shares (cumulative) and pools. Raises ProfileProblem for an unknown code."""
    row_of = {code: row for row, code in enumerate(operations()["code"])}
    starts, rows, steps, places = [0], [], [], []
    for entry in illnesses:
        upto = 0.0
        for code, share, services, consumables in entry.get("operations", ()):
            if code not in row_of:
                raise ProfileProblem(f"profiles/care.yaml: {entry['name']}: no operation has the code {code}")
            upto += share
            rows.append(row_of[code])
            steps.append(upto)
            places.append((*pools.add(services, entry["name"]), *pools.add(consumables, entry["name"])))
        starts.append(len(rows))
    return np.array(starts, np.int32), np.array(rows, np.int32), np.array(steps, np.float64), np.array(places, np.int32).reshape(-1, 4)
