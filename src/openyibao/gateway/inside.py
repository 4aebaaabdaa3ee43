"""The door from inside 进程内入口: a desk of this process sends the very messages that a hospital's program sends, without the wire.

Envelope, checks, message id, handlers, journal and figures are the door's own. What falls away is the signature alone: whoever asks has
signed in to the site, and the institution is that of the post, which `ask` writes into the envelope itself. Pages run in threads, the
door on the server's event loop: a page hands its message over and waits.
"""

import asyncio
import secrets
from collections.abc import Coroutine
from concurrent.futures import TimeoutError as NoReply
from typing import Any, NamedTuple, TypeVar

from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.deciding import Decided
from openyibao.gateway import runtime
from openyibao.gateway.channels import Channel
from openyibao.gateway.door import Reply, Visit, measured
from openyibao.gateway.envelope import decoded
from openyibao.gateway.messages import inpatient, outpatient
from openyibao.gateway.refusals import BUSY, INTERNAL, NO_DATABASE, DoorRefusal
from openyibao.gateway.runtime import Runtime
from openyibao.outside.hospital.envelope import Institution, encoded, envelope, read

PATIENCE = 30.0
"""Seconds that a page waits for a reply; then its outcome is unknown, as at the wire."""

UNSURE = (BUSY, NO_DATABASE, INTERNAL)
"""Refusals after which nobody knows what became of the message."""

TRIED = {"2206": outpatient.tried, "2303": inpatient.tried}
"""Trials, and what the law answers to them."""

Found = TypeVar("Found")


class Answer(NamedTuple):
    """What came back.

    output    of a message that succeeded, amounts as Decimal
    refusal   why it was refused; None when it succeeded
    unsure    whether nobody knows what became of it: ask Y0001, or send the same message again
    repeated  whether this is the first answer to a message that came again
    """

    output: dict[str, Any]
    refusal: Refused | None = None
    unsure: bool = False
    repeated: bool = False

    @property
    def ok(self) -> bool:
        """Whether the message succeeded."""
        return self.refusal is None


def open_door() -> Runtime:
    """The door of this process. Raises Refused WINDOW-01 where the server runs without one."""
    if not runtime.OPEN:
        raise Refused(
            "WINDOW-01", "本服务没有开放医院接口，收费窗口不能使用。",
            "This server runs without the hospitals' door: the window has nobody to ask.",
            next_zh="请用 openyibao serve（不带 --no-door）启动的服务地址。",
            next_en="Use the address of a server started without --no-door.",
        )  # fmt: skip
    return runtime.OPEN[-1]


def ask(hospital: Institution, infno: str, given: Any, *, msgid: str, home: str = "") -> Answer:
    """Send one message for an institution and wait for its reply, from a thread that is not the door's.

    hospital  the institution of the post that asks, and the operator who has signed in
    given     the input node; amounts as Decimal
    home      the insured division 参保地; local when empty
    """
    door = open_door()
    body = encoded(envelope(hospital, infno, given, msgid=msgid, at=door.clock(), home=home))
    visit = visit_of(door, hospital, body)
    try:
        reply: Reply = waited(door, measured(visit))
    except NoReply:
        return Answer({}, no_reply(), unsure=True)
    if visit.refusal is not None:
        return Answer({}, told(visit.refusal), visit.refusal.code in UNSURE)
    found = read(reply.body) or {}
    return Answer(found.get("output") or {}, repeated=reply.outcome == "repeated")


def tried(hospital: Institution, infno: str, given: Any, *, msgid: str, home: str = "") -> Decided:
    """What lies behind the answer to a trial (2206, 2303): claim, plan, year and receipt, to be explained. Raises Refused."""
    door = open_door()
    visit = visit_of(door, hospital, encoded(envelope(hospital, infno, given, msgid=msgid, at=door.clock(), home=home)))

    async def decide() -> Decided:
        """Read the message as the door does, and let the law answer."""
        visit.envelope = decoded(visit.body, door.limits)
        return await TRIED[infno](visit.request(visit.envelope, None), door.desk)

    try:
        return waited(door, decide())
    except DoorRefusal as refusal:
        raise told(refusal) from refusal
    except NoReply:
        raise no_reply() from None


def visit_of(door: Runtime, hospital: Institution, body: bytes) -> Visit:
    """A message that comes from this process, through a channel that is the institution's alone."""
    channel = Channel("window", institutions=frozenset({hospital.code}), sign_in_required=False)
    return Visit(door, {}, body, door.clock(), secrets.token_hex(8), "POST", channel)


def waited(door: Runtime, work: Coroutine[Any, Any, Found]) -> Found:
    """The outcome of work on the door's event loop. Raises TimeoutError after PATIENCE; the work itself goes on to its end."""
    return asyncio.run_coroutine_threadsafe(work, door.loop).result(PATIENCE)


def told(refusal: DoorRefusal | Refused) -> Refused:
    """A refusal in the form that pages show."""
    if isinstance(refusal, Refused):
        return refusal
    return Refused(
        refusal.code, refusal.zh, refusal.en, place=refusal.place, since=refusal.since, next_zh=refusal.next_zh, next_en=refusal.next_en,
        clause=refusal.clause,
    )  # fmt: skip


def no_reply() -> Refused:
    """No answer came in time: never means that nothing happened."""
    return Refused(
        "WINDOW-02", "没有等到应答，结果未知。", "No answer came in time; the outcome is unknown.",
        next_zh="请取回结果；不要另行收费。", next_en="Fetch the result; do not charge again.",
    )
