"""Pharmacy messages 药店 (2101, 2102): lines, visit and settlement in one. 2103 is with 2208."""

from typing import Any

from openyibao.bureau.settlement import purchases
from openyibao.bureau.settlement.actions import Said
from openyibao.bureau.settlement.purchases import Bought, Purchase
from openyibao.gateway import answers, reading
from openyibao.gateway.handling import Desk, Handler, Request
from openyibao.gateway.messages import charges

BATCH = "1"
"""A purchase is one batch."""


def bought(request: Request) -> Purchase:
    """What a purchase asks, its lines, its disease, and when it was bought."""
    fields = request.input["druginfo"]
    lines = [charges.charge(line, request, BATCH) for line in request.input["drugdetail"]]
    begins = reading.at_or(fields.get("begntime"), request.at)
    return Purchase(reading.asked(fields, BATCH, sort="P"), lines, fields.get("dise_codg") or "", begins)


def output(found: Bought, mdtrt_id: int, setl_id: int, request: Request, desk: Desk) -> dict[str, Any]:
    """setlinfo and setldetail, and the split of every line."""
    cut = [charges.line_output(line) for line in found.lines]
    return {**answers.settled_output(found.decided, setl_id, mdtrt_id, request.at, request, desk), "detlcutinfo": cut}


async def trial(request: Request, desk: Desk) -> Any:
    """2101 药店预结算."""
    found = await purchases.try_purchase(
        desk.store, desk.shelf, desk.catalogue(), bought(request), reading.caller(request), request.at
    )
    return output(found, 0, 0, request, desk)


async def settle(request: Request, desk: Desk) -> bytes | Said:
    """2102 药店结算."""

    def answer(found: Bought, mdtrt_id: int, setl_id: int) -> bytes:
        return answers.encoded(request.infno, output(found, mdtrt_id, setl_id, request, desk))

    return await purchases.settle_purchase(
        desk.store, desk.shelf, desk.catalogue(), bought(request), reading.caller(request), request.at, answer
    )


HANDLERS = {"2101": Handler(trial, "look"), "2102": Handler(settle, "hot")}
"""The family's messages."""
