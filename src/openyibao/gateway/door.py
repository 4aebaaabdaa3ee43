"""The hospital's door 接口门户: a bare ASGI application from the bytes of a message to the bytes of its reply.

limits -> envelope -> channel and signature -> number -> institution -> sign-in -> input -> message id -> handler -> reply. A refusal is
answered where it happens and leaves nothing behind. Whatever was committed is answered with HTTP 200; a reply that is lost is asked for
by the same msgid or by Y0001.
"""

import asyncio
import email.parser
import email.policy
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import datetime
from typing import Any, NamedTuple

import asyncpg
import msgspec
import psycopg
import structlog
from django.db import IntegrityError, InterfaceError, OperationalError, transaction

from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.actions import Said
from openyibao.bureau.settlement.models import Message
from openyibao.gateway import answers, metrics
from openyibao.gateway.channels import Channel
from openyibao.gateway.describe import described, known
from openyibao.gateway.envelope import Envelope, content_digest, decoded, require
from openyibao.gateway.handlers import HANDLERS
from openyibao.gateway.handling import Handler, Request
from openyibao.gateway.messages.files import File
from openyibao.gateway.refusals import (
    BUSY,
    INPUT_INVALID,
    INTERNAL,
    NO_DATABASE,
    NOT_SERVED,
    NOT_SIGNED_IN,
    SAME_ID_OTHER_CONTENT,
    TOO_LARGE,
    TOO_SLOW,
    UNKNOWN_INSTITUTION,
    UNKNOWN_NUMBER,
    WRONG_METHOD,
    DoorRefusal,
)
from openyibao.gateway.replies import Stamp, refused, reply
from openyibao.gateway.runtime import Runtime
from openyibao.gateway.schemes import authenticate, headers_of, opened, token_answer
from openyibao.gateway.validate import checked, refusing

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

ARRIVAL = 60.0
"""Seconds within which a message has to arrive whole."""

UNSIGNED = ("9001", "9002")
"""Numbers that come before a sign-in or end one."""

ONE_MESSAGE = "settlement_message_once"
AWAY = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError,
    OperationalError,
    InterfaceError,
)
"""What is raised when the database cannot be reached: the outcome is unknown, and the reply says so."""

SIGNED = """
SELECT true FROM providers_signin WHERE sign_no = $1::bigint AND fixmedins_code = $2 AND out_at IS NULL
  AND (at AT TIME ZONE 'Asia/Shanghai')::date = $3::date
"""

log = structlog.get_logger("openyibao.gateway")


class Gone(Exception):
    """The client went away before its message was whole."""


class Reply(NamedTuple):
    """What goes back."""

    status: int
    body: bytes
    outcome: str  # ok, repeated, refused, failed
    code: str = ""
    file: File | None = None


def door(runtime: Runtime) -> App:
    """The door's ASGI application over an opened runtime."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        with metrics.IN_FLIGHT.track_inprogress():
            try:
                await served(runtime, scope, receive, handing(send))
            except Gone:
                return

    return app


async def served(runtime: Runtime, scope: Scope, receive: Receive, send: Send) -> None:
    """One HTTP request."""
    received = runtime.clock()
    headers = headers_of(scope["headers"])
    trace = secrets.token_hex(8)
    try:
        body = await arrived(receive, headers, runtime.limits.max_bytes)
    except DoorRefusal as refusal:
        status, text = refused(None, refusal, Stamp("", received, runtime.clock(), runtime.next_serial()), trace)
        metrics.REFUSALS.labels(refusal.code).inc()
        await send_body(send, status, text, trace)
        return
    if scope["path"].rstrip("/").endswith("/oauth/token"):
        status, token = token_answer(runtime.channels, headers, body, received)
        await send_body(send, status, msgspec.json.encode(token), trace)
        return
    answer = await measured(Visit(runtime, headers, body, received, trace, scope["method"]))
    if answer.file is not None:
        await send_file(send, answer.file, trace)
    else:
        await send_body(send, answer.status, answer.body, trace)


async def measured(visit: "Visit") -> Reply:
    """The reply to a message, with its time and outcome among the door's figures."""
    began = time.perf_counter()
    answer = await visit.answered()
    seconds = time.perf_counter() - began
    metrics.SECONDS.labels(visit.label, answer.outcome).observe(seconds)
    visit.runtime.traffic.ended(
        id(visit), visit.label, answer.outcome, answer.code, seconds, visit.received.timestamp(), visit.trace,
    )  # fmt: skip
    if answer.code:
        metrics.REFUSALS.labels(answer.code).inc()
    return answer


class Visit:
    """One message on its way through the door; what is known of it so far decides how it is answered."""

    def __init__(
        self, runtime: Runtime, headers: Mapping[str, str], body: bytes, received: datetime, trace: str, method: str,
        channel: Channel | None = None,
    ) -> None:  # fmt: skip
        """With the bytes as they came. A channel that is given needs no signature: `inside.py` knows who asks."""
        self.runtime, self.headers, self.body, self.received, self.trace, self.method = runtime, headers, body, received, trace, method
        self.channel = channel
        self.envelope: Envelope | None = None
        self.label = "unknown"
        self.refusal: DoorRefusal | Refused | None = None

    def stamp(self) -> Stamp:
        """The stamp of the reply."""
        division = self.envelope.mdtrtarea_admvs if self.envelope is not None else ""
        return Stamp(division, self.received, self.runtime.clock(), self.runtime.next_serial())

    async def answered(self) -> Reply:
        """The reply to the message, whatever happens on the way."""
        try:
            return await self.handled()
        except (DoorRefusal, Refused) as refusal:
            self.refusal = refusal
            status, body = refused(self.channel, refusal, self.stamp(), self.trace)
            return Reply(status, body, "refused", refusal.code)
        except AWAY as error:
            log.warning("database away", infno=self.label, trace=self.trace, error=repr(error))
            return self.failed(NO_DATABASE)
        except Exception:
            log.exception("message failed", infno=self.label, trace=self.trace)
            return self.failed(INTERNAL)

    def failed(self, code: str) -> Reply:
        """The reply when it is not the message's fault; still HTTP 200, since programs repeat on 5xx."""
        self.refusal = DoorRefusal(code)
        status, body = refused(self.channel, self.refusal, self.stamp(), self.trace)
        return Reply(status, body, "failed", code)

    async def handled(self) -> Reply:
        """Every check in order, then the handler. Raises DoorRefusal, Refused."""
        if self.method != "POST":
            raise DoorRefusal(WRONG_METHOD)
        runtime = self.runtime
        body, attached = parts_of(self.body, self.headers)
        self.envelope = decoded(body, runtime.limits)
        if self.channel is None:
            self.channel = authenticate(runtime.channels, self.headers, self.body, self.envelope, self.received, runtime.seen)
        envelope = self.envelope = opened(self.envelope, self.channel)
        handler = handler_of(envelope.infno)
        self.label = envelope.infno
        require(envelope, self.channel.max_msgid)
        if envelope.fixmedins_code not in runtime.institutions:
            raise DoorRefusal(
                UNKNOWN_INSTITUTION, f"：{envelope.fixmedins_code}", f": {envelope.fixmedins_code}", place="envelope.fixmedins_code"
            )
        runtime.traffic.began(id(self), envelope.fixmedins_code, envelope.infno)
        if self.channel.sign_in_required and envelope.infno not in UNSIGNED:
            await self.signed_in(envelope)
        request = self.request(envelope, attached)
        return await self.run(handler, request)

    async def signed_in(self, envelope: Envelope) -> None:
        """Refuse who has not signed in today."""
        number = envelope.sign_no
        if number.isdecimal() and len(number) <= 18:
            if await self.runtime.pool.fetchval(SIGNED, int(number), envelope.fixmedins_code, self.received.date()):
                return
        raise DoorRefusal(NOT_SIGNED_IN, place="envelope.sign_no")

    def request(self, envelope: Envelope, attached: bytes | None) -> Request:
        """The message with its input checked. Raises DoorRefusal with every problem."""
        channel = self.channel
        message = described(envelope.infno)
        assert channel is not None and message is not None
        content = envelope.input
        if attached is not None:
            content = {**content, "fsUploadIn": {**content.get("fsUploadIn", {}), "in": attached}}
        values, problems = checked(message, content, channel.node)
        bad = refusing(problems)
        if bad:
            raise DoorRefusal(INPUT_INVALID, problems=[problem.sentence() for problem in bad])
        if attached is not None:
            values.setdefault("fsUploadIn", {})["in"] = attached
        return Request(
            envelope.infno,
            envelope,
            channel,
            envelope.fixmedins_code,
            values,
            self.received,
            self.received.date(),
            envelope.msgid,
            content_digest(envelope),
            self.trace,
        )

    async def run(self, handler: Handler, request: Request) -> Reply:
        """Run the handler in its mode. Raises Refused, DoorRefusal."""
        run: Any = handler.run
        runtime, desk = self.runtime, self.runtime.desk
        if handler.mode in ("hot", "look"):
            output = await run(request, desk)
        elif handler.mode == "read":
            output = await runtime.in_thread(run, request, desk)
        else:
            output = await runtime.in_thread(written, run, request, desk)
        if isinstance(output, File):
            return Reply(200, b"", "ok", file=output)
        repeated = isinstance(output, Said)
        if isinstance(output, Said):
            if output.digest != request.digest:
                raise DoorRefusal(SAME_ID_OTHER_CONTENT, f"：{request.msgid}", f": {request.msgid}", place="envelope.msgid")
            output = output.answer
        if not isinstance(output, bytes):
            output = answers.encoded(request.infno, output)
        body = reply(request.channel, msgspec.Raw(output), self.stamp(), encrypted=bool(request.envelope.sealed))
        return Reply(200, body, "repeated" if repeated else "ok")


def handler_of(infno: str) -> Handler:
    """The handler of a number. Raises DoorRefusal: unknown, or known and not served here yet."""
    handler = HANDLERS.get(infno)
    if handler is not None:
        return handler
    there = known(infno)
    if there is None:
        raise DoorRefusal(UNKNOWN_NUMBER, f"：{infno}", f": {infno}", place="envelope.infno")
    raise DoorRefusal(NOT_SERVED, f"：{infno} {there.zh or there.en}", f": {infno} {there.en}", place="envelope.infno")


def said_before(request: Request) -> Said | None:
    """The first answer of a message id, read by the ORM."""
    row = Message.objects.filter(fixmedins_code=request.institution, msgid=request.msgid).first()
    return None if row is None else Said(row.infno, bytes(row.digest), bytes(row.answer))


def written(run: Callable[..., Any], request: Request, desk: Any) -> bytes | Said:
    """A writing handler with its message's row in one transaction; the first answer when the message id has been answered."""
    try:
        with transaction.atomic():
            before = said_before(request)
            if before is not None:
                return before
            answer = answers.encoded(request.infno, run(request, desk))
            Message.objects.create(
                fixmedins_code=request.institution,
                msgid=request.msgid,
                infno=request.infno,
                digest=request.digest,
                at=request.at,
                answer=answer,
            )
            return answer
    except IntegrityError as error:
        before = said_before(request) if ONE_MESSAGE in str(error) else None
        if before is None and isinstance(error.__cause__, psycopg.errors.UniqueViolation):
            log.warning("written twice at once", infno=request.infno, trace=request.trace)     # sent again, it meets the other's row
            raise DoorRefusal(BUSY) from error
        if before is None:
            raise
        return before


def handing(send: Send) -> Send:
    """The server's `send`, which tells by Gone that the client has left: what was committed stands, Y0001 tells of it."""

    async def hand(event: MutableMapping[str, Any]) -> None:
        try:
            await send(event)
        except (RuntimeError, OSError) as error:        # uvloop raises RuntimeError for a closed connection
            log.info("reply not taken", error=repr(error))
            await asyncio.sleep(0)                      # the server learns of it in its next turn
            raise Gone from error

    return hand


async def arrived(receive: Receive, headers: Mapping[str, str], most: int) -> bytes:
    """The body of a request, which may not take for ever: a connection that trickles would be held open at no cost to its sender."""
    try:
        async with asyncio.timeout(ARRIVAL):
            return await whole_body(receive, headers, most)
    except TimeoutError:
        raise DoorRefusal(TOO_SLOW, f"（{ARRIVAL:.0f} 秒）", f" ({ARRIVAL:.0f} s)") from None


async def whole_body(receive: Receive, headers: Mapping[str, str], most: int) -> bytes:
    """The body of a request. Raises DoorRefusal as soon as it is too large, Gone when the client left."""
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length) > most:
        raise DoorRefusal(TOO_LARGE, f"：{length} 字节，最多 {most}", f": {length} bytes, at most {most}")
    chunks, size = [], 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise Gone
        chunk = event.get("body", b"")
        size += len(chunk)
        if size > most:
            raise DoorRefusal(TOO_LARGE, f"：超过 {most} 字节", f": more than {most} bytes")
        chunks.append(chunk)
        if not event.get("more_body"):
            return b"".join(chunks)


def parts_of(body: bytes, headers: Mapping[str, str]) -> tuple[bytes, bytes | None]:
    """(message, file) of a request: a multipart one (9101) has the envelope in `jsonStr` and the bytes in `file`."""
    kind = headers.get("content-type", "")
    if not kind.lower().startswith("multipart/form-data"):
        return body, None
    parser = email.parser.BytesParser(policy=email.policy.HTTP)
    found = parser.parsebytes(b"Content-Type: " + kind.encode("latin-1") + b"\r\n\r\n" + body)
    parts = {part.get_param("name", header="content-disposition"): part.get_payload(decode=True) for part in found.iter_parts()}
    message, attached = parts.get("jsonStr"), parts.get("file")
    return (bytes(message) if message is not None else b""), (bytes(attached) if attached is not None else b"")


async def send_body(send: Send, status: int, body: bytes, trace: str) -> None:
    """A JSON reply."""
    headers = [
        (b"content-type", b"application/json;charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"x-trace-id", trace.encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def send_file(send: Send, file: File, trace: str) -> None:
    """A file, as it lies on the disk."""
    content = await asyncio.to_thread(file.path.read_bytes)
    name = file.filename.encode("ascii", "replace").decode().replace('"', "")
    headers = [
        (b"content-type", b"application/octet-stream"),
        (b"content-length", str(len(content)).encode()),
        (b"content-disposition", f'attachment; filename="{name}"'.encode()),
        (b"x-trace-id", trace.encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": content})
