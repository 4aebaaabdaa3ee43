"""A hospital at the wire 医院客户端: builds an envelope, signs it, sends it, keeps the books of what was settled.

`call` returns whatever came back; `must` raises TurnedDown unless it succeeded. Clock and one-time words are arguments, so that a case can
be early, late, or repeat itself.
"""

import itertools
import random
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from openyibao.outside.hospital.addresses import Address
from openyibao.outside.hospital.books import Entry, booked
from openyibao.outside.hospital.envelope import BEIJING, Exchange, Institution, encoded, envelope, message_id, one, read
from openyibao.outside.hospital.seals import covered, uncovered
from openyibao.outside.hospital.signing import OPEN, Key, basic, grant, headers

JSON = "application/json;charset=utf-8"
CONNECT, READ = 10.0, 30.0
"""Seconds to wait, as the provinces' documents put it."""


class TurnedDown(Exception):
    """A message that had to succeed was refused 交易被拒; carries the exchange."""

    def __init__(self, exchange: Exchange) -> None:
        """The refusal's own words."""
        super().__init__(f"{exchange.infno} 未成功 not accepted (HTTP {exchange.status}): {exchange.text or exchange.content[:200]!r}")
        self.exchange = exchange


class NoAnswer(Exception):
    """The connection failed or the answer did not come in time 无应答. Never means that nothing happened: ask Y0001, or send again."""


def now() -> datetime:
    """The time in Beijing."""
    return datetime.now(BEIJING)


SERIAL = itertools.count(random.randrange(10_000))
"""Serials of message ids, one row for all windows of this process: two of an institution must not make the same id in one second."""


@dataclass
class Hospital:
    """One institution connected to one door with one key.

    seen: called with every exchange; books: what was settled and undone, in order of the replies.
    """

    address: Address
    institution: Institution
    key: Key = OPEN
    clock: Callable[[], datetime] = now
    sign_no: str = ""
    seen: Callable[[Exchange], None] = lambda exchange: None
    books: list[Entry] = field(default_factory=list)
    wire: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=httpx.Timeout(READ, connect=CONNECT), trust_env=False))
    token: str = ""
    serial: "itertools.count[int]" = field(default_factory=lambda: SERIAL)

    def __enter__(self) -> "Hospital":
        """The hospital itself."""
        return self

    def __exit__(self, *left: object) -> None:
        """Close the connection."""
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self.wire.close()

    def new_message_id(self) -> str:
        """A fresh message id."""
        return message_id(self.institution.code, self.clock(), next(self.serial))

    def request(self, infno: str, given: Any, *, msgid: str = "", home: str = "", changes: Mapping[str, Any] | None = None) -> dict[str,
                                                                                                                                    Any]:
        """The envelope of a message; changes: envelope keys to set otherwise, None takes a key away."""
        if self.key.sign_in and not self.sign_no and infno not in ("9001", "9002"):
            self.sign_in()
        at = self.clock()
        made = envelope(self.institution, infno, given, msgid=msgid or self.new_message_id(), at=at, home=home, sign_no=self.sign_no)
        made |= dict(changes or {})
        return {name: value for name, value in made.items() if value is not None}

    def sign_in(self) -> str:
        """9001: sign in; the number goes into every later envelope. Raises TurnedDown."""
        given = {"signIn": {"opter_no": self.institution.operator, "mac": "00-00-00-00-00-00", "ip": "127.0.0.1"}}
        self.sign_no = str(one(self.must("9001", given).output, "signinoutb", "data")["sign_no"])
        return self.sign_no

    def signed_headers(self, infno: str, at: datetime | None = None, nonce: str = "") -> dict[str, str]:
        """Headers of a request: content type and the scheme's own."""
        if self.key.scheme == "bearer" and not self.token:
            self.token = self.fetch_token()
        signature = headers(self.key, infno, at or self.clock(), nonce or secrets.token_hex(16), self.token)
        return {"Content-Type": JSON, **signature}

    def fetch_token(self) -> str:
        """A bearer token by the password grant. Raises NoAnswer when none was given."""
        answer = self.wire.post(f"{self.address.base}/oauth/token", data=dict(grant(self.key)), headers={"Authorization": basic(self.key)})
        token = (read(answer.content) or {}).get("access_token")
        if not token:
            raise NoAnswer(f"/oauth/token: HTTP {answer.status_code}, 没有 access_token / no access_token: {answer.text[:200]}")
        return str(token)

    def call(self, infno: str, given: Any, *, msgid: str = "", home: str = "", changes: Mapping[str, Any] | None = None) -> Exchange:
        """Send one message and return what came back, success or not. Raises NoAnswer."""
        request = self.request(infno, given, msgid=msgid, home=home, changes=changes)
        return self.send(request)

    def send(self, request: Mapping[str, Any], *, head: Mapping[str, str] | None = None, body: bytes | None = None) -> Exchange:
        """Send a request as it stands; head and body: instead of those that would be made."""
        infno = str(request.get("infno", ""))
        if body is None:
            body = encoded(covered(self.key, request))
        return self.post(infno, request, dict(head) if head is not None else self.signed_headers(infno), body)

    def post(self, infno: str, request: Mapping[str, Any], head: dict[str, str], body: bytes) -> Exchange:
        """The round trip."""
        url = self.address.url(infno)
        begun = time.perf_counter()
        try:
            answer = self.wire.post(url, content=body, headers=head)
        except httpx.HTTPError as error:
            raise NoAnswer(f"{infno} {url}: {error!r}") from error
        spent = time.perf_counter() - begun
        return self.noted(infno, url, head, request, body, answer.status_code, answer.headers.get("content-type", ""), answer.content,
                          spent)

    def noted(
        self, infno: str, url: str, head: Mapping[str, str], request: Mapping[str, Any], body: bytes, status: int, kind: str,
        content: bytes,
        seconds: float, note: str = "",
    ) -> Exchange:  # fmt: skip
        """An exchange put together, shown to `seen`, and written into the books when money moved."""
        reply = None if kind.startswith("application/octet-stream") else read(content)
        if reply is not None:
            reply = uncovered(self.key, reply)
        exchange = Exchange(infno, url, dict(head), request, body, status, kind, content, reply, seconds, note)
        self.seen(exchange)
        booked(self.books, exchange)
        return exchange

    def must(self, infno: str, given: Any, *, msgid: str = "", home: str = "") -> Exchange:
        """Send one message that has to succeed. Raises TurnedDown, NoAnswer."""
        exchange = self.call(infno, given, msgid=msgid, home=home)
        if not exchange.ok:
            raise TurnedDown(exchange)
        return exchange

    def upload(self, filename: str, content: bytes) -> Exchange:
        """Upload a file 9101 as two parts: jsonStr, the envelope, and file, the bytes."""
        given = {"fsUploadIn": {"in": "", "filename": filename, "fixmedins_code": self.institution.code}}
        request = self.request("9101", given)
        head = {name: value for name, value in self.signed_headers("9101").items() if name != "Content-Type"}
        url = self.address.url("9101")
        parts = {"jsonStr": (None, encoded(request), "application/json"), "file": (filename, content, "application/octet-stream")}
        begun = time.perf_counter()
        try:
            answer = self.wire.post(url, files=parts, headers=head)
        except httpx.HTTPError as error:
            raise NoAnswer(f"9101 {url}: {error!r}") from error
        spent = time.perf_counter() - begun
        return self.noted("9101", url, head, request, b"", answer.status_code, answer.headers.get("content-type", ""), answer.content,
                          spent)
