"""HTTP that no library writes: methods, paths, chunks, header lines, lengths that lie; sent over a plain socket."""

import socket
import time
from random import Random

from security.hostile import METHODS, PATHS
from security.oracles import Reply

HOST = b"Host: 127.0.0.1\r\nConnection: close\r\n"
JSON = b"Content-Type: application/json\r\n"
SINGLE = b"/fsi/api/rsfComIfsService/callService"
BOUNDARY = b"----x"


def request(random: Random, body: bytes) -> tuple[str, bytes, bool]:
    """(what is odd, the request's bytes, whether the door itself must answer it)."""
    length = b"Content-Length: %d\r\n" % len(body)
    post = b"POST " + SINGLE + b" HTTP/1.1\r\n" + HOST + JSON
    chunks = [body[start : start + 7] for start in range(0, len(body), 7)]
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    part = b"--" + BOUNDARY + b'\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
    parts = part % (b"jsonStr", b"", body) + part % (b"file", b'; filename="../../x"', b"\x00\xff" * 40) + b"--" + BOUNDARY + b"--\r\n"
    multi = random.choice((
        parts, parts[:200], parts.replace(b"jsonStr", b"other"), parts.replace(BOUNDARY, b"----y"), b"", parts.replace(b"form-data", b"x"),
        parts.replace(b"Content-Disposition", b"Content-Type: multipart/mixed; boundary=q\r\nContent-Disposition"),
    ))  # fmt: skip
    kind = b"multipart/form-data" + random.choice((
        b"; boundary=" + BOUNDARY, b"", b"; boundary=\xff\xfe", b'; boundary="' + b"x" * 300 + b'"',
        b"; boundary*0=a; boundary*1=b; charset=x",
    ))  # fmt: skip
    several = b"Content-Type: " + kind + b"\r\nContent-Length: %d\r\n\r\n" % len(multi) + multi
    token = random.choice((b"a.b.c", b".", b"W10.W10", b"\xff" * 9, b"bnVsbA.x"))
    mixed = b"apikey: x\r\nauthorization: Bearer \xff.\xfe\r\nx-tif-paasid: y\r\n_api_signature: z\r\n\r\n"
    ways = {
        "method": (random.choice(METHODS).encode() + b" " + SINGLE + b" HTTP/1.1\r\n" + HOST + length + b"\r\n" + body, False),
        "path": (b"POST " + random.choice(PATHS).encode("latin-1") + b" HTTP/1.1\r\n" + HOST + JSON + length + b"\r\n" + body, False),
        "chunked": (post + b"Transfer-Encoding: chunked\r\n\r\n" + chunked, True),
        "chunked and length": (post + b"Transfer-Encoding: chunked\r\n" + length + b"\r\n" + chunked, False),
        "bad chunk": (post + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + chunked, False),
        "huge chunk": (post + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n" + chunked, False),
        "length lies": (post + b"Content-Length: 99999999\r\n\r\n" + body, False),
        "length negative": (post + b"Content-Length: -1\r\n\r\n" + body, False),
        "length twice": (post + length + b"Content-Length: 3\r\n\r\n" + body, False),
        "length huge": (post + b"Content-Length: 999999999999999999999999\r\n\r\n", False),
        "header injected": (post + length + b"apikey: x\r\n y\r\nx-tif-paasid: a\x0bb\r\n\r\n" + body, False),
        "header of NUL": (post + length + b"apikey: \x00\r\n\r\n" + body, False),
        "headers by the thousand": (post + length + b"".join(b"x-%d: y\r\n" % n for n in range(2_000)) + b"\r\n" + body, False),
        "header of 100 kB": (post + length + b"apikey: " + b"x" * 100_000 + b"\r\n\r\n" + body, False),
        "schemes mixed": (post + length + mixed + body, True),
        "token of rubbish": (post + length + b"authorization: Bearer " + token + b"\r\n\r\n" + body, True),
        "multipart": (b"POST " + SINGLE + b" HTTP/1.1\r\n" + HOST + several, True),
        "encoded": (post + b"Content-Encoding: gzip\r\n" + length + b"\r\n" + body, True),
        "expect": (post + b"Expect: 100-continue\r\n" + length + b"\r\n" + body, False),
        "upgrade": (post + b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n" + length + b"\r\n" + body, False),
        "two at once": (post.replace(b"Connection: close\r\n", b"") + length + b"\r\n" + body + post + length + b"\r\n" + body, False),
        "no version": (b"POST " + SINGLE + b"\r\n" + HOST + b"\r\n", False),
        "HTTP 9": (post.replace(b"HTTP/1.1", b"HTTP/9.9") + length + b"\r\n" + body, False),
        "rubbish": (bytes(random.choices(range(256), k=400)) + b"\r\n\r\n", False),
        "half": (post + length + b"\r\n" + body[: len(body) // 2], False),
    }  # fmt: skip
    way = random.choice(sorted(ways))
    sent, strict = ways[way]
    return way, sent, strict


UNFINISHED = (
    "bad chunk", "huge chunk", "length lies", "length huge", "half", "rubbish", "no version", "method", "path", "chunked and length",
)  # fmt: skip
"""Ways after which the server may wait for more: here we say that no more comes."""


def exchanged(port: int, sent: bytes, timeout: float, *, hang_up: bool) -> Reply:
    """Send bytes, say that no more come, and read what comes back until the server closes."""
    begun = time.perf_counter()
    pieces = []
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=timeout) as wire:
            wire.sendall(sent)
            if hang_up:
                wire.shutdown(socket.SHUT_WR)
            while piece := wire.recv(65_536):
                pieces.append(piece)
    except TimeoutError:
        return Reply(0, "", b"timed out", time.perf_counter() - begun)
    except OSError as error:        # closed while we were sending: what came before that counts
        if not pieces:
            return Reply(-1, "", repr(error).encode(), time.perf_counter() - begun)
    return answered(b"".join(pieces), time.perf_counter() - begun)


def answered(whole: bytes, seconds: float) -> Reply:
    """Status, content type and content of an HTTP answer; status -1 when the connection was closed without one."""
    top, found, content = whole.partition(b"\r\n\r\n")
    lines = top.split(b"\r\n")
    if not found or not lines[0].startswith(b"HTTP/1."):
        return Reply(-1, "", whole[:200], seconds)
    heads = {name.strip().lower(): text.strip() for name, _, text in (line.partition(b":") for line in lines[1:])}
    return Reply(int(lines[0].split()[1]), heads.get(b"content-type", b"").decode("latin-1"), content, seconds)


def faults_of_http(reply: Reply) -> list[str]:
    """What is wrong with an answer to bytes that need not reach the door: 5xx, no end, a name of ours. A closed connection is right."""
    if reply.status == 0:
        return [f"no answer: {reply.content.decode(errors='replace')}"]
    found = [f"HTTP {reply.status}"] if reply.status >= 500 else []
    return found + (["shows a traceback"] if b"Traceback" in reply.content else [])
