"""A row that somebody else holds: who needs it waits, and nobody who came at the same time waits with them."""

import asyncio

import psycopg

from gateway import playing
from gateway.billing import EMPLOYEE, TABLET, Bill, noon, of

town = playing.town
JISHOU = "433101000000000000000000"
H1 = "H43310199001"


def visit(town):
    """An employee with an account, and a visit ready to settle."""
    return Bill(town, town.newcomer(JISHOU + "01"), EMPLOYEE, H1, noon("2025-03-03"), charges=(of(TABLET, 300),)).ready()


def test_a_locked_account_holds_up_its_owner_alone(town):
    held, others = visit(town), [visit(town) for _ in range(5)]

    async def at_once(address):
        connection = await psycopg.AsyncConnection.connect(address)
        async with connection, connection.transaction():
            await connection.execute("SELECT 1 FROM enrolment_account WHERE psn_no = %s FOR UPDATE", (held.psn_no,))
            waiting = asyncio.ensure_future(town.sent(town.envelope(held.request())))
            answers = await asyncio.gather(*(town.sent(town.envelope(one.request())) for one in others))
            still = not waiting.done()
        return answers, still, await waiting

    answers, still, own = town.run(at_once(town.url))
    assert [one.fine for one in answers] == [True] * len(others), [one.body["err_msg"] for one in answers]
    assert still and own.fine, own.body["err_msg"]
