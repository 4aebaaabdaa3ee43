"""A whole city in a folder: the same bytes after an interruption, nothing done twice, nobody else's folder touched."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from openyibao.warehouse.city.driver import OtherCity, make_city
from openyibao.warehouse.city.ground import whole_city
from openyibao.warehouse.city.profile import load_profile
from openyibao.warehouse.city.size import City
from openyibao.warehouse.run.runner import Here
from openyibao.warehouse.tables.schema import TABLES
from openyibao.warehouse.tables.store import Store, StoreProblem
from warehouse.city.small import small_city

TINY: City = small_city("jishou", 600, years=(2022, 2023), buckets=2)


class Stopped:
    """A runner that is interrupted after its first answer."""

    def run(self, work: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[Any]:
        yield work(tasks[0])
        raise KeyboardInterrupt


def digests(root: Path) -> dict[str, str]:
    """Every file of a store; the marks of done buckets carry seconds and are left out."""
    return {
        str(file.relative_to(root)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(root.rglob("*")) if file.is_file() and file.parent.name != "made"
    }  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("city") / "whole"
    make_city(TINY, place, Here())
    return place


def test_a_city_has_every_table_and_a_card(made: Path) -> None:
    store = Store(made)
    card = store.card()
    for name, table in TABLES.items():
        if name in ("rescoped",):
            continue
        path = store.path(name, 2023 if table.yearly else None, 1 if table.bucketed else None)
        assert path.is_file(), name
    assert (card["people"], card["whole"], card["years"], card["seed"], card["buckets"]) == (600, 360_200, [2022, 2023], 1, 2)
    assert card["bills"] == sum(len(store.arrays("bill", year, bucket, ["bill"])["bill"]) for year in (2022, 2023) for bucket in (0, 1))
    assert set(card["packages"]) == {"2022", "2023"} and card["doubtful"]["wages.growth"] == "illustrative"
    opening = load_profile("jishou").whole("balances.employee_pool") * 100
    assert card["balances"]["employee_pool"]["opening"] == round(opening * 600 / 360_200)
    assert card["balances"]["accounts"]["opening"] > 0
    assert not (made / "making.json").exists() and not (made / "parts").exists()


def test_an_interrupted_making_goes_on_to_the_same_bytes(made: Path, tmp_path: Path) -> None:
    place = tmp_path / "again"
    with pytest.raises(KeyboardInterrupt):
        make_city(TINY, place, Stopped())
    assert not (place / "city.json").exists()
    with pytest.raises(StoreProblem, match="no store of a city"):
        Store(place).card()
    first = (place / "person" / "bucket=00000.arrow").stat().st_mtime_ns
    told: list[int] = []
    make_city(TINY, place, Here(), progress=lambda done, *_: told.append(done))
    assert told == [1, 2]
    assert (place / "person" / "bucket=00000.arrow").stat().st_mtime_ns == first, "a finished bucket was made twice"
    assert digests(place) == digests(made)


def test_a_whole_city_is_left_as_it_is(made: Path) -> None:
    before = digests(made)
    told: list[int] = []
    card = make_city(TINY, made, Here(), progress=lambda done, *_: told.append(done))
    assert not told and card["seed"] == 1 and digests(made) == before


def test_another_city_does_not_take_its_place_unasked(made: Path, tmp_path: Path) -> None:
    before = digests(made)
    with pytest.raises(OtherCity, match="seed 1 ≠ 2"):
        make_city(TINY._replace(seed=2), made, Here())
    assert digests(made) == before
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("mine")
    with pytest.raises(OtherCity, match="not empty"):
        make_city(TINY, tmp_path / "letters", Here())
    with pytest.raises(OtherCity, match="not empty"):
        make_city(TINY, tmp_path / "letters", Here(), again=True)
    assert (tmp_path / "letters" / "a.txt").read_text() == "mine"


def test_anew_takes_the_old_city_away(tmp_path: Path) -> None:
    place = tmp_path / "city"
    make_city(TINY._replace(years=(2023,)), place, Here())
    (place / "notes.txt").write_text("kept")
    card = make_city(TINY._replace(years=(2022,), seed=5), place, Here(), again=True)
    assert card["seed"] == 5 and Store(place).years() == [2022] and (place / "notes.txt").read_text() == "kept"


def test_the_whole_city_is_the_plans() -> None:
    assert {name: whole_city(load_profile(name)) for name in ("jishou", "wuhan")} == {"jishou": 360_200, "wuhan": 9_827_500}
