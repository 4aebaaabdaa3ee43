"""Under siege a healthy client is still answered, and the server is well afterwards. How fast is told by `siege.py`, not judged here."""

import asyncio
import time

import pytest

from openyibao.gateway import door
from openyibao.gateway.refusals import DoorRefusal
from security import rawly
from security.oracles import code_of
from security.siege import LARGE, laid, packed

SECONDS = 0.7


@pytest.mark.parametrize("name", ["idle connections", "half headers", "slow bodies", *LARGE])
def test_a_healthy_client_is_answered_under_siege(town, name):
    figures = asyncio.run(laid(town.port, SECONDS, name))
    assert figures["asked"] >= 1
    assert town.is_well()


@pytest.mark.parametrize(("name", "codes"), [
    ("depth of 100,000", {"DOOR-02", "DOOR-03"}), ("500,000 brackets that do not pair", {"DOOR-02", "DOOR-03", "DOOR-01"}),
    ("20,000 objects", {"ok"}), ("a key twice in 1 MB", {"DOOR-07"}), ("text of 1 MB", {"ok"}), ("2,000 rows of lines", {"DOOR-33"}),
])  # fmt: skip
def test_what_is_too_much_is_refused(town, name, codes):
    sent = LARGE[name].replace(b"Host: x\r\n", b"Host: x\r\nConnection: close\r\n", 1)
    assert code_of(rawly.exchanged(town.port, sent, 60, hang_up=False)) in codes


def test_a_declared_length_beyond_the_limit_is_refused_unread(town):
    sent = packed(b"{", length=2_000_000).replace(b"Host: x\r\n", b"Host: x\r\nConnection: close\r\n", 1)
    assert code_of(rawly.exchanged(town.port, sent, 60, hang_up=False)) == "DOOR-02"


def test_a_body_that_never_ends_is_given_up(monkeypatch):
    monkeypatch.setattr(door, "ARRIVAL", 0.05)

    async def trickles():
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"x", "more_body": True}

    begun = time.monotonic()
    with pytest.raises(DoorRefusal) as refused:
        asyncio.run(door.arrived(trickles, {}, 1_000_000))
    assert refused.value.code == "DOOR-10"
    assert time.monotonic() - begun < 30
