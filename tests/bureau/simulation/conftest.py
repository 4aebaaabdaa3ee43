"""A home with an invented year of Jishou, and runs on it; nobody writes into the store."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import override_settings

from openyibao.bureau.policydesk.shelf import books
from openyibao.bureau.simulation import actions, forms, working
from openyibao.bureau.simulation.actions import Options, Scenario
from openyibao.bureau.simulation.drafting import Draft, played_in, titles_of
from openyibao.bureau.simulation.models import Run
from warehouse.made_store import made_store

DRAFT = (forms.examples() / "jishou-stay-near.yaml").read_text(encoding="utf-8")
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one store, made once."""
    home = tmp_path_factory.mktemp("simulation-desk")
    made_store(home / "warehouse" / "jishou", "jishou", people=100, years=(2023,), seed=7)
    return home


@pytest.fixture
def home(made_home: Path, tmp_path: Path, django_database: str) -> Iterator[Path]:
    """A home of the test's own with that store, and an empty database."""
    (tmp_path / "warehouse").mkdir()
    (tmp_path / "warehouse" / "jishou").symlink_to(made_home / "warehouse" / "jishou")
    with override_settings(HOME=tmp_path):
        yield tmp_path
    shutil.rmtree(tmp_path / "simulations", ignore_errors=True)


def scenario(text: str = DRAFT, starts: int = 20230101, year: int = 2023) -> Scenario:
    """The example draft from a day."""
    drafts = [Draft("draft.yaml", text, "upload")]
    moved, first = played_in(drafts, year, starts)
    return Scenario(*titles_of(drafts), moved, first, 20230101)


@pytest.fixture
def asked(home: Path) -> Callable[..., list[Run]]:
    """Asks for runs: asked(scenario, …, orders="none")."""

    def ask(*scenarios: Scenario, orders: str = "none", elasticity: str = "", by: str = "policy", expected: str = "") -> list[Run]:
        return actions.asked(
            book=books()["jishou"], store="jishou", year=2023, scenarios=scenarios or (scenario(),), options=Options(orders, elasticity),
            by=by, at=AT, expected=expected,
        )  # fmt: skip

    return ask


@pytest.fixture
def done(asked: Callable[..., list[Run]]) -> Callable[..., Run]:
    """Asks for one run and does it, here and now."""

    def do(*scenarios: Scenario, **options: str) -> Run:
        run = asked(*scenarios, **options)[0]
        working.worked(run.pk)
        run.refresh_from_db()
        assert run.state == Run.DONE, (run.problem, run.problem_en)
        return run

    return do
