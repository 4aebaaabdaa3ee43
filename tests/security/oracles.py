"""What every reply of the door must be, whatever was sent: a form, a stable code, no inside knowledge, no persons, in time."""

import json
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from openyibao.site.logs import NUMBER

KEYS = {"infcode", "inf_refmsgid", "refmsg_time", "respond_time", "enctype", "signtype", "cainfo", "err_msg", "warn_msg", "output"}
TOLD = re.compile(r"[A-Z][A-Z0-9]*-\d{1,3} .+\([0-9a-f]{16}\)", re.DOTALL)
BROKEN = ("DOOR-99", "DOOR-52")
"""Codes that mean our own fault: internal error, and the database away, which it is not."""

INSIDE = re.compile(
    "|".join(re.escape(str(folder)) for folder in (Path(__file__).parents[2], Path(tempfile.gettempdir()), Path.home()))
    + r"|Traceback|File \"|site-packages|\bpsycopg|asyncpg|msgspec|django|postgres"
    r"|SELECT |INSERT |UPDATE |DELETE FROM"
    r"|Decimal\(|<class |object at 0x|\bKeyError|\bTypeError|\bValueError|settlement_|enrolment_|providers_|fund_posting",
)
"""What no reply tells: where our files lie, what our tables and libraries are called."""

NO_HTTP = (400, b"Invalid HTTP request received.")
"""What the server itself says of bytes that are no HTTP, such as a header with a control character."""

SLOW = 5.0
"""Seconds within which a request is answered, for the nightly run."""


class Reply(NamedTuple):
    """What came back. status 0: nothing, `content` then says what happened."""

    status: int
    kind: str
    content: bytes
    seconds: float


def code_of(reply: Reply) -> str:
    """The code of a reply: `ok`, the refusal's own, or what it was instead."""
    told = message_of(reply)
    if told is None:
        return "file" if reply.kind.startswith("application/octet-stream") else f"http-{reply.status}"
    if "access_token" in told:
        return "token"
    text = told.get("err_msg") or told.get("message") or told.get("error") or ""
    return "ok" if str(told.get("infcode")) == "0" else str(text).partition(" ")[0]


def message_of(reply: Reply) -> dict[str, Any] | None:
    """The reply's JSON object, or None."""
    try:
        told = json.loads(reply.content.decode("utf-8"))
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def faults(reply: Reply, persons: Iterable[str], sent: bytes) -> list[str]:
    """What is wrong with a reply to something POSTed at the door.

    persons  identity numbers that no error sentence may show
    sent     the request: what it said itself may come back in an error sentence, shortened
    """
    if reply.status == 0:
        return [f"no answer: {reply.content.decode(errors='replace')}"]
    found = [f"HTTP {reply.status}"] if reply.status >= 500 or reply.status not in (200, 400, 401) else []
    if reply.kind.startswith("application/octet-stream"):
        return found
    told = message_of(reply)
    if told is None:
        return found if (reply.status, reply.content) == NO_HTTP else [*found, "the body is no JSON object"]
    if "access_token" in told or (reply.status in (400, 401) and "error" in told and "infcode" not in told):
        return found
    if reply.status == 401:
        return found + ([] if TOLD.fullmatch(str(told.get("message"))) else ["401 without a code"])
    if not told.keys() >= KEYS:
        found.append(f"keys missing: {sorted(KEYS - told.keys())}")
    if str(told.get("infcode")) not in ("0", "-1"):
        found.append(f"infcode {told.get('infcode')!r}")
    text = told.get("err_msg") or ""
    if str(told.get("infcode")) == "-1":
        found += [] if TOLD.fullmatch(text) else ["a refusal without code and trace"]
        found += [f"err_msg of {len(text)} characters"] if len(text) > 200 else []
        found += [text] if text.startswith(BROKEN) else []
        inside = INSIDE.search(text)
        found += [f"tells {inside[0]!r}"] if inside and inside[0].encode() not in sent else []
        found += [f"shows an identity number: {number[:6]}…" for number in shown_persons(text, persons, sent)]
    return found


def shown_persons(text: str, persons: Iterable[str], sent: bytes) -> set[str]:
    """Identity numbers in a sentence; one that the program itself glued to other figures is its own doing."""
    return {*NUMBER.findall(text), *(one for one in persons if one in text and one.encode() not in sent)}


def log_faults(log: str, persons: Iterable[str], names: Iterable[str]) -> list[str]:
    """What no log may hold: identity numbers, names of persons, messages that failed."""
    numbers = {*NUMBER.findall(log), *(one for one in persons if one in log)}
    found = [f"the log shows an identity number: {number[:6]}…" for number in numbers]
    found += [f"the log shows a name: {name}" for name in names if len(name) > 2 and name in log]
    for line in log.splitlines():
        if '"level": "error"' in line or "Traceback" in line:
            found.append(f"logged: {line[:300]} … {line[-900:]}")
    return found
