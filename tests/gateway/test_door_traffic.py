"""What comes through the door stands in the operations room's tables a moment later, whichever process took it."""

from gateway import playing
from openyibao.bureau.monitoring.models import Hour, Minute, Process, Refusal

town = playing.town
H1 = "H43310199001"


def sums(**given):
    """Messages in the minutes' table."""
    return sum(Minute.objects.filter(**given).values_list("count", flat=True))


def test_messages_are_counted_by_number_institution_outcome_and_code(town):
    town.run(town.runtime.report_now())
    before = sums(infno="Y0001")
    for _ in range(3):
        town.call("Y0001", {"data": {"msgid": "H43310199001" + "2" * 18}}, H1)
    refused = town.call("0000", {"data": {}}, H1)
    assert not refused.fine
    town.run(town.runtime.report_now())
    assert sums(infno="Y0001") == before + 3
    assert Hour.objects.filter(institution=H1, infno="Y0001").exists()
    last = Refusal.objects.latest("pk")
    assert (last.outcome, last.infno) == ("refused", "unknown") and last.code and last.trace
    process = Process.objects.get(name=town.runtime.traffic.name)
    assert process.in_flight == 0 and process.queues == []
    assert not town.runtime.traffic.under_way


def test_what_the_database_did_not_take_is_written_when_it_does(town, monkeypatch):
    def away(*values):
        raise OSError("away")

    with monkeypatch.context() as patch:
        patch.setattr("openyibao.gateway.runtime.written", away)
        before = sums(infno="Y0001")
        town.call("Y0001", {"data": {"msgid": "H43310199001" + "3" * 18}}, H1)
        town.run(town.runtime.report_now())
    town.run(town.runtime.report_now())
    assert sums(infno="Y0001") == before + 1
