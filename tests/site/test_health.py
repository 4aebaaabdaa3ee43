"""What a watcher of the server sees."""

from django.db import connections
from django.test import Client

from openyibao.gateway import metrics
from openyibao.outside import postgres


def test_alive_and_ready(django_database):
    client = Client(SERVER_NAME="localhost")
    assert client.get("/healthz").json() == {"status": "live"}
    assert client.get("/healthz/ready").json() == {"status": "ready"}


def test_alive_but_not_ready_without_a_database(django_database, monkeypatch):
    connections.close_all()
    monkeypatch.setitem(connections.settings["default"], "NAME", "not_there")
    client = Client(SERVER_NAME="localhost")
    assert client.get("/healthz").status_code == 200
    answer = client.get("/healthz/ready")
    assert (answer.status_code, answer.json()) == (503, {"status": "no database"})
    assert postgres.NAME not in answer.content.decode()


def test_figures_are_told(django_database):
    metrics.SECONDS.labels("2207", "ok").observe(0.004)
    metrics.REFUSALS.labels("VISIT-03").inc()
    text = Client(SERVER_NAME="localhost").get("/metrics").content.decode()
    assert 'openyibao_door_seconds_bucket{infno="2207",le="0.005",outcome="ok"}' in text
    assert 'openyibao_door_refusals_total{code="VISIT-03"}' in text


def test_a_foreign_host_name_is_not_served(django_database):
    assert Client(SERVER_NAME="evil.example").get("/nothing/").status_code == 400
