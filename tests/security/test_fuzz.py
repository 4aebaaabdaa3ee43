"""A short run of the fuzzer with a fixed seed; `make fuzz` attacks for ten minutes and more. And: what it looks for can be found."""

import pytest

from openyibao.gateway.describe import served_numbers
from security import hostile, rawly
from security.fuzz import attacked, judged
from security.oracles import Reply, faults, log_faults

OURS = (
    b'{"infcode":-1,"inf_refmsgid":"","refmsg_time":"","respond_time":"","enctype":"","signtype":"","cainfo":"","err_msg":"%s",'
    b'"warn_msg":null,"output":null}'
)
PERSON = "99010119840312011X"


def test_nothing_that_is_sent_breaks_the_door(town):
    findings, figures = attacked(town, seconds=20, seed=20, workers=2)
    assert judged(town, findings, figures, timed=False) == []
    assert len(findings.numbers.keys() & set(served_numbers())) > 60
    assert findings.codes["ok"] > 20
    assert findings.codes["DOOR-33"] > 20


@pytest.mark.parametrize(("status", "content", "fault"), [
    (500, b"Internal Server Error", "HTTP 500"),
    (200, b"<html>", "no JSON object"),
    (200, b'{"infcode":0}', "keys missing"),
    (200, OURS % b"it went wrong", "without code and trace"),
    (200, OURS % b"DOOR-99 x(0123456789abcdef)", "DOOR-99"),
    (200, OURS % b'DOOR-33 File \\"x.py\\"(0123456789abcdef)', "tells"),
    (200, OURS % b"DOOR-33 relation settlement_line(0123456789abcdef)", "tells 'settlement_'"),
    (200, OURS % b"DOOR-33 99010119840312011X(0123456789abcdef)", "identity number"),
    (200, OURS % (b"DOOR-33 " + b"x" * 200 + b"(0123456789abcdef)"), "err_msg of"),
    (401, b'{"code":401,"message":"no"}', "without a code"),
    (0, b"timed out", "no answer"),
])  # fmt: skip
def test_a_bad_reply_is_seen(status, content, fault):
    assert any(fault in words for words in faults(Reply(status, "application/json", content, 0), [PERSON], b""))


def test_a_good_refusal_is_not_a_fault():
    assert faults(Reply(200, "application/json", OURS % "DOOR-33 交易输入有误(0123456789abcdef)".encode(), 0), [PERSON], b"") == []


def test_a_person_in_the_log_is_seen():
    log = f'{{"event": "x", "certno": "{PERSON}", "level": "info"}}\n{{"event": "赵浩然"}}\n{{"level": "error"}}'
    assert len(log_faults(log, [PERSON], ["赵浩然"])) == 3


def test_the_same_seed_draws_the_same_attacks():
    one, two = ([hostile.encoded(hostile.bent(drawn, {"a": [{"b": 1}]})) for drawn in [random_of(5)] for _ in range(50)] for _ in range(2))
    assert one == two
    assert [rawly.request(random_of(n), b"{}") for n in range(40)] == [rawly.request(random_of(n), b"{}") for n in range(40)]


def random_of(seed: int):
    """A Random of a seed."""
    return hostile.Random(seed)
