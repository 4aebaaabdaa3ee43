"""Channels: settings are read with every mistake named, and a request finds the one channel that may carry it."""

import csv
from pathlib import Path

import pytest

from openyibao.gateway.channels import SETTINGS, SPELLINGS, BadSettings, Channel, Channels, channel_of_settings, describe
from openyibao.gateway.refusals import KINDS
from openyibao.outside.seals import sm2

ROOT = Path(__file__).parents[2]
KEY = sm2.new_private_key()
OPEN = {"code": "open", "institutions": "*"}
CSB = {"code": "csb", "institutions": "H1 H2", "scheme": "csb", "key_id": "ak", "secret": "sk"}


def problems_of(settings: dict[str, object]) -> list[str]:
    """What is wrong with these settings."""
    with pytest.raises(BadSettings) as caught:
        channel_of_settings(settings)
    return caught.value.problems


def test_settings_left_empty_take_their_defaults():
    channel = channel_of_settings({**OPEN, "secret": "", "infcode": None, "x_note": "for the other side"})
    assert channel == Channel(code="open", institutions=frozenset("*"))
    assert (channel.infcode, channel.max_msgid, channel.enabled, channel.sign_in_required) == ("number", 30, True, True)


def test_texts_become_values():
    channel = channel_of_settings({
        **CSB, "enabled": "0", "institutions": "H1, H2;", "skew_seconds": "300", "success_err_msg": "成功", "max_bytes": 65536,
        "sign_in_required": False, "sm4_key": "1234567890abcdef", "infcode": "string", "account_in_fund": "是",
    })
    assert channel.institutions == {"H1", "H2"} and not channel.enabled and channel.account_in_fund
    assert (channel.skew_seconds, channel.success_err_msg, channel.max_bytes) == (300, "成功", 65536)
    assert (channel.sign_in_required, channel.sm4_key, channel.infcode) == (False, b"1234567890abcdef", "string")


@pytest.mark.parametrize(
    ("name", "value"),
    [("infcode", "text"), ("scheme", "magic"), ("empty_output", "x"), ("skew_seconds", "-1"), ("max_bytes", "99999999999"),
     ("max_depth", "1"), ("max_msgid", "41"), ("sm4_key", "short"), ("client_public_key", "04ab"), ("private_key", "zz"),
     ("enabled", "maybe"), ("division", "12"), ("institutions", "H1 不是"), ("node", "nodes"), ("spelling", "mars"),
     ("encoding", "latin-1"), ("replay", "yes"), ("no_such_setting", "1")],
)
def test_a_wrong_setting_is_named(name, value):
    problems = problems_of({**OPEN, name: value})
    assert len(problems) == 1 and name in problems[0]


def test_all_mistakes_are_told_at_once():
    assert len(problems_of({"institutions": "*", "infcode": "x", "node": "y"})) == 3       # and no code


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"code": "a"}, "institutions"),
        ({**CSB, "secret": ""}, "secret"),
        ({**CSB, "key_id": ""}, "key_id"),
        ({**OPEN, "scheme": "apikey"}, "secret"),
        ({**CSB, "scheme": "bearer", "username": "u"}, "password"),
        ({**OPEN, "input_encryption": "accepted"}, "sm4_key"),
        ({**OPEN, "output_encryption": "always"}, "sm4_key"),
        ({**CSB, "body_signature": "required"}, "client_public_key"),
        ({**OPEN, "body_signature": "accepted", "client_public_key": KEY.public.point.hex()}, "sm2_user_id"),
        ({**OPEN, "sign_output": "1"}, "private_key"),
        ({**CSB, "payment_check": 1, "body_signature": "accepted", "client_public_key": KEY.public.point.hex()}, "payment_check"),
    ],
)
def test_a_habit_without_its_key_is_refused(settings, name):
    assert any(problem.startswith(f"{name}:") for problem in problems_of(settings))


def test_secrets_do_not_show_in_a_channels_text():
    secrets = {"secret": "sk-hidden", "password": "pw-hidden", "sm4_key": "a" * 32, "private_key": KEY.hex()}
    shown = repr(channel_of_settings({**CSB, **secrets}))
    assert "hidden" not in shown and KEY.hex() not in shown and "\\xaa" not in shown


def test_an_open_channel_never_speaks_for_who_has_a_signed_one():
    own = {**OPEN, "code": "own", "institutions": "H3"}
    channels = Channels(channel_of_settings(settings) for settings in (OPEN, CSB, own))
    assert channels.open_to("H9").code == "open"
    assert channels.open_to("H3").code == "own"
    assert channels.open_to("H1") is None
    assert Channels([channel_of_settings(CSB)]).open_to("H9") is None


def test_a_closed_signed_channel_still_leaves_its_institutions_to_the_open_one():
    channels = Channels([channel_of_settings(OPEN), channel_of_settings({**CSB, "enabled": "0"})])
    assert channels.open_to("H1").code == "open"


def test_a_channel_is_found_by_scheme_and_key():
    apikey = channel_of_settings({**OPEN, "code": "api", "scheme": "apikey", "secret": "k"})
    channels = Channels([channel_of_settings(CSB), apikey])
    assert channels.by_key("csb", "ak").code == "csb"
    assert channels.by_key("apikey", "k") is apikey
    assert channels.by_key("tif", "ak") is None and channels.by_key("csb", "sk") is None
    assert channels.by_code("api") is apikey and channels.by_code("none") is None


@pytest.mark.parametrize(
    "pair",
    [(OPEN, {**OPEN, "code": "other"}), (CSB, {**CSB, "code": "other"}), (OPEN, {**CSB, "code": "open"})],
)
def test_two_channels_cannot_be_confused(pair):
    with pytest.raises(BadSettings):
        Channels(channel_of_settings(settings) for settings in pair)


def test_every_setting_is_described_once_and_is_a_field():
    names = [setting.name for setting in SETTINGS]
    assert names == [row[0] for row in describe()] and len(names) == len(set(names))
    assert set(names) == set(Channel.__dataclass_fields__)


def test_the_page_of_the_door_names_every_setting_spelling_and_code():
    page = (ROOT / "docs" / "reference" / "door.md").read_text(encoding="utf-8")
    for name, zh, _, default in describe():
        assert f"| `{name}` | {zh} |" in page, f"docs/reference/door.md has no row for {name} {zh}"
        row = next(line for line in page.splitlines() if line.startswith(f"| `{name}` |"))
        assert (f"`{default}`" if default else "–") in row, f"docs/reference/door.md: the default of {name} is {default or 'empty'}"
    for spelling in SPELLINGS:
        assert f"| `{spelling}` |" in page
    for kind in KINDS.values():
        row = next((line for line in page.splitlines() if line.startswith(f"| {kind.code} |")), "")
        for words in (*kind.zh.split("{what}"), *kind.en.split("{what}"), kind.next_zh, kind.next_en):
            assert words.strip() in row, f"docs/reference/door.md: the row of {kind.code} lacks {words!r}"
        assert row.endswith("gateway |") == kind.by_gateway


def test_the_sandbox_channels_make_a_table():
    path = ROOT / "examples" / "sandbox" / "channels.csv"
    if not path.exists():
        pytest.skip("needs examples/sandbox/channels.csv")
    with path.open(encoding="utf-8", newline="") as file:
        channels = Channels(channel_of_settings(row) for row in csv.DictReader(file))
    assert {channel.scheme for channel in channels.all} == {"none", "csb", "tif", "apikey", "bearer"}
