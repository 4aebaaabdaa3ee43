"""The independent hospital client and the door read the published schemes alike: each sandbox channel, there and back."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from openyibao.gateway.channels import Channels, channel_of_settings
from openyibao.gateway.envelope import decoded
from openyibao.gateway.refusals import DoorRefusal
from openyibao.gateway.replies import Stamp, reply
from openyibao.gateway.schemes import Seen, authenticate, opened, token_answer
from openyibao.outside.hospital import seals, signing
from openyibao.outside.hospital.envelope import encoded

TABLE = Path(__file__).parents[2] / "examples" / "sandbox" / "channels.csv"
NOW = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
NONCE = "n" * 32
with TABLE.open(encoding="utf-8", newline="") as file:
    ROWS = {row["code"]: row for row in csv.DictReader(file)}
CHANNELS = Channels(channel_of_settings(row) for row in ROWS.values())


def key_of(row: dict[str, Any], **changes: str) -> signing.Key:
    """The client's key of a channel."""
    given = {
        "scheme": row["scheme"], "key_id": row["key_id"], "secret": row["secret"], "user": row["username"], "password": row["password"],
        "sm4_key": row["sm4_key"], "sm2_private": row["x_client_private_key"], "sm2_bureau": row["x_bureau_public_key"],
    }
    return signing.Key(**{**given, **changes})


def sent(key: signing.Key, now: datetime = NOW) -> tuple[dict[str, str], bytes]:
    """Headers and body of one message as the client sends it."""
    token = ""
    if key.scheme == "bearer":
        form = "&".join(f"{name}={value}" for name, value in signing.grant(key).items()).encode()
        status, answer = token_answer(CHANNELS, {"authorization": signing.basic(key)}, form, now)
        assert status == 200
        token = answer["access_token"]
    message = {"infno": "1101", "msgid": "m1", "fixmedins_code": "H1", "input": {"data": {"psn_name": "张三", "n": 1}}}
    headers = {name.lower(): value for name, value in signing.headers(key, "1101", now, NONCE, token).items()}
    return headers, encoded(seals.covered(key, message))


@pytest.mark.parametrize("code", ROWS)
def test_the_client_is_let_in_and_reads_the_reply(code):
    key = key_of(ROWS[code])
    headers, body = sent(key)
    envelope = decoded(body)
    channel = authenticate(CHANNELS, headers, body, envelope, NOW, Seen())
    assert channel.code == code
    envelope = opened(envelope, channel)
    assert envelope.input == {"data": {"psn_name": "张三", "n": 1}}
    answer = reply(channel, {"baseinfo": {"psn_no": "1"}}, Stamp("990100", NOW, NOW, 1), encrypted=bool(envelope.sealed))
    assert seals.uncovered(key, json.loads(answer))["output"] == {"baseinfo": {"psn_no": "1"}}


@pytest.mark.parametrize("code", [code for code in ROWS if ROWS[code]["scheme"] in ("csb", "tif", "apikey")])
def test_the_client_with_another_secret_is_not(code):
    headers, body = sent(key_of(ROWS[code], secret="another"))
    with pytest.raises(DoorRefusal):
        authenticate(CHANNELS, headers, body, decoded(body), NOW, Seen())


def test_csb_in_seconds_and_with_a_prefixed_name_is_let_in():
    for changes in ({"seconds": True}, {"api_name": "api_"}):
        headers, body = sent(signing.Key(**{"scheme": "csb", "key_id": ROWS["csb"]["key_id"], "secret": ROWS["csb"]["secret"], **changes}))
        assert authenticate(CHANNELS, headers, body, decoded(body), NOW).code == "csb"
