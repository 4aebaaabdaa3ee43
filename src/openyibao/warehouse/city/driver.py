"""A whole synthetic city 造城: registers, then every bucket on all cores, then stock and the card; progress, interruption, resumption.

    <store>/making.json           what is being made, from the first moment on
    <store>/made/bucket=00007.json    a bucket is done when this is there
    <store>/city.json             the card, written last: a store without it is not whole

Interrupted and started again with the same arguments, it goes on with the buckets not yet done, to the same bytes.
"""

import json
import shutil
from collections.abc import Callable
from contextlib import closing
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from openyibao.policybook.book import Book
from openyibao.warehouse.city import stock
from openyibao.warehouse.city.catalogue import write_catalogue
from openyibao.warehouse.city.ground import Ground, ground_of
from openyibao.warehouse.city.making import Made, Order, make_bucket
from openyibao.warehouse.city.profile import Profile
from openyibao.warehouse.city.size import City, scaled
from openyibao.warehouse.run.package import package_of, recorded_path, save
from openyibao.warehouse.run.runner import Runner
from openyibao.warehouse.tables.schema import TABLES
from openyibao.warehouse.tables.store import CARD, Store, StoreProblem, whole

UNDER_WAY, DONE = "making.json", "made"
FUNDS = ("employee_pool", "resident_pool", "large", "supplement", "aid")
"""Funds that the card gives an opening balance of."""
Progress = Callable[[int, int, int], None]
"""Called with the buckets done, all buckets, and the bills so far."""


class OtherCity(StoreProblem):
    """The folder holds another city, or one made otherwise."""


def make_city(city: City, place: Path, runner: Runner, *, progress: Progress | None = None, again: bool = False) -> dict[str, Any]:
    """Make a city in a folder and return its card; a city that is whole already is left as it is.

    again  begin anew, whatever lies there
    Raises NoYear, ProfileProblem, PolicyError; OtherCity when the folder holds another city; StoreProblem; RunnerProblem.
    """
    store = Store(place.resolve())
    ground = ground_of(city)
    asked = identity(ground)
    cleared = again and emptied(store)
    if claimed(store, asked, cleared):
        return store.card()
    packages = tuple((year, write_package_of(store, ground.book, year)) for year in city.years)
    write_catalogue(store, ground.book.admdvs)
    for table in ("town", "employer", "institution", "practitioner"):
        store.write(table, getattr(ground, table))
    orders = [Order(str(store.root), city, bucket, packages) for bucket in range(city.buckets)]
    made: list[Made] = []
    with closing(generated(runner, orders)) as answers:
        for answer in answers:
            made.append(answer)
            if progress is not None:
                progress(len(made), len(orders), sum(found.bills for found in made))
    for year in city.years:
        stock.write_stock(store, year, city.seed)
    shutil.rmtree(store.root / "parts", ignore_errors=True)
    card = card_of(ground, store, asked, made)
    store.write_card(card)
    (store.root / UNDER_WAY).unlink(missing_ok=True)
    return card


def generated(runner: Runner, orders: list[Order]) -> Any:
    """The runner's answers as something that can be closed."""
    yield from runner.run(made_bucket, orders)


def made_bucket(order: Order) -> Made:
    """One bucket, made unless it is there: the work that a runner hands to processes."""
    marker = Path(order.store) / DONE / f"bucket={order.bucket:05d}.json"
    if marker.is_file():
        return Made(**json.loads(marker.read_text(encoding="utf-8")))
    made = make_bucket(order)
    marker.parent.mkdir(exist_ok=True)
    whole(marker, json.dumps(made._asdict()).encode())
    return made


def identity(ground: Ground) -> dict[str, Any]:
    """What decides every byte of a city."""
    city = ground.city
    return {
        "city": city.city, "people": city.people, "whole": city.whole, "seed": city.seed, "years": list(city.years),
        "buckets": city.buckets,
        "profile": ground.profile.digest, "book": ground.book.digest, "made_with": made_with(),
    }


def made_with() -> str:
    """The version of OpenYibao."""
    try:
        return version("openyibao")
    except PackageNotFoundError:
        return "source"


def claimed(store: Store, asked: dict[str, Any], cleared: bool = False) -> bool:
    """Take the folder for this city; True when the city is whole already. Raises OtherCity when it holds another.

    cleared  an earlier city was taken away just now: what else lies in the folder was there beside it
    """
    card, under_way = store.root / CARD, store.root / UNDER_WAY
    there = card if card.is_file() else under_way if under_way.is_file() else None
    if there is None:
        if not cleared and store.root.exists() and any(store.root.iterdir()):
            raise OtherCity(f"{store.root}: 目录不空，也不是年度库 the folder is not empty and no store of a city")
        store.root.mkdir(parents=True, exist_ok=True)
        whole(under_way, json.dumps(asked, ensure_ascii=False, indent=1).encode())
        return False
    found = json.loads(there.read_text(encoding="utf-8"))
    differing = [key for key, value in asked.items() if found.get(key) != value]
    if differing:
        told = "；".join(f"{key} {found.get(key)} ≠ {asked[key]}" for key in differing)
        raise OtherCity(f"{store.root}: 此处已有另一座城 another city lies here（{told}）")
    return there == card


def emptied(store: Store) -> bool:
    """Take away what a making leaves, and nothing else: the tables, the marks, the card, runs over them; False where there is no city."""
    folders = (*TABLES, "truth", "parts", "policy", "runs", DONE)
    if not (store.root / CARD).is_file() and not (store.root / UNDER_WAY).is_file():
        return False
    for name in folders:
        shutil.rmtree(store.root / name, ignore_errors=True)
    for file in (CARD, UNDER_WAY, *(f"{name}.{store.form}" for name in TABLES)):
        (store.root / file).unlink(missing_ok=True)
    return True


def write_package_of(store: Store, book: Book, year: int) -> str:
    """Keep the year's policy in the store, for making and for settling again; returns its path."""
    path = recorded_path(store, year)
    path.parent.mkdir(parents=True, exist_ok=True)
    save(package_of(book, year), path)
    return str(path)


def card_of(ground: Ground, store: Store, asked: dict[str, Any], made: list[Made]) -> dict[str, Any]:
    """The card: what city, made from what, how much of it, and which of its figures are our own setting."""
    city, profile = ground.city, ground.profile
    accounts = (store.arrays("holder", city.years[0], bucket, ["account"])["account"] for bucket in range(city.buckets))
    opening = sum(int(account.sum(dtype=np.int64)) for account in accounts)
    return asked | {
        "name": profile.name, "scale": f"1:{city.whole / city.people:.4g}", "readings": [],
        "packages": {str(year): package_of(ground.book, year).digest for year in city.years},
        "bills": sum(answer.bills for answer in made), "lines": sum(answer.lines for answer in made),
        "balances": balances(profile, city) | {
            "accounts": {"opening": opening, "trust": "illustrative", "source": "首年年初个人账户余额之和"}},
        "other_income": other_income(profile), "doubtful": profile.doubtful(), "synthetic": True,
    }


def balances(profile: Profile, city: City) -> dict[str, dict[str, Any]]:
    """Each fund's balance on 1 January of the first year at the city's scale, fen, with where it comes from."""
    found = {}
    for fund in FUNDS:
        figure = profile.figure(f"balances.{fund}")
        found[fund] = {"opening": scaled(city, int(figure.value) * 100), "trust": figure.trust, "source": figure.source}
    return found


def other_income(profile: Profile) -> dict[str, dict[str, Any]]:
    """Income beside contributions, as parts per 10,000 of them, with where it comes from."""
    found = {}
    for scheme in ("employee", "resident"):
        figure = profile.figure(f"income.other_{scheme}")
        found[scheme] = {"rate": figure.value, "trust": figure.trust, "source": figure.source}
    return found
