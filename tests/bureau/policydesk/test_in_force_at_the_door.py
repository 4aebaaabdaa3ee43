"""What an officer has approved is what the door settles with from that day; what was settled before stays under its own package."""

import asyncio
import time
from datetime import date, timedelta
from decimal import Decimal
from threading import Event

import pytest
from django.db import Error

from gateway import playing
from gateway.billing import EMPLOYEE, FEVER, TABLET, Bill, noon, of
from openyibao.bureau.policydesk.actions import amend, switch_rule_set
from openyibao.bureau.policydesk.laid import epoch, laid_over
from openyibao.bureau.policydesk.models import Amendment, InForce, Package
from openyibao.bureau.policydesk.queries import book_of
from openyibao.bureau.settlement.verify import verify
from openyibao.policybook.book import policies_root
from openyibao.policybook.leaf import PolicyError
from overlays import no_deductible_at_level_3

town = playing.town
H1 = "H43310199001"
JISHOU = "433101000000000000000000"
FIRST = date(2025, 3, 12)
DRAFT = no_deductible_at_level_3(FIRST.isoformat())


def visit(town, day):
    """One visit of a new employee: 500 yuan in scope at a level-3 hospital."""
    town.now = noon(day) + timedelta(hours=2)
    return Bill(town, town.newcomer(JISHOU + "01"), EMPLOYEE, H1, noon(day), charges=(of(TABLET, 500),)).ready()


def in_database(town, work, *values):
    """Work with the ORM on the door's own threads."""
    return town.run(town.runtime.in_thread(work, *values))


def approve(town, text=DRAFT):
    """The draft approved by three people."""
    return in_database(town, lambda: amend(
        root=policies_root(), city="jishou", name="三级门诊少报", name_en="Less at level 3", text=text, starts=FIRST, draft=7,
        by=("a", "b", "c"), at=town.now,
    ))  # fmt: skip


def digest_of(town, bill):
    """The package that a bill was settled under."""
    return town.one("SELECT digest FROM settlement_settlement WHERE setl_id = %s", int(bill.setl_id))["digest"]


def package_of(digest):
    """A package as it was kept."""
    return Package.objects.get(pk=digest)


def test_a_change_in_force_decides_the_bills_of_its_first_day_and_no_earlier_one(town):
    before = visit(town, "2025-03-10")
    early = before.settle().output["setlinfo"]
    approve(town)
    town.run(town.runtime.refresh())
    same_day = visit(town, "2025-03-11").settle().output["setlinfo"]
    changed = visit(town, "2025-03-12")
    late = changed.settle().output["setlinfo"]
    assert early["hifp_pay"] == same_day["hifp_pay"]
    assert late["act_pay_dedc"] == Decimal(0) and late["hifp_pay"] == Decimal("50.00") != early["hifp_pay"]
    assert digest_of(town, before) != digest_of(town, changed)
    old, new = (in_database(town, package_of, digest_of(town, one)) for one in (before, changed))
    assert not old.overlays and [name for name, _ in new.overlays] == ["amendments/0001.yaml"]
    assert in_database(town, book_of, new).digest == new.digest
    row = in_database(town, lambda: InForce.objects.order_by("-id")[0])
    assert (row.package_id, row.by) == (new.digest, "a, b, c")


def test_a_restarted_door_and_the_check_of_the_books_know_it_too(town):
    town.again()
    town.run(town.runtime.refresh())
    assert visit(town, "2025-03-13").settle().output["setlinfo"]["hifp_pay"] == Decimal("50.00")
    books = {row.digest: book_of(row) for row in in_database(town, lambda: list(Package.objects.all()))}
    with playing.psycopg.connect(town.url, autocommit=True) as connection:
        report = verify(connection, books.get)
    assert set(report.counts) <= {"account.sum"} and report.rows >= 4      # newcomers have a balance and no moves


def test_the_door_notices_by_itself(town):
    standing = town.runtime.desk.shelf
    in_database(town, lambda: switch_rule_set(
        root=policies_root(), city="jishou", name="covid-2020", on=True, day=date(2025, 4, 1), diagnoses=["J06"], by=("b", "c"),
        at=town.now,
    ))  # fmt: skip
    town.run(town.runtime.refresh())
    assert town.runtime.desk.shelf is not standing
    again = town.runtime.desk.shelf
    town.run(town.runtime.refresh())
    assert town.runtime.desk.shelf is again


def test_of_two_looks_at_once_neither_puts_the_old_books_back(town, monkeypatch):
    door, read = town.runtime, Event()
    looks = door._shelf

    def look(before):
        found = looks(before)
        read.set()
        return found

    async def both():
        first = asyncio.create_task(door.refresh())
        while not read.is_set():
            await asyncio.sleep(0)
        time.sleep(0.05)                            # the first has read the new books and not yet put them in use
        await asyncio.gather(first, door.refresh())

    standing = door.desk.shelf
    monkeypatch.setattr(door, "_shelf", look)
    in_database(town, lambda: switch_rule_set(
        root=policies_root(), city="wuhan", name="covid-2020", on=True, day=date(2026, 4, 1), diagnoses=["J06"], by=("b", "c"),
        at=town.now,
    ))  # fmt: skip
    town.run(both())
    assert door.desk.shelf is not standing and door.policies == in_database(town, epoch)
    assert in_database(town, laid_over) == door.desk.shelf.laid


def test_an_emergency_rule_set_pays_the_bills_of_its_diagnoses_on_its_days(town):
    assert FEVER[0].startswith("J06")
    plain = visit(town, "2025-03-31").settle().output["setlinfo"]
    free = visit(town, "2025-04-01").settle().output["setlinfo"]
    assert plain["psn_part_amt"] > 0 and free["psn_part_amt"] == 0 and free["fund_pay_sumamt"] == Decimal(500)
    in_database(town, lambda: switch_rule_set(
        root=policies_root(), city="jishou", name="covid-2020", on=False, day=date(2025, 4, 3), diagnoses=[], by=("b", "c"), at=town.now,
    ))  # fmt: skip
    town.run(town.runtime.refresh())
    assert visit(town, "2025-04-02").settle().output["setlinfo"]["psn_part_amt"] == 0
    assert visit(town, "2025-04-03").settle().output["setlinfo"]["psn_part_amt"] == plain["psn_part_amt"]
    assert in_database(town, laid_over)["jishou"].rule_sets == (("covid-2020", 20250401, 20250403),)


def test_what_cannot_be_frozen_is_not_laid_and_what_was_laid_stays(town):
    standing = in_database(town, epoch)
    with pytest.raises(PolicyError):
        approve(town, DRAFT.replace('"0.1"', '"1.1"'))
    assert in_database(town, epoch) == standing
    with pytest.raises(Error, match="append"):
        in_database(town, lambda: Amendment.objects.all().delete())
