"""Requests that no polite client sends 异常发送: half a body and a pause, a closed connection, headers and bodies of one's own making."""

import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

PATIENCE = 30.0
"""Seconds to wait for an answer."""


@contextmanager
def connected(url: str) -> Iterator[socket.socket]:
    """A plain TCP connection to the host of a URL; http only."""
    parts = urlsplit(url)
    if parts.scheme != "http":
        raise ValueError(f"{url}: 断线和停顿用例只支持 http；these cases need plain http")
    with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 80), timeout=PATIENCE) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield wire


def head(url: str, headers: Mapping[str, str], length: int) -> bytes:
    """The request line and headers of a POST whose body has `length` bytes."""
    parts = urlsplit(url)
    lines = [f"POST {parts.path or '/'} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {length}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8")


def send_and_hang_up(url: str, headers: Mapping[str, str], body: bytes) -> None:
    """Send a whole request and close without reading: the answer is lost."""
    with connected(url) as wire:
        wire.sendall(head(url, headers, len(body)) + body)
        wire.shutdown(socket.SHUT_WR)


def send_with_pause(url: str, headers: Mapping[str, str], body: bytes, seconds: float) -> tuple[int, str, bytes]:
    """Send half of the body, wait, send the rest; status, content type and content of the answer."""
    half = len(body) // 2
    with connected(url) as wire:
        wire.sendall(head(url, headers, len(body)) + body[:half])
        time.sleep(seconds)
        wire.sendall(body[half:])
        return answer_of(wire)


def answer_of(wire: socket.socket) -> tuple[int, str, bytes]:
    """Read until the server closes. Raises ConnectionError when it closed without a word."""
    pieces = []
    while piece := wire.recv(65_536):
        pieces.append(piece)
    whole = b"".join(pieces)
    top, found, content = whole.partition(b"\r\n\r\n")
    if not found:
        raise ConnectionError("连接被关闭，没有应答；the connection was closed without an answer")
    status_line, *lines = top.decode("latin-1").split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if headers.get("transfer-encoding", "").lower() == "chunked":
        content = unchunked(content)
    return int(status_line.split()[1]), headers.get("content-type", ""), content


def unchunked(content: bytes) -> bytes:
    """A chunked body put together."""
    whole, rest = b"", content
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        length = int(size.split(b";")[0] or b"0", 16)
        if not length:
            break
        whole, rest = whole + rest[:length], rest[length + 2 :]
    return whole
