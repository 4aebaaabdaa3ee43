"""Runs: what they answer, that they answer it again, and that none of them is ever left hanging."""

import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from bureau.simulation.conftest import AT, DRAFT, scenario
from openyibao.bureau.refused import Refused
from openyibao.bureau.simulation import actions, queries, working
from openyibao.bureau.simulation.lists import PAYERS, bill_rows, year_rows
from openyibao.bureau.simulation.models import Run
from openyibao.bureau.simulation.places import folder_of, store_at
from openyibao.bureau.staff.models import Act, Notice
from openyibao.policybook.book import load_book, policies_root
from warehouse.simulate.byhand import settled


def by_hand(run, tmp_path):
    """The run's year settled in plain Python under its draft."""
    path = tmp_path / "hand.yaml"
    path.write_text(run.reform["drafts"][0]["text"], encoding="utf-8")
    store = store_at("jishou")
    return [settled(store, 2023, {0: book}) for book in (
        load_book(policies_root(), "jishou"), load_book(policies_root(), "jishou", overlays=(path,)))]


@pytest.mark.parametrize("starts", [20230101, 20230701])
def test_cost_is_the_sum_of_the_differences_of_all_bills_from_january_and_from_july(done, tmp_path, starts):
    run = done(scenario(starts=starts))
    before, after = by_hand(run, tmp_path)
    hand = {number: (old.fund, new.fund, old.person, new.person) for one, other in zip(before, after, strict=True)
            for (number, _, old), (_, _, new) in zip(one.bills, other.bills, strict=True)}
    listed = bill_rows(folder_of(run.pk), "fund")
    rows = {row.bill: (row.fund_before, row.fund_after, row.person_before, row.person_after) for row in listed}
    assert rows == hand
    cost = sum(new - old for old, new, _, _ in hand.values())
    assert cost == run.figures["cost"] == queries.outcome_of(run).totals.fund.change != 0
    better = {row.row + 100_000 * row.bucket: row.better for row in year_rows(folder_of(run.pk))}
    assert better == {new.row + 100_000 * new.bucket: old.borne - new.borne + sum(new.credits) - sum(old.credits)
                      for old, new in zip(before, after, strict=True)}
    early = listed.filter(day__lt=20230701)
    assert early.count() and any(row.pay_change for row in early) is (starts == 20230101)
    assert run.title.endswith(f"（自 2023-{'01' if starts == 20230101 else '07'}-01）")


def test_a_second_run_gives_the_same_figures_and_says_so(done):
    run = done(orders="all", elasticity="default")
    first = (folder_of(run.pk) / "outcome.json").read_bytes()
    actions.asked_again(pk=run.pk, by="policy", at=AT)
    working.worked(run.pk)
    run.refresh_from_db()
    assert (run.state, run.again, run.again_same) == (Run.DONE, False, True)
    assert (folder_of(run.pk) / "outcome.json").read_bytes() == first
    assert not (folder_of(run.pk) / "again").exists()
    Run.objects.filter(pk=run.pk).update(digest="0" * 64)
    actions.asked_again(pk=run.pk, by="policy", at=AT)
    working.worked(run.pk)
    run.refresh_from_db()
    assert run.again_same is False


def test_every_payer_of_the_totals_is_the_sum_of_its_bills(done):
    run = done()
    totals = queries.outcome_of(run).totals
    for fund in (*totals.funds, totals.person, totals.total, totals.within):
        found = bill_rows(folder_of(run.pk), fund.key).sums("sum(pay_before)", "sum(pay_after)")
        assert (fund.key, *found) == (fund.key, fund.before, fund.after)
    assert {fund.key for fund in totals.funds} <= PAYERS.keys()


def test_a_run_that_waits_stops_at_once_and_its_job_is_called_off(asked):
    run = asked()[0]
    assert app.job_manager.get_job_status(run.job) not in (Status.CANCELLED, Status.ABORTED)
    actions.stopped(pk=run.pk, by="policy", at=AT)
    run.refresh_from_db()
    assert run.state == Run.STOPPED and app.job_manager.get_job_status(run.job) == Status.CANCELLED
    working.worked(run.pk)
    run.refresh_from_db()
    assert run.state == Run.STOPPED and run.tries == 0
    with pytest.raises(Refused, match="已经结束"):
        actions.stopped(pk=run.pk, by="policy", at=AT)


def test_a_run_under_way_hears_a_stop_and_goes_on_later_with_the_parts_it_has(asked, monkeypatch):
    run, phases = asked(orders="all")[0], []
    real = working.Heart.at

    def slow(heart, phase, done, whole):
        phases.append((phase, done, whole))
        if phase == "attribute" and run.state != Run.STOPPED:
            heart.done, heart.whole = done, whole
            assert heart.stop.wait(20)
        real(heart, phase, done, whole)

    monkeypatch.setattr(working.Heart, "at", slow)
    worker = threading.Thread(target=in_a_thread, args=(run.pk,))
    worker.start()
    end = time.monotonic() + 30
    while not any(phase == "attribute" for phase, _, _ in phases) and time.monotonic() < end:
        time.sleep(0.02)
    actions.stopped(pk=run.pk, by="policy", at=timezone.now())
    worker.join(30)
    run.refresh_from_db()
    assert run.state == Run.STOPPED and "已按要求停止" in run.problem and not run.digest
    kept = {path.name for path in (folder_of(run.pk) / "part").rglob("*.npz")}
    assert kept
    actions.asked_again(pk=run.pk, by="policy", at=timezone.now())
    phases.clear()
    working.worked(run.pk)
    run.refresh_from_db()
    assert run.state == Run.DONE and run.tries == 2
    assert {path.name for path in (folder_of(run.pk) / "part").rglob("*.npz")} == kept


def in_a_thread(pk):
    try:
        working.worked(pk)
    finally:
        connection.close()


def test_a_run_whose_worker_is_gone_has_failed_and_late_words_find_no_row(asked):
    run = asked()[0]
    begun = actions.begun(pk=run.pk, worker="gone:1", at=AT)
    assert actions.begun(pk=run.pk, worker="other:2", at=AT) is None
    late = AT + queries.LEASE + timedelta(seconds=1)
    assert queries.state_of(begun, AT + timedelta(seconds=5)) == Run.RUNNING
    assert queries.state_of(begun, late) == Run.FAILED
    assert actions.given_up(at=AT + timedelta(seconds=5)) == 0
    assert actions.given_up(at=late) == 1
    run.refresh_from_db()
    assert run.state == Run.FAILED and "中途退出" in run.problem
    assert "没有完成" in Notice.objects.get(officer="policy").text
    actions.asked_again(pk=run.pk, by="policy", at=late)
    again = actions.begun(pk=run.pk, worker="other:2", at=late)
    assert actions.seen(run=begun, phase="compare", done=9, whole=9, at=late) is False
    actions.finished(run=begun, figures={"cost": 1}, digest="x", package="x", at=late)
    run.refresh_from_db()
    assert (run.state, run.digest, run.done) == (Run.RUNNING, "", 0)
    assert actions.seen(run=again, phase="compare", done=1, whole=2, at=late) is True


def test_a_fault_of_the_programme_and_a_policy_that_cannot_be_used_end_a_run_with_the_reason(asked, monkeypatch):
    run = asked(scenario(DRAFT.replace("value: 12000", "value: 1"), 20230101))[0]
    monkeypatch.setattr(working, "simulate", raising(RuntimeError("boom")))
    with pytest.raises(RuntimeError):
        working.worked(run.pk)
    run.refresh_from_db()
    assert run.state == Run.FAILED and "RuntimeError" in run.problem and "programme" in run.problem_en
    broken = asked()[0]
    reform = broken.reform
    reform["drafts"][0]["text"] = "overlay: {city: jishou}\nno.such.key: 1\n"
    Run.objects.filter(pk=broken.pk).update(reform=reform)
    monkeypatch.undo()
    working.worked(broken.pk)
    broken.refresh_from_db()
    assert broken.state == Run.FAILED and "no.such.key" in broken.problem


def raising(problem):
    def simulate(*_words, **_more):
        raise problem

    return simulate


def test_what_was_done_is_logged_and_whoever_asked_is_told(done):
    run = done()
    logged = Counter(Act.objects.values_list("what", flat=True))
    assert logged["simulation.ask"] == logged["simulation.done"] == 1
    assert Notice.objects.get(officer="policy").link == f"/simulations/{run.pk}"
