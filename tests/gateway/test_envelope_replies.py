"""Replies: keys, types and stamps that hospital programs read, and the differences between channels."""

import base64
import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openyibao.bureau.refused import Refused
from openyibao.gateway import refusals
from openyibao.gateway.channels import channel_of_settings
from openyibao.gateway.refusals import KINDS, LONGEST, DoorRefusal, said
from openyibao.gateway.replies import Stamp, failure, refmsgid, refused, reply, stamp_text
from openyibao.outside.seals import sm2, sm4

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "reference" / "fsi" / "samples.jsonl"
AT = datetime(2026, 11, 22, 1, 30, 5, 42_900, tzinfo=UTC)
STAMP = Stamp("990100", AT, AT + timedelta(milliseconds=7), 12)
RAW = msgspec.Raw
SM4_KEY = bytes(range(16))
OURS = sm2.new_private_key()


def channel(**settings: object):
    """A channel with some settings changed."""
    return channel_of_settings({"code": "c", "institutions": "*", **settings})


def test_a_success_has_every_key_in_its_type():
    raw = reply(channel(), {"setlinfo": {"medfee_sumamt": RAW(b"12.50"), "psn_no": "1", "acct_pay": RAW(b"-0.10")}}, STAMP)
    assert b'"medfee_sumamt":12.50,' in raw
    assert json.loads(raw) == {
        "infcode": 0, "inf_refmsgid": "990100202611220930050000000012", "refmsg_time": "20261122093005042",
        "respond_time": "20261122093005049", "enctype": "", "signtype": "", "cainfo": "", "err_msg": None, "warn_msg": None,
        "output": {"setlinfo": {"medfee_sumamt": 12.5, "psn_no": "1", "acct_pay": -0.1}},
    }


def test_replies_carry_the_keys_of_recorded_ones():
    if not SAMPLES.exists():
        pytest.skip("needs the recorded messages in the shared reference beside the checkout")
    ours = set(json.loads(reply(channel(), {}, STAMP)))
    others = {"idetinfo", "message", "appname", "mid"}      # single places: a slip of level, and a relay's own
    for line in SAMPLES.read_text(encoding="utf-8").splitlines():
        sample = json.loads(line)
        if sample["kind"] == "reply" and "infcode" in sample["body"]:
            assert set(sample["body"]) - others <= ours, sample["id"]


def test_stamps_are_of_beijing_and_the_serial_has_ten_digits():
    assert stamp_text(datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=8)))) == "20261231235959999"
    assert refmsgid(STAMP._replace(serial=10**10 + 3, division="99")) == "000099" + "20261122093005" + "0000000003"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, {"infcode": 0, "err_msg": None}),
        ({"infcode": "string"}, {"infcode": "0"}),
        ({"success_err_msg": "成功"}, {"err_msg": "成功"}),
        ({"success_err_msg": "empty"}, {"err_msg": ""}),
        ({"success_err_msg": "null"}, {"err_msg": None}),
        ({"empty_output": "object"}, {"output": {}}),
        ({"empty_output": "data"}, {"output": {"data": {}}}),
        ({"empty_output": "null"}, {"output": None}),
        ({"division": "123456"}, {"inf_refmsgid": "123456202611220930050000000012"}),
    ],
)
def test_a_channel_has_its_habits(settings, expected):
    for nothing in (None, {}, [], RAW(b"{}"), RAW(b"null")):
        told = json.loads(reply(channel(**settings), nothing, STAMP))
        assert {key: told[key] for key in expected} == expected


def test_a_warning_travels_beside_the_answer():
    assert json.loads(reply(channel(), {"a": 1}, STAMP, warn_msg="请核对"))["warn_msg"] == "请核对"


@pytest.mark.parametrize(
    "output", [{"setlinfo": {"psn_part_amt": RAW(b"1.10"), "b": "x"}}, RAW(b'{"setlinfo":{"psn_part_amt":1.10,"b":"x"}}')],
)
def test_keys_are_spelt_as_the_channels_programs_read_them(output):
    raw = reply(channel(spelling="guangzhou"), output, STAMP)
    assert b'"output":{"setlinfo":{"psn_part_am":1.10,"b":"x"}}' in raw
    assert b'"psn_part_amt":1.10' in reply(channel(), output, STAMP)


def test_a_stored_answer_is_sent_as_it_was_under_new_stamps():
    stored = b'{"setlinfo":{"setl_id":"9","medfee_sumamt":3300.00}}'
    assert b'"output":' + stored in reply(channel(), RAW(stored), STAMP)


@pytest.mark.parametrize("signed_text", ["plain", "sent"])
@pytest.mark.parametrize("mode", ["ecb", "cbc"])
def test_an_encrypted_and_signed_answer_can_be_opened(mode, signed_text):
    place = channel(
        output_encryption="same", sm4_key=SM4_KEY.hex(), sm4_mode=mode, sign_output=True, private_key=OURS.hex(), sm2_user_id="u",
        signed_text=signed_text,
    )
    told = json.loads(reply(place, {"data": {"a": RAW(b"1.00")}}, STAMP, encrypted=True))
    cipher = base64.b64decode(told["output"])
    iv, cipher = (cipher[:16], cipher[16:]) if mode == "cbc" else (None, cipher)
    text = sm4.decrypted(SM4_KEY, cipher, iv)
    assert text == b'{"data":{"a":1.00}}'
    assert (told["enctype"], told["signtype"]) == ("SM4", "SM2")
    signed = text if signed_text == "plain" else told["output"].encode()
    assert OURS.public.verifies(signed, base64.b64decode(told["cainfo"]), b"u")


def test_a_plain_request_is_answered_plainly_and_signed():
    place = channel(output_encryption="same", sm4_key=SM4_KEY.hex(), sign_output=True, private_key=OURS.hex())
    raw = reply(place, {"a": "1"}, STAMP)
    told = json.loads(raw)
    assert told["output"] == {"a": "1"} and told["enctype"] == ""
    assert OURS.public.verifies(b'{"a":"1"}', base64.b64decode(told["cainfo"]), b"")
    always = channel(output_encryption="always", sm4_key=SM4_KEY.hex())
    assert json.loads(reply(always, {"a": "1"}, STAMP))["enctype"] == "SM4"


def test_a_failure_says_code_sentence_and_trace():
    told = json.loads(failure(channel(infcode="string"), DoorRefusal(refusals.NOT_SIGNED_IN), STAMP, "t-1"))
    assert told["infcode"] == "-1" and told["output"] is None
    assert told["err_msg"] == "DOOR-24 尚未签到或签到流水号已失效。请先做签到交易 9001，再重发。(t-1)"
    assert json.loads(failure(None, DoorRefusal(refusals.NOT_JSON), STAMP, "t-1"))["infcode"] == -1


@pytest.mark.parametrize("language", ["zh", "en"])
@given(data=st.data())
def test_err_msg_never_exceeds_its_length_and_keeps_code_and_trace(data, language):
    code = data.draw(st.sampled_from(sorted(KINDS)))
    what, place = data.draw(st.text(max_size=300)), data.draw(st.text(max_size=250))
    text = said(DoorRefusal(code, what, place=place), "trace-0123456789", language)
    assert len(text) <= LONGEST
    assert text.startswith(code + " ") and text.endswith("(trace-0123456789)")


def test_room_is_used_to_the_last_character_and_the_parts_go_in_order():
    parts = {"next_zh": "下一步", "next_en": "", "clause": "条"}
    spare = LONGEST - len(said(Refused("CODE-02", "", "", **parts), "t"))
    endings = {0: "〔条〕(t)", 1: "下一步。(t)", 3: "下一步。(t)", 4: "字。(t)", 9: "…(t)"}
    for more, ending in endings.items():
        text = said(Refused("CODE-02", "字" * (spare + more), "", **parts), "t")
        assert len(text) <= LONGEST and text.endswith(ending)


def test_a_desks_refusal_is_told_in_the_same_words():
    parts = {"since": date(2023, 1, 1), "next_zh": "请改用替代编码。", "next_en": "Use the new code."}
    refusal = Refused("CODE-02", "目录编码已停用。", "The code is retired.", place="feedetail[0]", clause="第九条", **parts)
    assert said(refusal, "t") == "CODE-02 目录编码已停用（自 2023-01-01 起）。请改用替代编码。〔第九条〕[feedetail[0]](t)"
    assert said(refusal, "t", "en") == "CODE-02 The code is retired (since 2023-01-01). Use the new code. 〔第九条〕[feedetail[0]](t)"
    status, body = refused(channel(), refusal, STAMP, "t")
    assert status == 200 and json.loads(body)["err_msg"].startswith("CODE-02 ")


def test_problems_are_counted_and_listed():
    refusal = DoorRefusal(refusals.INPUT_INVALID, problems=["data.psn_no 人员编号 必填", "data.medfee_sumamt 应为数值"])
    assert refusal.problems == ["data.psn_no 人员编号 必填", "data.medfee_sumamt 应为数值"]
    assert "（2 处）：data.psn_no 人员编号 必填；data.medfee_sumamt" in said(refusal, "t")
    many = said(DoorRefusal(refusals.INPUT_INVALID, problems=[f"data[{n}].a 必填" for n in range(99)]), "t")
    assert len(many) <= LONGEST and "（99 处）" in many and "…" in many


def test_who_is_turned_away_by_the_gateway_is_told_in_its_form():
    for scheme in ("csb", "bearer", ""):
        status, body = refused(None, DoorRefusal(refusals.WRONG_SIGNATURE, scheme=scheme), STAMP, "t")
        told = json.loads(body)
        assert status == told["code"] == 401 and told["message"].startswith("DOOR-13 ")
        assert ("error" in told) == (scheme == "bearer")
    for code, scheme in ((refusals.WRONG_SIGNATURE, "tif"), (refusals.NOT_YOURS, "csb"), (refusals.INTERNAL, "")):
        status, body = refused(channel(), DoorRefusal(code, scheme=scheme), STAMP, "t")
        assert status == 200 and json.loads(body)["infcode"] == -1


def test_codes_are_one_kind_each_and_have_both_languages():
    named = {value for name, value in vars(refusals).items() if name.isupper() and isinstance(value, str) and value.startswith("DOOR-")}
    assert named == set(KINDS)
    for kind in KINDS.values():
        assert re.fullmatch(r"DOOR-\d\d", kind.code)
        assert kind.zh.count("{what}") == kind.en.count("{what}") == 1
        assert re.search(r"[一-鿿]", kind.zh + kind.next_zh) and not re.search(r"[一-鿿]", kind.en + kind.next_en)
