"""The hospital's client: envelopes, ids, signatures against published values, addresses, seals, books, files."""

import asyncio
import base64
import json
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from openyibao.outside.hospital import signing
from openyibao.outside.hospital.addresses import SHAPES, Address, address_of
from openyibao.outside.hospital.books import Entry, Sums, fen, sums, yuan
from openyibao.outside.hospital.cast import CastProblem, load_cast, shipped
from openyibao.outside.hospital.client import Hospital, NoAnswer, TurnedDown
from openyibao.outside.hospital.envelope import BEIJING, Exchange, Institution, encoded, envelope, many, message_id, one, read
from openyibao.outside.hospital.journeys import offices, outpatient
from openyibao.outside.hospital.journeys.people import known
from openyibao.outside.hospital.pipe import Broken, connect, packed
from openyibao.outside.hospital.rawsend import unchunked
from openyibao.outside.hospital.seals import BrokenSeal, covered, uncovered
from openyibao.outside.hospital.signing import Key, key_of
from openyibao.outside.seals import sm2, sm4
from outside.hospital_door import standing

AT = datetime(2026, 3, 18, 9, 50, 39, tzinfo=BEIJING)
CAST = load_cast(shipped(), "jishou")
PLACE = Institution("H43310199001", "示例医院", "433101")


def exchange(content: bytes, kind: str = "application/json", infno: str = "2207", status: int = 200) -> Exchange:
    """A reply to an empty request."""
    return Exchange(infno, "", {}, {}, b"", status, kind, content, read(content), 0.0)


def test_a_message_id_is_institution_time_and_serial():
    assert message_id("H43310199001", AT, 10_007) == "H43310199001202603180950390007"
    assert len(message_id("H43310199001", AT, 0)) == 30


def test_amounts_stay_decimal_both_ways():
    text = encoded(envelope(PLACE, "2207", {"data": {"medfee_sumamt": Decimal("4.50"), "pric": Decimal("0.000001")}}, msgid="m", at=AT))
    assert b'"medfee_sumamt":4.50' in text and b'"inf_time":"2026-03-18 09:50:39"' in text
    assert json.loads(text, parse_float=Decimal)["input"]["data"]["pric"] == Decimal("0.000001")
    assert read(b'{"output": {"a": 4.52}}') == {"output": {"a": Decimal("4.52")}}


@pytest.mark.parametrize(("content", "ok"), [
    (b'{"infcode": 0, "err_msg": null}', True), (b'{"infcode": "0", "err_msg": "\xe6\x88\x90\xe5\x8a\x9f"}', True),
    (b'{"infcode": "0", "err_msg": "FSI-x"}', False), (b'{"infcode": -1}', False), (b'{"code": 401, "message": "x"}', False),
    (b"[]", False), (b"\xff", False),
])  # fmt: skip
def test_success_is_infcode_0_and_no_error_text(content, ok):
    assert exchange(content).ok is ok


def test_a_file_is_a_success_by_its_type():
    assert exchange(b"PK", "application/octet-stream").ok and not exchange(b"PK", "text/plain").ok


def test_nodes_are_read_as_object_or_list_whichever_came():
    assert one({"data": [{"a": 1}]}, "data") == {"a": 1} and many({"data": {"a": 1}}, "data") == [{"a": 1}]
    assert one({}, "data") == {} and many({"data": None}, "data") == []


def test_csb_signs_the_four_values_in_order():
    head = signing.headers(Key("csb", "AK", "SK"), "1101", AT, "")
    assert head["_api_timestamp"] == "1773798639000" and head["_api_name"] == "1101"
    assert head["_api_signature"] == "KWNEZizK4hN5NGUXK3nmgBXz6YA="        # by `openssl dgst -sha1 -hmac SK`
    assert signing.headers(Key("csb", "AK", "SK", "api_", True), "1101", AT, "")["_api_name"] == "api_1101"
    assert signing.headers(Key("csb", "AK", "SK", seconds=True), "1101", AT, "")["_api_timestamp"] == "1773798639"


def test_tif_digests_time_secret_nonce_time():
    head = signing.headers(Key("tif", "paas", "secret"), "1101", AT, "n" * 32)
    assert head["x-tif-timestamp"] == "1773798639"
    assert head["x-tif-signature"] == "dd2356a180168f3028481e9db9b359b0e57806f443326af3fac6aeb72fa81cf0"     # by `sha256sum`


def test_keys_are_written_on_a_command_line():
    assert key_of("csb:AK:SK") == Key("csb", "AK", "SK") and key_of("none") == Key()
    assert key_of("bearer:c:s:u:p") == Key("bearer", "c", "s", user="u", password="p")
    for text in ("rsa:1:2", "csb:1"):
        with pytest.raises(ValueError, match="--key"):
            key_of(text)


def test_secrets_are_not_in_a_key_s_repr():
    assert "SECRET" not in repr(Key("csb", "AK", "SECRET", password="SECRET", sm4_key="SECRET", sm2_private="SECRET"))


def test_each_shape_has_its_url():
    urls = {shape: Address("http://h:1", shape, "nanning").url("2207") for shape in SHAPES}
    assert urls == {
        "single": "http://h:1/fsi/api/rsfComIfsService/callService", "prefix": "http://h:1/hsa/hgs/2207",
        "rest": "http://h:1/fsi/api/outpatientSettleService/saveSettletmentV2", "csb": "http://h:1/CSB",
        "city": "http://h:1/mbs-hiIntf-nanning/web/api/fsi/callService", "relay": "http://h:1/uif-hsaf-med-api/api/medical/service",
    }  # fmt: skip


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_an_address_is_known_again_from_its_url(shape):
    meant = Address("http://h:1", shape, "nanning")
    found = address_of(meant.url("2207"), "nanning")
    assert found == (meant if shape != "rest" else replace(meant, shape="single"))
    assert address_of("h:1") == Address("http://h:1")


def test_seals_open_what_they_covered_and_notice_a_change():
    ours, theirs = sm2.new_private_key(), sm2.new_private_key()
    key = Key("bearer", "client", "s", sm4_key="2e7b76576aa0afe161d74c307f0f401f", sm2_private=ours.hex(),
              sm2_bureau=theirs.public.point.hex())
    sealed = covered(key, {"infno": "1101", "input": {"data": {"a": Decimal("1.50")}}})
    text = sm4.decrypted(sm4.key_of(key.sm4_key), base64.b64decode(sealed["input"]))
    assert text == b'{"data":{"a":1.50}}'
    assert ours.public.verifies(text, base64.b64decode(sealed["cainfo"]), b"client")
    answer = b'{"a": 1.50}'
    reply = {"output": base64.b64encode(sm4.encrypted(sm4.key_of(key.sm4_key), answer)).decode(),
             "cainfo": base64.b64encode(theirs.signed(answer, b"client")).decode()}  # fmt: skip
    assert uncovered(key, reply)["output"] == {"a": Decimal("1.50")}
    with pytest.raises(BrokenSeal):
        uncovered(key, {**reply, "cainfo": base64.b64encode(theirs.signed(b"{}", b"client")).decode()})
    with pytest.raises(BrokenSeal):
        uncovered(key, {**reply, "output": base64.b64encode(b"x" * 16).decode()})


def test_fen_and_yuan():
    assert [fen(value) for value in (4.52, "4.52", Decimal("-0.01"), None, "", 3)] == [452, 452, -1, 0, 0, 300]
    assert f"{yuan(5)}" == "0.05"
    with pytest.raises(ValueError, match="不是金额"):
        fen("NaN")


def test_sums_take_a_refund_away_again():
    settled = Entry("1", "1", "p", "310", "11", "2026-01-01", 1000, 500, 300, 200, False, "m")
    undone = replace(settled, setl_id="2", total=-1000, funds=-500, account=-300, cash=-200, refund=True)
    assert sums([settled]) == Sums(1, 1000, 500, 300, 200) and sums([settled, undone]) == Sums(2, 0, 0, 0, 0)


def test_chunks_are_put_together():
    assert unchunked(b"4\r\nabcd\r\n3;x=1\r\nefg\r\n0\r\n\r\n") == b"abcdefg"


def test_a_file_of_rows_comes_back():
    assert offices.lines_of(offices.zipped("a.txt", [["1", None, "甲"], ["2", "", "乙"]])) == [["1", "null", "甲"], ["2", "null", "乙"]]


def test_an_unknown_city_or_role_is_named(tmp_path):
    with pytest.raises(CastProblem, match="atlantis"):
        load_cast(shipped(), "atlantis")
    bad = tmp_path / "cast.yaml"
    bad.write_text("cities: {x: {area: '1', people: {employee: {certno: '1'}}}}", encoding="utf-8")
    with pytest.raises(CastProblem, match="name"):
        load_cast(bad, "x")


@pytest.mark.parametrize("city", ["jishou", "ankang", "jingzhou", "wuhan", "yuxi"])
def test_each_city_has_a_cast(city):
    cast = load_cast(shipped(), city)
    assert {"hospital", "second", "pharmacy", "primary"} <= set(cast.clinics) and {"employee", "dead", "offsite"} <= set(cast.people)
    assert cast.items["expired"].replaced_by and cast.clinics["hospital"].suspended_doctor


def test_a_walk_keeps_the_books():
    with standing(CAST) as url, Hospital(Address(url), PLACE) as hospital:
        patient = known(hospital, CAST.people["employee"])
        visit = outpatient.opened(hospital, CAST.clinics["hospital"], patient, [CAST.items["drug"]], [CAST.diagnoses["ordinary"]])
        settlement = outpatient.settled(hospital, visit)
        outpatient.settled(hospital, visit, msgid=settlement.msgid)
        outpatient.undone(hospital, visit, settlement)
    forward, backward = hospital.books
    assert forward.total == fen(CAST.items["drug"].price) and backward.total == -forward.total
    assert (backward.refund, backward.insutype, backward.clr_type) == (True, "310", "11")


def test_a_refusal_and_a_silence_are_told_apart():
    with standing(CAST) as url, Hospital(Address(url), PLACE) as hospital:
        with pytest.raises(TurnedDown, match="P0001"):
            hospital.must("P0001", {})
        assert not hospital.call("P0001", {}).ok
    with Hospital(Address(url), PLACE) as hospital, pytest.raises(NoAnswer):
        hospital.call("1201", {})


def test_the_lean_connection_sends_many_on_one_and_says_when_it_is_closed():
    async def several(url: str) -> list[bytes]:
        """Three answers on one connection, then one too many."""
        line = await connect(url)
        request = packed(f"{url}/CSB", encoded(envelope(PLACE, "1201", {"medinsinfo": {}}, msgid="m1", at=AT)))
        answers = [await line.post(request) for _ in range(3)]
        line.close()
        with pytest.raises(Broken):
            await line.post(request)
        return answers

    with standing(CAST) as url:
        answers = asyncio.run(several(url))
    assert [read(answer)["infcode"] for answer in answers] == [0, 0, 0]
