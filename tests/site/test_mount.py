"""Requests go to the door or to the pages, and the process starts and ends both."""

import asyncio

import pytest

from openyibao.site.mount import is_for_the_door, mounted

DOOR = [
    "/fsi/api/rsfComIfsService/callService", "/fsi/api/signInSignOutService/signIn", "/CSB", "/CSB/", "/hsa/hgs/2207", "/hsa-hgs-2207",
    "/mbs-hiIntf-nanning/web/api/fsi/callService", "/uif-hsaf-med-api/api/medical/service", "/poc-hsa-hgs-1101", "/oauth/token",
]


async def named(name, seen, scope, receive, send):
    seen.append((name, scope["path"]))


def site(seen, **steps):
    return mounted(lambda *words: named("door", seen, *words), lambda *words: named("pages", seen, *words), **steps)


@pytest.mark.parametrize("path", DOOR)
def test_every_address_of_the_door_leads_there(path):
    assert is_for_the_door("POST", path) and is_for_the_door("GET", path)


def test_everything_else_is_a_page():
    seen = []
    asked = (("GET", "/healthz"), ("POST", "/"), ("GET", "/"), ("GET", "/metrics"), ("POST", "/fsi/api/x"), ("GET", "/hospital"))
    for method, path in asked:
        asyncio.run(site(seen)({"type": "http", "method": method, "path": path}, None, None))
    assert [name for name, _ in seen] == ["pages", "door", "pages", "pages", "door", "pages"]


def test_pages_alone_answer_the_doors_addresses_themselves():
    seen = []
    app = mounted(None, lambda *words: named("pages", seen, *words))
    asyncio.run(app({"type": "http", "method": "POST", "path": "/CSB"}, None, None))
    assert seen == [("pages", "/CSB")]


def live(**steps):
    """What a server hears over a whole life."""
    heard = []

    async def send(message):
        heard.append(message)

    async def receive():
        return {"type": "lifespan.startup" if not heard else "lifespan.shutdown"}

    asyncio.run(site([], **steps)({"type": "lifespan"}, receive, send))
    return [message["type"].removeprefix("lifespan.") for message in heard], heard


def step(done, name, error=None):
    async def take():
        done.append(name)
        if error:
            raise error
    return take


def test_steps_run_in_order():
    done = []
    types, _ = live(startup=(step(done, "keys"), step(done, "pool")), shutdown=(step(done, "sealer"), step(done, "pool ends")))
    assert done == ["keys", "pool", "sealer", "pool ends"]
    assert types == ["startup.complete", "shutdown.complete"]


def test_a_start_that_fails_is_told_and_nothing_after_it_runs():
    done = []
    types, heard = live(startup=(step(done, "keys", ValueError("wrong key")), step(done, "pool")))
    assert done == ["keys"] and types == ["startup.failed"]
    assert heard[0]["message"] == "ValueError: wrong key"


def test_an_end_that_fails_does_not_keep_the_rest_from_ending():
    done = []
    types, _ = live(shutdown=(step(done, "sealer", ValueError("late")), step(done, "pool ends")))
    assert done == ["sealer", "pool ends"] and types == ["startup.complete", "shutdown.failed"]
