"""Denial 拒绝服务: slow bodies, idle connections, the largest and the deepest messages; and how a healthy client fares meanwhile.

    python tests/security/siege.py [--seconds 10] [--json FILE]

prints the healthy client's worst and middle latency under each siege.
"""

import argparse
import asyncio
import contextlib
import json
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[1]))

from security.town import Town

SINGLE = "/fsi/api/rsfComIfsService/callService"
IDLE = 300
"""Connections that say nothing, or next to nothing."""

EAGER = 4
"""Connections that send large messages one after the other."""

HEALTHY = {
    "infno": "1201", "msgid": "", "mdtrtarea_admvs": "433101", "insuplc_admdvs": "433101", "opter_type": "1", "opter": "1",
    "opter_name": "x", "inf_time": "2026-06-01 08:00:00", "fixmedins_code": "H43310199001", "fixmedins_name": "x", "infver": "V1.0",
    "input": {"medinsinfo": {"fixmedins_type": "1", "fixmedins_code": "H43310199001"}},
}  # fmt: skip


def packed(body: bytes, *, length: int = -1) -> bytes:
    """A whole POST; `length` other than the body's own lies."""
    said = len(body) if length < 0 else length
    return f"POST {SINGLE} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {said}\r\n\r\n".encode() + body


def padded(pad: bytes) -> bytes:
    """A healthy message with something beside its input."""
    return packed(json.dumps({**HEALTHY, "msgid": "siege"}).encode().replace(b'"input":', b'"pad":' + pad + b',"input":', 1))


LARGE: dict[str, bytes] = {
    "text of 1 MB": padded(b'"' + b"x" * 1_040_000 + b'"'),
    "text of 1 MB of escapes": padded(b'"' + rb"\u533b" * 173_000 + b'"'),
    "20,000 keys": padded(b"{" + b",".join(b'"k%d":%d' % (n, n) for n in range(20_000)) + b"}"),
    "60,000 keys of 1 MB": padded(b"{" + b",".join(b'"k%09d":%d' % (n, n) for n in range(55_000)) + b"}"),
    "20,000 objects": padded(b"[" + b",".join([b'{"a":[]}'] * 9_900) + b"]"),
    "depth of 100,000": padded(b"[" * 100_000 + b"]" * 100_000),
    "500,000 brackets that do not pair": packed(b"{[" * 500_000),
    "1 MB of numbers": padded(b"[" + b",".join([b"1.5"] * 250_000) + b"]"),
    "1 MB of quotes": packed(b'"' * 1_040_000),
    "1 MB of backslashes": packed(b'{"a":"' + b"\\" * 1_040_000 + b'"}'),
    "a key twice in 1 MB": padded(b'{"a":1,"a":2,"b":"' + b"x" * 1_000_000 + b'"}'),
    "2,000 rows of lines": packed(
        json.dumps({**HEALTHY, "infno": "2204", "msgid": "siege", "input": {"feedetail": [{"cnt": "x"}] * 2_000}}).encode()
    ),
}  # fmt: skip


async def exchanged(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: bytes) -> int:
    """Send, read the whole answer; its HTTP status."""
    writer.write(sent)
    await writer.drain()
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    await reader.readexactly(length)
    return int(head.split()[1])


async def healthy(port: int, until: Callable[[], bool]) -> list[float]:
    """A healthy client that asks every 20 ms; the seconds each answer took. Raises when one is not answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    spent, number = [], 0
    while not until():
        number += 1
        body = json.dumps({**HEALTHY, "msgid": f"healthy{number}"}).encode()
        begun = time.perf_counter()
        status = await asyncio.wait_for(exchanged(reader, writer, packed(body)), 60)
        spent.append(time.perf_counter() - begun)
        assert status == 200
        await asyncio.sleep(0.02)
    writer.close()
    return spent


async def idle(port: int, until: Callable[[], bool], first: bytes) -> None:
    """Connections that send `first` and then a byte each second."""
    writers = []
    for _ in range(IDLE):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(first)
        writers.append(writer)
    while not until():
        await asyncio.sleep(1)
        for writer in writers:
            writer.write(b"x")
    for writer in writers:
        writer.close()


async def eager(port: int, until: Callable[[], bool], sent: bytes) -> None:
    """Connections that send the same large message one after the other."""

    async def one() -> None:
        while not until():
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                await asyncio.wait_for(exchanged(reader, writer, sent), 60)
                writer.close()

    await asyncio.gather(*(one() for _ in range(EAGER)))


async def nobody(port: int, until: Callable[[], bool]) -> None:
    """No siege at all, to compare with."""


def sieges() -> dict[str, Callable[[int, Callable[[], bool]], Coroutine[Any, Any, None]]]:
    """Every siege by name."""
    slow = {
        "nobody": nobody,
        "idle connections": lambda port, until: idle(port, until, b""),
        "half headers": lambda port, until: idle(port, until, b"POST / HTTP/1.1\r\nHost: x\r\nx-a: "),
        "slow bodies": lambda port, until: idle(port, until, packed(b"{", length=1_000_000)),
    }
    return {**slow, **{name: lambda port, until, sent=sent: eager(port, until, sent) for name, sent in LARGE.items()}}


async def laid(port: int, seconds: float, name: str) -> dict[str, float]:
    """Lay one siege for so long; the healthy client's figures, milliseconds."""
    ends = time.monotonic() + seconds
    spent, _ = await asyncio.gather(healthy(port, lambda: time.monotonic() > ends), sieges()[name](port, lambda: time.monotonic() > ends))
    ordered = sorted(spent)
    return {"asked": len(ordered), "middle_ms": round(ordered[len(ordered) // 2] * 1000, 1), "worst_ms": round(ordered[-1] * 1000, 1)}


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="Lay siege to the door.")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--json", type=Path, default=None)
    asked = parser.parse_args()
    town = Town()
    try:
        town.open()
        figures = {}
        for name in sieges():
            figures[name] = asyncio.run(laid(town.port, asked.seconds, name))
            print(f"{name:40} {figures[name]}  memory {town.memory()} MiB", flush=True)
        problems = town.problems()
    finally:
        town.end()
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    print(problems)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
