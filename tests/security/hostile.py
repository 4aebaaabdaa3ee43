"""What hostile programs send: values that are none, trees bent out of shape, and bytes that are no message. All drawn from one Random."""

import json
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

Tree = dict[str, Any]
MARK = "\u241f"


class Literal(str):
    """Text that stands in the JSON as it is: what no encoder would write."""


LITERALS = (
    "NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1e-400", "1e30", "1e31", "1E+29", "9" * 39, "9" * 400, "-0",
    "-0.0", "0e0", "1.0e1",
    "0." + "0" * 60 + "1", '{"a":1,"a":2}', "[1,2,]", "01", "+1", "'x'", "undefined", r'"\ud800"', r'"\udc00\ud800"',
    r'"\u0000"', r'"a\u0000b"',
    r'"\u001b[31m"', r'"\x41"', "[" * 40 + "]" * 40, '{"a":' * 40 + "1" + "}" * 40, "[" * 12 + "]" * 12,
)  # fmt: skip
TEXTS = (
    "", " ", "null", "'", '"', "\\", "'; DROP TABLE settlement_settlement; --", "' OR '1'='1",
    "1); DELETE FROM fund_posting; --", "%s", "%(x)s",
    "$1", "$1::bigint", "{0}", "{}", "{what}", "%n%n%n", "${jndi:ldap://127.0.0.1/a}", "<script>alert(1)</script>",
    "../../../../etc/passwd",
    "..\\..\\windows", "/etc/passwd", "C:\\x", "a\r\nX-Injected: 1", "a\nb", "a\tb", "\x1b[2J", "\x7f", "\u202e\u2066",
    "\ufeff", "\u200b", "\u00a0",
    "\u3000", "１２３", "٣٤٥", "²³", "Ⅷ", "𠮷" * 20, "é" * 3, "e\u0301", "\U0001f600" * 5, "\ufffe", "x" * 31, "x" * 256,
    "x" * 5_000, "医" * 4_001,
    "9" * 18, "9" * 19, "9" * 40, "-1", "0", "-0", "1e5", "1e400", "0x10", "1_000", "1,000.00", "NaN", "Infinity",
    "true", "0000", "1.005",
    "0001-01-01", "0001-01-01 00:00:00", "9999-12-31", "9999-12-31 23:59:59", "1900-01-01", "2026-02-30", "2024-02-29",
    "20261301", "00000000",
    "2026-01-01T00:00:00Z", "2026-01-01T00:00:00+24:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1969-12-31 23:59:59",
    '{"a": 1}', '{"a": "\\u0000"}', "[" * 2_000, "[" * 1_900 + "]" * 1_900, '{"hosp_appr": null, "x": 1e999}',
    "H43310199002", "H43310199003",
    "P43310199001", "99010119840312011X", "433101", "610902", "999999",
)  # fmt: skip
NUMBERS = (
    0, 1, -1, 2**15, 2**31 - 1, 2**31, 2**53, 2**63 - 1, 2**63, 2**64, 10**18, 10**30, -(10**30), 10**39, 0.1, -0.01,
    0.001, 1e15, 1e16, 99999999.99,
    99999999999999.99, -99999999999999.99, 0.0000001, 1.7976931348623157e308,
)  # fmt: skip
OTHERS: tuple[Any, ...] = (
    None, True, False, [], {}, [[]], [{}], [None], [1, "a", None, {}], {"": ""}, {"a": {"b": {"c": [1]}}}, ["x"] * 50, {"data": {}},
    [{"a": 1}] * 30,
)  # fmt: skip

METHODS = ("GET", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT", "POST", "PROPFIND", "FOO", "post")
PATHS = (
    "/fsi/api/rsfComIfsService/callService", "/fsi/api/rsfComIfsService/callService/", "/fsi/",
    "/fsi/api/../../etc/passwd", "/fsi/%2e%2e/%2e%2e/x",
    "/fsi/%00", "/fsi/api/" + "a" * 4_000, "/fsi/?infno=2207", "/fsi//api//x", "/CSB", "/CSB/x;y=1", "/hsa/hgs/2207",
    "/hsa/hgs/'", "/hsa-x/1",
    "/mbs-hiIntf-jishou/web/api/fsi/callService", "/mbs-", "/uif-hsaf-med-api/api/medical/service", "/poc",
    "/oauth/token", "/oauth/token/", "/",
    "/healthz", "/healthz/ready", "/metrics", "/static/../settings.py", "/nothing-here", "/%ff%fe", "/\xe5\x8c\xbb",
    "/fsi/%E5%8C%BB", "//fsi/x", "*",
    "http://127.0.0.1/fsi/x",
)  # fmt: skip


def value(random: Random) -> Any:
    """One hostile value."""
    kind = random.randrange(10)
    if kind < 2:
        return Literal(random.choice(LITERALS))
    if kind < 6:
        return random.choice(TEXTS)
    return random.choice(NUMBERS) if kind < 8 else copied(random.choice(OTHERS))


def places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key or index) of a tree."""
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, inner in list(entries):
        yield tree, key
        yield from places(inner)


def bent(random: Random, tree: Tree) -> Tree:
    """The tree with one thing bent, in place: a value, a key, a row too many, a level too much."""
    every = list(places(tree))
    if not every:
        tree[random.choice(TEXTS)] = value(random)
        return tree
    container, key = random.choice(every)
    kind = random.randrange(20)
    if kind < 11:
        container[key] = value(random)
    elif kind < 13:
        del container[key]
    elif kind < 14 and isinstance(container, dict):
        container[random.choice((key.upper(), key.replace("_", ""), random.choice(TEXTS), key + " "))] = container.pop(key)
    elif kind < 15:
        container[key] = [copied(container[key]) for _ in range(random.choice((0, 1, 2, 40)))]
    elif kind < 16:
        container[key] = {"data": container[key]}
    elif kind < 17:
        container[key] = json.dumps(container[key], ensure_ascii=False, default=str)
    elif kind < 18 and isinstance(container[key], int | float | Decimal):
        container[key] = -container[key]
    elif kind < 19 and isinstance(container[key], str):
        container[key] = container[key][:-1] if random.random() < 0.5 else container[key] + random.choice(TEXTS)
    elif isinstance(container, dict):
        container[key] = Literal(f"{json.dumps(container[key], default=str)},{json.dumps(key)}:1")     # the key twice
    return tree


def copied(tree: Any) -> Any:
    """A tree that may be bent without bending the other."""
    if isinstance(tree, dict):
        return {key: copied(inner) for key, inner in tree.items()}
    return [copied(inner) for inner in tree] if isinstance(tree, list | tuple) else tree


def encoded(tree: Any) -> bytes:
    """JSON of a tree with its literals; halves of surrogate pairs are written as escapes."""
    literals: list[str] = []

    def marked(node: Any) -> Any:
        if isinstance(node, Decimal):
            node = Literal(format(node, "f"))
        if isinstance(node, Literal):
            literals.append(str(node))
            return f"{MARK}{len(literals) - 1}{MARK}"
        if isinstance(node, dict):
            return {str(key): marked(inner) for key, inner in node.items()}
        return [marked(inner) for inner in node] if isinstance(node, list | tuple) else node

    text = json.dumps(marked(tree), ensure_ascii=False, default=str)
    for number, literal in enumerate(literals):
        text = text.replace(f'"{MARK}{number}{MARK}"', literal)
    return text.encode("utf-8", "surrogatepass")


def spoilt(random: Random, body: bytes) -> bytes:
    """Bytes that were a message: other encodings, marks, cuts, flips, depth, size, keys by the thousand."""
    text = body.decode("utf-8", "replace")
    ways = (
        lambda: text.encode("gbk", "replace"),
        lambda: text.encode("utf-16"),
        lambda: b"\xef\xbb\xbf" + body,
        lambda: b"\xef\xbb\xbf\xef\xbb\xbf" + body,
        lambda: body.replace(b"2", b"\xff", 1),
        lambda: body[: random.randrange(len(body) + 1)],
        lambda: body + body,
        lambda: body + b"\x00",
        lambda: b"\x00" + body,
        lambda: b"",
        lambda: b"null",
        lambda: b"[" * random.choice((17, 1_000, 100_000)),
        lambda: body.replace(b"{", b"{" * 17 + b'"a":', 1),
        lambda: body.replace(b'"input":', b'"input":' + b'{"a":' * 50, 1),
        lambda: body.replace(b'"input":', b'"INPUT":{},"input":{},"input":', 1),
        lambda: body.replace(b'"input":', b'"pad":"' + b"x" * 1_100_000 + b'","input":', 1),
        lambda: body.replace(b'"input":', b'"pad":"' + b"x" * 1_000_000 + b'","input":', 1),
        lambda: body.replace(b'"input":', b'"pad":{' + b",".join(b'"k%d":%d' % (n, n) for n in range(20_000)) + b'},"input":', 1),
        lambda: body.replace(b'"input":', b'"pad":[' + b",".join([b"{}"] * random.choice((19_000, 21_000))) + b'],"input":', 1),
        lambda: body.replace(b'"input":', b'"pad":' + b"9" * random.choice((400, 300_000)) + b',"input":', 1),
        lambda: body.replace(b'"input":', b'"pad":"' + rb"\u0000" + b'","input":', 1),
        lambda: body.replace(b":", b":\x0b", 1),
        lambda: bytes(random.choices(range(256), k=random.choice((1, 40, 4_000)))),
        lambda: bytes(byte ^ (random.random() < 0.01) * random.randrange(256) for byte in body[:5_000]),
    )
    return random.choice(ways)()
