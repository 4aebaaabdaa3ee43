"""A lean HTTP/1.1 connection for load 压测连接: kept alive, one POST at a time, answers of a known length.

The synchronous client spends more on a request than the door does; a load generator would measure itself.
"""

import asyncio
from typing import cast
from urllib.parse import urlsplit

END = b"\r\n\r\n"
LENGTH = b"content-length:"


class Broken(Exception):
    """The server closed the connection, or answered what is no HTTP 连接中断."""


class Pipe(asyncio.Protocol):
    """One kept connection. `post` waits for the answer; nothing else is asked meanwhile."""

    def __init__(self) -> None:
        """Not yet connected."""
        self.transport: asyncio.Transport | None = None
        self.buffer = bytearray()
        self.waiting: asyncio.Future[bytes] | None = None
        self.missing = -1    # bytes of head and body together, once the head is there
        self.start = 0       # where the body begins

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connected."""
        self.transport = cast("asyncio.Transport", transport)    # uvloop's is no asyncio.Transport by inheritance

    def connection_lost(self, exc: Exception | None) -> None:
        """Closed: whoever waits is told."""
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_exception(Broken(f"closed 连接被关闭: {exc!r}"))

    def data_received(self, data: bytes) -> None:
        """Bytes: the answer is complete when its length is."""
        self.buffer += data
        if self.missing < 0:
            place = self.buffer.find(END)
            if place < 0:
                return
            head = bytes(self.buffer[:place]).lower()
            found = head.find(LENGTH)
            if found < 0:
                self.fail(f"no content-length in {head[:200]!r}")
                return
            self.start = place + len(END)
            self.missing = self.start + int(head[found + len(LENGTH) :].split(b"\r\n", 1)[0])
        if len(self.buffer) >= self.missing:
            body = bytes(self.buffer[self.start : self.missing])
            del self.buffer[: self.missing]
            self.missing = -1
            if self.waiting is not None and not self.waiting.done():
                self.waiting.set_result(body)

    def fail(self, words: str) -> None:
        """Tell whoever waits, and close."""
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_exception(Broken(words))
        self.close()

    async def post(self, request: bytes) -> bytes:
        """Send a whole request (see `packed`) and return the body of the answer. Raises Broken."""
        if self.transport is None or self.transport.is_closing():
            raise Broken("not connected 未连接")
        self.waiting = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self.waiting

    def close(self) -> None:
        """Close the connection."""
        if self.transport is not None:
            self.transport.close()


async def connect(url: str) -> Pipe:
    """A connection to the host of a URL (http)."""
    parts = urlsplit(url)
    _, pipe = await asyncio.get_running_loop().create_connection(Pipe, parts.hostname or "127.0.0.1", parts.port or 80)
    return pipe


def packed(url: str, body: bytes, headers: dict[str, str] | None = None) -> bytes:
    """A whole POST request as bytes, ready to be sent as often as one likes."""
    parts = urlsplit(url)
    lines = [f"POST {parts.path or '/'} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(body)}",
             "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body
