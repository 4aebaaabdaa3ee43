"""From the window to the simulation: bills settled at the door are written to a store by the desk, and a reform is priced on them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import override_settings
from django.utils import timezone

from bureau.simulation.conftest import scenario
from gateway import playing
from gateway.billing import EMPLOYEE, RESIDENT, TABLET, Bill, noon, of
from openyibao.bureau.policydesk.shelf import books
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.models import Settlement
from openyibao.bureau.simulation import actions, queries, working
from openyibao.bureau.simulation.actions import Options
from openyibao.bureau.simulation.models import Run
from openyibao.bureau.simulation.places import store_at, years_at_hand
from openyibao.warehouse.tables.checking import checked
from overlays import less_at_level_3
from signed import client_as

town = playing.town
JISHOU = "433101000000000000000000"
H1, H2 = "H43310199001", "H43310199002"


@pytest.fixture(scope="module")
def settled(town) -> dict[int, int]:
    """Bills at the door, one of them taken back: what stands, by its number, the funds' part in fen."""
    for number, (person, scheme, institution, total) in enumerate((
        ("01", EMPLOYEE, H1, 900), ("01", EMPLOYEE, H1, 450), ("03", RESIDENT, H2, 260), ("01", EMPLOYEE, H1, 77),
    )):  # fmt: skip
        day = f"2026-03-{10 + number}"
        town.now = noon(day) + timedelta(hours=1)
        bill = Bill(town, JISHOU + person, scheme, institution, noon(day), charges=(of(TABLET, total),)).ready()
        bill.settled()
        if total == 77:
            assert bill.undo().output is not None
    fallen = set(Settlement.objects.exclude(mirror_of=None).values_list("mirror_of", flat=True))
    return {row.pk: row.fund for row in Settlement.objects.filter(mirror_of=None).exclude(pk__in=fallen)}


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Iterator[Path]:
    """An empty home."""
    folder = tmp_path_factory.mktemp("export")
    with override_settings(HOME=folder):
        yield folder


def worked(run: Run) -> Run:
    """A run done here and now."""
    working.worked(run.pk)
    run.refresh_from_db()
    return run


def test_a_year_without_settlements_is_refused_in_words(settled, home):
    run = worked(actions.export_asked(book=books()["jishou"], year=2019, by="policy", at=timezone.now()))
    assert run.state == Run.FAILED and "0 个政策包" in run.problem and "0 policy packages" in run.problem_en
    assert not years_at_hand("jishou")


def test_the_desk_writes_the_year_and_a_reform_is_priced_on_it(settled, home):
    answer = client_as("policy").post("/simulations/export", {"year": "2026"})
    run = Run.objects.get(kind=Run.EXPORT, year=2026)
    assert answer.status_code == 302 and answer["Location"] == f"/simulations/{run.pk}"
    with pytest.raises(Refused, match="正在写出"):
        actions.export_asked(book=books()["jishou"], year=2026, by="policy", at=timezone.now())
    run = worked(run)
    assert run.state == Run.DONE, (run.problem, run.problem_en)
    assert run.figures["bills"] == len(settled) == 3
    assert [(one.store, one.year) for one in years_at_hand("jishou")] == [("jishou-database", 2026)]
    problems = {one.file.split("/")[0] for one in checked(store_at("jishou-database"))}
    assert problems <= {"closing"}      # newcomers have a balance and no moves
    asked = actions.asked(
        book=books()["jishou"], store="jishou-database", year=2026, scenarios=[scenario(less_at_level_3("2026-01-01"), 20260101, 2026)],
        options=Options("none", ""), by="policy", at=timezone.now(),
    )[0]  # fmt: skip
    done = worked(asked)
    assert done.state == Run.DONE, (done.problem, done.problem_en)
    assert queries.outcome_of(done).totals.fund.before == sum(settled.values()) > queries.outcome_of(done).totals.fund.after
    page = client_as("policy").get(f"/simulations/{run.pk}").content.decode()
    assert "jishou-database" in page
