"""Where a run's files lie 运行目录: stores that may be simulated on, and the folder of each run.

    <home>/warehouse/<name>/          a store 年度库: a city with its years
    <home>/simulations/<id>/          a run: drafts/, policy/, behind/, outcome.json, report.html, report.xlsx
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings

from openyibao.bureau.simulation.drafting import drafts_in
from openyibao.bureau.simulation.models import Run
from openyibao.warehouse.simulate.behaviour import elasticity_of
from openyibao.warehouse.simulate.reform import Reform
from openyibao.warehouse.tables.store import CARD, Store, StoreProblem, whole

MEGABYTE = 1_000_000


class Year(NamedTuple):
    """A year of bills that can be simulated on."""

    store: str
    city: str
    name: str
    year: int
    people: int
    bills: int
    megabytes: int
    balance: bool  # the store says the funds' balances, so that months payable can be told
    made_with: str


def warehouse() -> Path:
    """The folder of the stores."""
    return Path(settings.HOME) / "warehouse"


def store_at(name: str) -> Store:
    """A store by its folder's name. Raises StoreProblem for a name that is none, and where there is no store."""
    if not name or "/" in name or name.startswith("."):
        raise StoreProblem(f"{name}: no store of that name 没有这个年度库")
    store = Store(warehouse() / name)
    store.card()
    return store


def folder_of(run: int) -> Path:
    """The folder of a run."""
    return Path(settings.HOME) / "simulations" / str(run)


def years_at_hand(city: str = "") -> list[Year]:
    """Every year of every store of the home folder, the city's own first, the latest year first."""
    found: list[Year] = []
    for card in sorted(warehouse().glob(f"*/{CARD}")):
        found += years_of(str(card), card.stat().st_mtime_ns)
    return sorted((one for one in found if not city or one.city == city), key=lambda one: (one.store, -one.year))


@lru_cache(maxsize=64)
def years_of(card: str, written: int) -> tuple[Year, ...]:
    """The years of one store; `written` is when its card was, so that a store made anew is looked at again."""
    folder = Path(card).parent
    said: dict[str, Any] = json.loads(Path(card).read_text(encoding="utf-8"))
    store = Store(folder)
    found = []
    for year in store.years():
        buckets = store.buckets("bill", year)
        if not buckets or not store.path("closing", year, buckets[-1]).exists():
            continue
        bills = sum(store.read("bill", year, bucket, ("bill",)).num_rows for bucket in buckets)
        size = sum(file.stat().st_size for table in ("bill", "line", "result", "holder") for file in store.folder(table, year).glob("*"))
        found.append(Year(
            folder.name, str(said["city"]), str(said.get("name", said["city"])), year, int(said.get("people", 0)), bills,
            size // MEGABYTE, bool(said.get("balances")), str(said.get("made_with", "")),
        ))  # fmt: skip
    return tuple(found)


def drafts_written(run: Run, what: str) -> tuple[Path, ...]:
    """The run's drafts (`laid`: those in force on both sides) as files of its folder, in order."""
    folder = folder_of(run.pk) / what
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for place, draft in enumerate(drafts_in(run.reform, what), 1):
        path = folder / f"{place}.yaml"
        whole(path, draft.text.encode())
        paths.append(path)
    return tuple(paths)


def reform_of(run: Run) -> Reform:
    """The run's reform; its drafts are written to its folder."""
    drafts, laid = drafts_written(run, "drafts"), drafts_written(run, "laid")
    return Reform(run.city, drafts, laid, elasticity=elasticity_of(run.reform.get("elasticity", "")))
