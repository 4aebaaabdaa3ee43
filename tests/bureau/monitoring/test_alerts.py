"""Alerts: raised and let go by the check, handled by people, told to those who may; each rule measures what it says."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from openyibao.bureau.monitoring import actions, queries, rules, watching
from openyibao.bureau.monitoring.models import Alert, AlertStep, Hour, Minute, Process, Refusal, Watch
from openyibao.bureau.monitoring.rules import MEASURES, Found, Rule
from openyibao.bureau.monitoring.traffic import Traffic, written
from openyibao.bureau.providers.models import Institution
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.actions import acted, looked
from openyibao.bureau.staff.models import Notice, Officer, Work
from signed import client_as

NOW = datetime(2026, 3, 2, 2, 30, 10, tzinfo=UTC)
RULE = Rule("disk.full", "disk_used", 90, "percent", "high", "已用 {figure}%", "{figure}% used", "清理", "Clear", "alert.handle")


def raised(figure=95.0):
    """One alert."""
    actions.checked(rule=RULE, found=[Found("", figure)], at=NOW)
    return Alert.objects.latest("pk")


def later(**span):
    """An instant after NOW."""
    return NOW + timedelta(**span)


def traffic_of(outcomes, at=NOW, infno="2207", institution="H43310100001", seconds=0.004):
    """Messages in the door's tables."""
    traffic = Traffic(at)
    for outcome, count in outcomes.items():
        for ticket in range(count):
            traffic.began(ticket, institution, infno)
            traffic.ended(ticket, infno, outcome, "" if outcome == "ok" else "DOOR-01", seconds, at.timestamp(), "")
    written(traffic, traffic.drained(), traffic.load(0, 0), at)


def test_every_rule_of_the_table_measures_something_and_has_its_words(django_database):
    found = rules.rules()
    assert len(found) >= 10 and {rule.figure for rule in found.values()} == set(MEASURES)
    for rule in found.values():
        zh, en = rules.sentence(rule, Found("it", 1, {"usual": 3, "pending": 4}))
        assert zh and en and "{" not in zh + en and rule.advice_zh and rule.advice_en and rule.severity in ("high", "middle", "low")


def test_an_alert_is_raised_once_told_and_goes_by_itself(django_database):
    client_as("admin")
    row = raised()
    actions.checked(rule=RULE, found=[Found("", 97)], at=later(minutes=1))
    assert Alert.objects.count() == 1 and Alert.objects.get().figure == 97
    assert set(Notice.objects.values_list("officer", flat=True)) >= {"admin", "policy-head"}
    assert not Notice.objects.filter(officer="cashier").exists()
    assert Work.objects.get(kind="alert", closed_at=None).link == f"/operations/alerts/{row.pk}"
    actions.checked(rule=RULE, found=[Found("", 50)], at=later(minutes=2))
    row.refresh_from_db()
    assert (row.state, row.closed_by) == ("closed", "watch") and not Work.objects.filter(kind="alert", closed_at=None).exists()
    assert list(AlertStep.objects.order_by("pk").values_list("what", flat=True)) == ["raised", "gone", "closed"]
    assert raised().pk != row.pk


def test_one_that_somebody_took_stays_until_it_is_closed_with_a_note(django_database):
    row = raised()
    actions.handled(alert=row.pk, what="taken", said="", by="admin", at=NOW)
    actions.checked(rule=RULE, found=[], at=later(minutes=1))
    row.refresh_from_db()
    assert row.state == "taken" and row.gone_at is not None
    with pytest.raises(Refused, match="写明"):
        actions.handled(alert=row.pk, what="closed", said=" ", by="admin", at=NOW)
    with pytest.raises(Refused, match="admin"):
        actions.handled(alert=row.pk, what="closed", said="清理了", by="other", at=NOW)
    actions.handled(alert=row.pk, what="closed", said="清理了旧导出", by="admin", at=NOW)
    with pytest.raises(Refused, match="已关闭"):
        actions.handled(alert=row.pk, what="note", said="再看", by="admin", at=NOW)
    with pytest.raises(Exception, match="append-only"):
        AlertStep.objects.all().delete()


def test_the_check_runs_once_a_minute_whoever_asks(django_database):
    assert watching.watched(at=NOW) is not None
    assert watching.watched(at=later(seconds=30)) is None
    assert watching.watched(at=later(seconds=30), now=True) is not None
    assert watching.watched(at=later(minutes=2)) is not None


def test_a_rule_that_breaks_does_not_stop_the_others(django_database, monkeypatch):
    def broken(now):
        raise RuntimeError("no")

    monkeypatch.setitem(MEASURES, "failed_share", broken)
    traffic_of({"ok": 10, "refused": 30})
    watching.watched(at=NOW)
    assert Alert.objects.filter(rule="door.refusals").exists() and not Alert.objects.filter(rule="door.errors").exists()


def test_shares_count_the_last_minutes_and_want_enough_messages(django_database):
    traffic_of({"ok": 15, "failed": 3})
    assert MEASURES["failed_share"](NOW) == []
    traffic_of({"ok": 12})
    assert MEASURES["failed_share"](NOW)[0].figure == 10.0
    assert MEASURES["failed_share"](later(minutes=30)) == []


def test_an_institution_that_usually_sends_and_is_silent(django_database):
    Institution.objects.create(fixmedins_code="H43310100001", name="示例医院", kind="1", admdvs="433101")
    traffic_of({"ok": 40}, at=NOW - timedelta(days=7))
    traffic_of({"ok": 5}, at=NOW - timedelta(days=7), institution="H43310100002")
    traffic_of({"ok": 3}, at=NOW - timedelta(minutes=90))
    found = MEASURES["silent_institutions"](NOW)
    assert [(one.object, one.figure, one.words["usual"], one.words["name"]) for one in found] == [("H43310100001", 90, 40, "示例医院")]


def test_seal_lag_and_unbalanced_books(django_database):
    assert MEASURES["seal_lag"](NOW)[0].figure == 0
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO settlement_journal (poolarea, psn_no, insutype, setl_id, what, at, digest, shape, claim, before, receipt, after,"
            " entry) VALUES ('433100', 'p', '310', 1, 'S', %s, '', 1, '{}', '{}', '{}', '{}', '{}')", [NOW - timedelta(seconds=90)],
        )  # fmt: skip
    found = MEASURES["seal_lag"](NOW)[0]
    assert (found.figure, found.words["pending"]) == (90, 1)
    assert "90 秒" in rules.sentence(rules.rules()["seal.lag"], Found("", 90, {"pending": 1}))[0]
    assert "154,356,000 s" in rules.sentence(rules.rules()["seal.lag"], Found("", 154_356_000.0, {"pending": 1}))[1]
    acted(officer="x", what="archive.take-in", object="store/jishou", at=NOW - timedelta(days=1))
    assert MEASURES["seal_lag"](NOW)[0].figure == 90, "an earlier load excuses nothing"
    acted(officer="x", what="archive.take-in", object="store/jishou", at=NOW - timedelta(seconds=70))
    assert MEASURES["seal_lag"](NOW)[0].figure == 70, "rows of a loaded city wait since they were loaded"
    assert MEASURES["unbalanced_funds"](NOW) == []


def test_processes_that_fell_silent(django_database):
    traffic_of({"ok": 1})
    assert MEASURES["silent_processes"](later(seconds=45))[0].figure == 45
    actions.cleared(at=later(days=4))
    assert not Process.objects.exists() and not Minute.objects.exists() and Hour.objects.exists()
    traffic_of({"refused": 1})
    actions.cleared(at=later(days=40))
    assert not Refusal.objects.exists()


def test_a_look_at_a_relatives_record_is_told_and_stays(django_database):
    client_as("clerk")
    Officer.objects.filter(login="clerk").update(relatives=["43310100000000000000000009"])
    watching.watched(at=NOW)
    looked(officer="clerk", psn_no="43310100000000000000000009", purpose="电话查询", what="identity", at=NOW)
    looked(officer="insured", psn_no="43310100000000000000000001", purpose="本人查询", what="identity", at=NOW)
    watching.watched(at=later(minutes=2))
    assert [row.object for row in Alert.objects.filter(rule="integrity.own_case")] == ["clerk"]
    watching.watched(at=later(minutes=4))
    assert Alert.objects.get(rule="integrity.own_case").state == "raised"


def test_a_seal_that_does_not_hold_is_found_by_the_next_check(django_database):
    seals = "INSERT INTO settlement_seal (poolarea, number, journal_id, chain, xact, at) VALUES ('433100', %s, %s, %s, '3', now())"
    with connection.cursor() as cursor:
        cursor.execute(seals, [1, 1, b"a" * 32])
    watching.watched(at=NOW)
    assert Watch.objects.get().heads == {"433100": [1, (b"a" * 32).hex()]} and not Alert.objects.filter(rule="journal.broken").exists()
    with connection.cursor() as cursor:
        cursor.execute(seals, [2, 2, b"b" * 32])
    watching.watched(at=later(minutes=2))
    assert Alert.objects.get(rule="journal.broken").object == "433100"
    assert Watch.objects.get().heads["433100"][0] == 2


def test_the_room_its_live_part_and_its_lists(django_database):
    traffic_of({"ok": 12, "refused": 3}, at=datetime.now(UTC))
    row = raised()
    client = client_as("policy-head")
    for address in ("/operations/", "/operations/live"):
        page = client.get(address).content.decode()
        assert "已用 95%" in page and "DOOR-01" in page and "H43310100001" in page
    assert "<html" not in client.get("/operations/live").content.decode()
    assert "共 3 条" in client.get("/operations/refusals?code=DOOR-01").content.decode()
    assert "共 0 条" in client.get("/operations/refusals?code=DOOR-02").content.decode()
    assert client.get("/operations/?day=yesterday").status_code == 200
    assert client.get("/operations/messages").status_code == 200
    page = client_as("policy-head", language="en").get(f"/operations/alerts/{row.pk}").content.decode()
    assert "95% used" in page and "What to do first" in page
    assert client.post(f"/operations/alerts/{row.pk}", {"what": "closed", "said": ""}).status_code == 400
    assert client.post(f"/operations/alerts/{row.pk}", {"what": "taken", "said": ""}).status_code == 302
    assert client.post(f"/operations/alerts/{row.pk}", {"what": "closed", "said": "清理了"}).status_code == 302
    assert client_as("policy").post(f"/operations/alerts/{row.pk}", {"what": "note", "said": "x"}).status_code == 403
    assert client_as("cashier").get("/operations/").status_code == 403


def test_lists_are_narrowed_to_the_readers_area(django_database):
    Institution.objects.create(fixmedins_code="H43310100001", name="甲", kind="1", admdvs="433101")
    Institution.objects.create(fixmedins_code="H43313000001", name="乙", kind="1", admdvs="433130")
    for code in ("H43310100001", "H43313000001"):
        traffic_of({"refused": 1}, institution=code)
    county = client_as("policy", area="433130").get("/operations/refusals").content.decode()
    assert "H43313000001" in county and "H43310100001" not in county


def test_the_funds_day_adds_up_the_entries(django_database):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO fund_entry (id, poolarea, day, text, setl_id, at) VALUES (7, '433100', %s, 't', 7, now());"
                       "INSERT INTO fund_posting (entry_id, fund, account, fen) VALUES (7, 'resident', 'benefit', 500),"
                       " (7, 'resident', 'payable/H1', -500)", [date(2026, 3, 2)])
    assert [tuple(one) for one in queries.funds_of("433100", date(2026, 3, 2))] == [("resident", 500, 1)]
    assert queries.last_day("433100") == date(2026, 3, 2) and queries.funds_of("433100", date(2026, 3, 3)) == []
