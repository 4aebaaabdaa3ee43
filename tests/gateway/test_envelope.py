"""Reading the envelope: what is taken, what is turned away and where, and what makes two messages the same."""

import base64
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openyibao.gateway.channels import channel_of_settings
from openyibao.gateway.envelope import (
    Limits,
    content_digest,
    decoded,
    is_deeper,
    require,
    signed_text,
    skeleton,
    unsealed,
    widest,
)
from openyibao.gateway.refusals import (
    DUPLICATE_KEY,
    FIELD_MISSING,
    FIELD_WRONG,
    NOT_JSON,
    NOT_OPENED,
    TOO_DEEP,
    TOO_LARGE,
    WRONG_ENCODING,
    DoorRefusal,
)
from openyibao.outside.seals import sm4

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "reference" / "fsi" / "samples.jsonl"
KEY = bytes(range(16))
OUTER = {
    "infno": "2207", "msgid": "H99010000001202611220930000001", "mdtrtarea_admvs": "990100", "insuplc_admdvs": "990100",
    "recer_sys_code": "FSI", "dev_no": "", "dev_safe_info": "", "cainfo": "", "signtype": "SM2", "infver": "V1.0", "opter_type": "1",
    "opter": "001", "opter_name": "收费员", "inf_time": "2026-11-22 09:30:00", "fixmedins_code": "H99010000001",
    "fixmedins_name": "示例医院", "sign_no": "S1",
}


def body(given: object = None, **changes: object) -> bytes:
    """A request's body: the example with some keys changed."""
    return json.dumps({**OUTER, **changes, "input": {} if given is None else given}, ensure_ascii=False).encode()


def refused(raw: bytes, code: str, **limits: object) -> DoorRefusal:
    """The refusal of a body, whose code must be this."""
    with pytest.raises(DoorRefusal) as caught:
        decoded(raw, Limits(**limits))
    assert caught.value.code == code, str(caught.value)
    return caught.value


def test_every_key_is_read():
    envelope = decoded(body({"data": {"psn_no": "1"}}))
    assert {key: getattr(envelope, key) for key in OUTER} == OUTER
    assert envelope.input == {"data": {"psn_no": "1"}}


def test_the_recorded_requests_are_read_or_refused_by_name():
    if not SAMPLES.exists():
        pytest.skip("needs the recorded messages in the shared reference beside the checkout")
    refusals = {}
    for line in SAMPLES.read_text(encoding="utf-8").splitlines():
        sample = json.loads(line)
        if sample["kind"] == "request":
            raw = json.dumps(sample["body"], ensure_ascii=False).encode()
            try:
                assert decoded(raw).input == json.loads(raw, parse_float=Decimal)["input"]
            except DoorRefusal as refusal:
                refusals[sample["id"]] = (refusal.code, refusal.place)
    assert refusals == {"034": (FIELD_MISSING, "envelope.fixmedins_code")}      # that one came without


def test_other_spellings_of_a_key_are_read():
    outer = {key: value for key, value in OUTER.items() if key not in ("dev_no", "dev_safe_info", "mdtrtarea_admvs", "insuplc_admdvs")}
    spelt = {"devNo": "D", "dev_safeInfo": "safe", "mdtrtarea_admdvs": "1", "insuplc_admvs": "2", "encType": "SM4"}
    envelope = decoded(json.dumps({**outer, **spelt}).encode())
    assert (envelope.dev_no, envelope.dev_safe_info, envelope.mdtrtarea_admvs, envelope.insuplc_admdvs) == ("D", "safe", "1", "2")
    assert envelope.enc_type == "SM4"


@pytest.mark.parametrize(("given", "read"), [(None, ""), ("null", ""), ("NULL", ""), (" 1 ", "1"), (1, "1"), ("", "")])
def test_empty_words_and_numbers_become_text(given, read):
    assert decoded(body(opter_type=given)).opter_type == read


def test_unknown_keys_are_ignored_whatever_they_hold():
    assert decoded(body(TOKEN="", pay_loc={"a": {"b": [1]}}, oinfno="2207")).oinfno == "2207"


@pytest.mark.parametrize(
    ("given", "read"),
    [("", {}), (None, {}), ("null", {}), ({}, {}), ('{"data": {"a": "x:{"}}', {"data": {"a": "x:{"}}), ({"data": None}, {"data": None})],
)
def test_an_input_comes_as_object_text_or_nothing(given, read):
    assert decoded(json.dumps({**OUTER, "input": given}).encode()).input == read


def test_a_message_without_input_has_an_empty_one():
    assert decoded(json.dumps(OUTER).encode()).input == {}


def test_numbers_never_become_floats():
    raw = body().replace(b'"input": {}', b'"input": {"a": 0.1, "b": 1.50, "c": 3, "d": 1.0E7, "e": -2.5e-3, "f": 12345678901234567890.12}')
    assert decoded(raw).input == {
        "a": Decimal("0.1"), "b": Decimal("1.50"), "c": 3, "d": Decimal("1.0E7"), "e": Decimal("-0.0025"),
        "f": Decimal("12345678901234567890.12"),
    }
    assert str(decoded(raw).input["b"]) == "1.50"


@pytest.mark.parametrize(
    "number", ["1e400", "1.0e-99", "1e99999999999999999999", "9" * 5000, "0." + "1" * 60 + "e1", "NaN", "Infinity", "01", "+1"],
)
def test_figures_that_can_be_none_of_ours_are_refused(number):
    refused(body().replace(b'"input": {}', b'"input": {"a": %s}' % number.encode()), NOT_JSON)


@pytest.mark.parametrize(
    "raw",
    [b"", b"x", b"[]", b"1", b'"a"', b"null", b"{", b'{"a"}', b"{} {}", b"<xml/>", b'{"a":"\x01"}', b'{"a":"\\ud800"}', b"}{", b"\x00"],
)
def test_what_is_no_json_object_is_refused(raw):
    refused(raw, NOT_JSON)


def test_a_nul_character_is_refused_and_its_escape_as_text_is_not():
    refused(body({"a": "x\x00y"}), NOT_JSON)
    assert decoded(body({"a": "\\u0000"})).input == {"a": "\\u0000"}


def test_a_byte_order_mark_is_taken_off():
    assert decoded(b"\xef\xbb\xbf" + body()).infno == "2207"


def test_gbk_is_refused_by_name_and_read_where_a_channel_says_so():
    raw = json.dumps({**OUTER, "input": {"a": "测试"}}, ensure_ascii=False).encode("gbk")
    refusal = refused(raw, WRONG_ENCODING)
    assert "UTF-8" in refusal.zh
    envelope = decoded(raw, Limits(gb18030=True))
    assert (envelope.opter_name, envelope.input) == ("收费员", {"a": "测试"})


@pytest.mark.parametrize("raw", [body().decode().encode("utf-16"), b'{"a":"\xff\xff\xff"}'])
def test_neither_utf8_nor_gb18030_is_refused(raw):
    refused(raw, WRONG_ENCODING, gb18030=True)


@pytest.mark.parametrize(
    "raw",
    [
        body().replace(b'"input": {}', b'"input": {"data": {"a": 1, "b": 2, "a": 3}}'),
        body().replace(b'"input": {}', b'"input": {"data": [{"a": 1}, {"a": 1, "a": 3}]}'),
        body().replace(b'"input": {}', b'"input": {}, "input": {}'),
        body().replace(b'"input": {}', b'"input": {}, "extra": {"a": 1, "a": 2}'),
        body('{"a": 1, "a": 2}'),
        body().replace(b'"infno"', b'"msgid": "other", "infno"'),
    ],
)
def test_a_key_that_stands_twice_is_refused_and_named(raw):
    refusal = refused(raw, DUPLICATE_KEY)
    assert refusal.zh[-1] in "at" or refusal.zh.endswith(("input", "msgid"))


def test_size_is_looked_at_before_anything_else():
    raw = body({"a": "x" * 500})
    refusal = refused(raw, TOO_LARGE, max_bytes=len(raw) - 1)
    assert str(len(raw)) in refusal.zh
    assert decoded(raw, Limits(max_bytes=len(raw)))


def test_the_number_of_parts_is_looked_at_before_they_are_built():
    assert decoded(body({"a": [[]] * 50}), Limits(max_parts=60))
    refused(body({"a": [[]] * 60}), TOO_LARGE, max_parts=60)
    refused(body('{"a":[' + "[]," * 20_000 + "[]]}"), TOO_LARGE)
    refused(b'{"a":[' + b"[]," * 300_000 + b"[]]}", TOO_LARGE)


def test_a_channels_own_limits_hold_once_it_is_known():
    small, flat = channel(max_bytes="1024"), channel(max_depth="4")
    read = decoded(body({"a": "x" * 1024}))
    with pytest.raises(DoorRefusal) as caught:
        unsealed(read, small)
    assert caught.value.code == TOO_LARGE
    with pytest.raises(DoorRefusal) as caught:
        unsealed(decoded(body(nested(4))), flat)
    assert caught.value.code == TOO_DEEP
    assert unsealed(decoded(body(nested(3))), flat).input
    assert widest([small, flat]) == Limits(1_048_576, 16)
    assert widest([small, channel(encoding="gb18030", enabled="0")]) == Limits(1024, 16)
    assert widest([]) == Limits()


def nested(levels: int) -> object:
    """An input so many objects deep."""
    value: object = {}
    for _ in range(levels - 1):
        value = {"a": value}
    return value


def test_depth_counts_the_envelope_as_one():
    assert decoded(body(nested(7)), Limits(max_depth=8))
    refused(body(nested(8)), TOO_DEEP, max_depth=8)
    refused(body(json.dumps(nested(9))), TOO_DEEP, max_depth=8)


@pytest.mark.parametrize(
    "bomb",
    [b"[" * 19_999, b'{"a":' * 19_999, b"[" * 900 + b"]" * 900, b'{"input":' + b"[" * 9999 + b"]" * 9999 + b"}",
     b"[{" * 9 + b"}]" * 9],
    ids=["open", "keys", "closed", "in the input", "two kinds"],
)
def test_bombs_are_refused_before_they_are_built(bomb):
    with pytest.raises(DoorRefusal) as caught:
        decoded(bomb)
    assert caught.value.code == TOO_DEEP


@pytest.mark.parametrize("bomb", [b"[" * 1_000_000, b'{"a":' * 200_000, b"{]" * 500_000, b'"' * 1_000_000, b"\\" * 1_000_000])
def test_bombs_of_any_shape_are_refused(bomb):
    with pytest.raises(DoorRefusal):
        decoded(bomb)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(alphabet='ab{}[]":\\,\n中', max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet='ab{}[]":\\', max_size=4), inner, max_size=3),
    max_leaves=20,
)


def depth(value: object) -> int:
    """Levels of nesting, counted plainly."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)


def keys(value: object) -> int:
    """Keys of all objects, counted plainly."""
    if isinstance(value, dict):
        return len(value) + sum(map(keys, value.values()))
    return sum(map(keys, value)) if isinstance(value, list) else 0


@given(JSON, st.booleans())
def test_the_skeleton_tells_depth_and_keys_of_any_json(value, spaced):
    bones = skeleton(json.dumps(value, ensure_ascii=False, indent=1 if spaced else None).encode())
    assert bones.count(b":") == keys(value)
    for levels in range(1, 9):
        assert is_deeper(bones, levels) == (depth(value) > levels)


@given(JSON)
def test_any_input_object_is_read_as_it_was_written(value):
    assert decoded(body({"data": value})).input == {"data": value}


@given(st.binary(max_size=60) | st.text(alphabet='{}[]":\\,01eu', max_size=40).map(str.encode))
def test_any_bytes_are_read_or_refused(raw):
    with pytest.raises(DoorRefusal):
        decoded(raw)            # none has the keys that must be there


@pytest.mark.parametrize("key", ["infno", "msgid", "fixmedins_code"])
@pytest.mark.parametrize("value", ["", None, "null", "  "])
def test_what_a_message_is_known_by_must_be_there(key, value):
    assert refused(body(**{key: value}), FIELD_MISSING).place == f"envelope.{key}"


@pytest.mark.parametrize(
    ("key", "value"),
    [("msgid", "1" * 41), ("msgid", "a b"), ("msgid", "a\nb"), ("infno", "1" * 11), ("opter", {"a": 1}), ("opter", [1]), ("opter", True),
     ("fixmedins_name", "院" * 201), ("infver", 1.5), ("input", [1]), ("input", 5), ("input", True)],
)
def test_a_wrong_value_is_refused_by_its_place(key, value):
    raw = json.dumps({**OUTER, "input": {}, key: value}).encode()
    assert refused(raw, FIELD_WRONG).place == f"envelope.{key}"


def test_business_needs_more_of_the_envelope():
    require(decoded(body()))
    for key in ("mdtrtarea_admvs", "opter", "opter_type", "inf_time"):
        with pytest.raises(DoorRefusal, match=key):
            require(decoded(body(**{key: ""})))
    require(decoded(body(sign_no="")))
    with pytest.raises(DoorRefusal, match="sign_no"):
        require(decoded(body(sign_no="")), sign_no=True)
    with pytest.raises(DoorRefusal, match="30"):
        require(decoded(body(msgid="1" * 31)))
    require(decoded(body(msgid="1" * 31)), max_msgid=40)


def test_a_repeat_with_new_stamps_is_the_same_content():
    first = decoded(body({"data": {"a": "1", "b": Decimal(0) == 1}}))
    stamps = {"inf_time": "2026-11-22 09:31:00", "sign_no": "S2", "cainfo": "x"}
    again = json.dumps({"input": {"data": {"b": False, "a": "1"}}, **OUTER, **stamps}, indent=2)
    assert content_digest(first) == content_digest(decoded(again.encode()))
    assert len(content_digest(first)) == 32


@pytest.mark.parametrize(
    "other",
    [body({"data": {"a": "2"}}), body({"data": {"a": "1", "b": None}}), body({"data": {"a": "1"}}, infno="2206"),
     body({"data": {"a": "1"}}, fixmedins_code="H99010000002"), body({"data": [{"a": "1"}]}), body({"a": "1"})],
)
def test_other_content_is_other_content(other):
    assert content_digest(decoded(body({"data": {"a": "1"}}))) != content_digest(decoded(other))


def channel(**settings: object):
    """A channel that decrypts."""
    return channel_of_settings({"code": "c", "institutions": "*", "input_encryption": "accepted", "sm4_key": KEY.hex(), **settings})


@pytest.mark.parametrize("mode", ["ecb", "cbc"])
def test_an_encrypted_input_is_opened_and_counts_as_the_same_content(mode):
    text = json.dumps({"data": {"psn_no": "示例"}}, ensure_ascii=False).encode()
    iv = bytes(16) if mode == "cbc" else None
    cipher = base64.b64encode((iv or b"") + sm4.encrypted(KEY, text, iv)).decode()
    closed = decoded(body(cipher))
    assert (closed.input, closed.sealed) == ({}, cipher)
    opened = unsealed(closed, channel(sm4_mode=mode))
    assert opened.input == {"data": {"psn_no": "示例"}}
    assert content_digest(opened) == content_digest(decoded(body({"data": {"psn_no": "示例"}})))
    assert signed_text(opened, channel()) == text
    assert signed_text(opened, channel(signed_text="sent")) == cipher.encode()


@pytest.mark.parametrize(
    "cipher",
    ["AAAA", "不是", base64.b64encode(sm4.encrypted(bytes(16), b"{}")).decode(), base64.b64encode(b"x" * 32).decode()],
)
def test_what_cannot_be_opened_is_refused(cipher):
    with pytest.raises(DoorRefusal) as caught:
        unsealed(decoded(body(cipher)), channel())
    assert (caught.value.code, caught.value.place) == (NOT_OPENED, "envelope.input")


def test_what_was_encrypted_is_held_to_the_same_rules():
    def closed(text: bytes):
        return decoded(body(base64.b64encode(sm4.encrypted(KEY, text)).decode()))

    wrong = {b"[]": FIELD_WRONG, b"{": NOT_JSON, b'{"a":1,"a":2}': DUPLICATE_KEY, b"[" * 999: TOO_DEEP, b'"\xff"': WRONG_ENCODING}
    for text, code in wrong.items():
        with pytest.raises(DoorRefusal) as caught:
            unsealed(closed(text), channel())
        assert caught.value.code == code


def test_plain_and_encrypted_only_where_the_channel_takes_them():
    plain, closed = decoded(body({"a": 1})), decoded(body("AAAA"))
    assert unsealed(plain, channel()) is plain
    with pytest.raises(DoorRefusal, match="明文"):
        unsealed(plain, channel(input_encryption="required"))
    assert unsealed(decoded(body()), channel(input_encryption="required")).input == {}
    with pytest.raises(DoorRefusal, match="未启用加密"):
        unsealed(closed, channel_of_settings({"code": "c", "institutions": "*"}))


def test_the_signed_text_is_the_input_as_it_stood():
    raw = body().replace(b'"input": {}', b'"input":  {"b" :1.50,\n "a":"\xe4\xb8\xad"} ')
    assert signed_text(decoded(raw), channel()) == b'{"b" :1.50,\n "a":"\xe4\xb8\xad"}'
