"""Signature schemes: the right client passes, everyone else is named; tokens; one signature for one body."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openyibao.gateway import refusals
from openyibao.gateway.channels import Channels, channel_of_settings
from openyibao.gateway.envelope import decoded
from openyibao.gateway.refusals import DoorRefusal
from openyibao.gateway.schemes import Seen, authenticate, headers_of, issued_token, opened, signed_headers, token_answer, verified_token
from openyibao.outside.seals import sm2, sm4

NOW = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
CLIENT, OURS = sm2.new_private_key(), sm2.new_private_key()
SM4_KEY = bytes(range(16))
NONCE = "0123456789abcdef0123456789abcdef"
SETTINGS = {
    "open": {"institutions": "H9"},
    "csb": {"institutions": "H1", "scheme": "csb", "key_id": "ak", "secret": "sk"},
    "tif": {"institutions": "H1", "scheme": "tif", "key_id": "paas", "secret": "sk"},
    "apikey": {"institutions": "H1", "scheme": "apikey", "secret": "the key"},
    "bearer": {"institutions": "H1", "scheme": "bearer", "key_id": "client", "secret": "sk", "username": "u", "password": "p"},
}
SIGNED = [code for code in SETTINGS if code != "open"]


def channels(**changes: object) -> Channels:
    """All schemes' channels, with some settings changed in each signed one."""
    return Channels(
        channel_of_settings({"code": code, **settings, **({} if code == "open" else changes)}) for code, settings in SETTINGS.items()
    )


def message(institution: str = "H1", infno: str = "2207", given: object = None, **keys: object):
    """A request's body and envelope."""
    body = json.dumps({"infno": infno, "msgid": "1", "fixmedins_code": institution, "input": given or {}, **keys}).encode()
    return body, decoded(body)


def headers_for(code: str, known: Channels, now: datetime = NOW, nonce: str = NONCE) -> dict[str, str]:
    """The headers of a client of this channel."""
    return signed_headers(known.by_code(code), "2207", now, nonce)


def refusal_of(known: Channels, headers: dict[str, str], institution: str = "H1", seen: Seen | None = None) -> DoorRefusal:
    """Why this request is turned away."""
    body, envelope = message(institution)
    with pytest.raises(DoorRefusal) as caught:
        authenticate(known, headers, body, envelope, NOW, seen)
    return caught.value


@pytest.mark.parametrize("code", SIGNED)
def test_the_right_client_passes(code):
    known = channels()
    body, envelope = message()
    assert authenticate(known, headers_for(code, known), body, envelope, NOW, Seen()).code == code
    assert authenticate(known, headers_for(code, known), body, None, NOW).code == code


def test_csb_is_signed_as_published():
    text = "_api_access_key=ak&_api_name=2207&_api_timestamp=1795311000000&_api_version=1.0.0"
    signature = base64.b64encode(hmac.new(b"sk", text.encode(), hashlib.sha1).digest()).decode()
    headers = {
        "_api_access_key": "ak", "_api_name": "2207", "_api_timestamp": "1795311000000", "_api_version": "1.0.0",
        "_api_signature": signature,
    }
    assert signed_headers(channels().by_code("csb"), "2207", NOW, "") == headers


def test_tif_is_signed_as_published():
    signature = hashlib.sha256(f"1795311000sk{NONCE}1795311000".encode()).hexdigest()
    assert headers_for("tif", channels()) == {
        "x-tif-paasid": "paas", "x-tif-timestamp": "1795311000", "x-tif-nonce": NONCE, "x-tif-signature": signature,
    }


def test_without_headers_an_open_channel_answers_or_none_does():
    body, envelope = message()
    open_alone = Channels([channel_of_settings({"code": "open", "institutions": "*"})])
    assert authenticate(open_alone, {}, body, envelope, NOW).code == "open"
    refusal = refusal_of(Channels([channel_of_settings({"code": "csb", **SETTINGS["csb"]})]), {})
    assert (refusal.code, refusals.outside_the_envelope(refusal)) == (refusals.HEADERS_MISSING, True)


@pytest.mark.parametrize("code", ["csb", "tif"])
def test_each_header_is_needed(code):
    known = channels()
    headers = headers_for(code, known)
    for name in headers:
        refusal = refusal_of(known, {other: value for other, value in headers.items() if other != name})
        assert refusal.code == refusals.HEADERS_MISSING and name in refusal.zh


@pytest.mark.parametrize("code", SIGNED)
def test_every_header_is_covered(code):
    known = channels()
    headers = headers_for(code, known)
    for name, value in headers.items():
        for changed in (value[:-1] + ("1" if value[-1] != "1" else "2"), value + "0", "中"):
            found = refusal_of(known, {**headers, name: changed})
            assert found.code in (
                refusals.UNKNOWN_CHANNEL, refusals.WRONG_SIGNATURE, refusals.CLOCK_SKEW, refusals.TOKEN_REFUSED, refusals.HEADERS_MISSING,
            ), (name, changed)


@pytest.mark.parametrize(
    ("code", "expected"),
    [("csb", refusals.WRONG_SIGNATURE), ("tif", refusals.WRONG_SIGNATURE), ("apikey", refusals.UNKNOWN_CHANNEL),
     ("bearer", refusals.TOKEN_REFUSED)],
)
def test_another_secret_is_refused(code, expected):
    refusal = refusal_of(channels(), headers_for(code, channels(secret="other")))
    assert refusal.code == expected


@pytest.mark.parametrize("code", SIGNED)
def test_an_unknown_key_is_refused(code):
    known = Channels([channel_of_settings({"code": "open", **SETTINGS["open"]})])
    assert refusal_of(known, headers_for(code, channels())).code in (refusals.UNKNOWN_CHANNEL, refusals.TOKEN_REFUSED)


@pytest.mark.parametrize("code", SIGNED)
def test_a_closed_channel_is_refused(code):
    known = channels(enabled="0")
    assert refusal_of(known, headers_for(code, known)).code == refusals.CHANNEL_DISABLED


@pytest.mark.parametrize("code", SIGNED)
def test_nobody_speaks_for_another_institution(code):
    known = channels()
    refusal = refusal_of(known, headers_for(code, known), institution="H2")
    assert (refusal.code, refusal.place) == (refusals.NOT_YOURS, "envelope.fixmedins_code")
    assert not refusals.outside_the_envelope(refusal)


@pytest.mark.parametrize("code", ["csb", "tif"])
@pytest.mark.parametrize("seconds", [-1800, -1799, 0, 1799, 1800])
def test_a_clock_may_be_off_by_half_an_hour(code, seconds):
    known = channels()
    body, envelope = message()
    assert authenticate(known, headers_for(code, known, NOW + timedelta(seconds=seconds)), body, envelope, NOW)


@pytest.mark.parametrize("code", ["csb", "tif"])
@pytest.mark.parametrize("seconds", [-1801, 1801, -86400 * 400])
def test_a_clock_farther_off_is_refused_with_the_difference(code, seconds):
    known = channels()
    refusal = refusal_of(known, headers_for(code, known, NOW + timedelta(seconds=seconds)))
    assert refusal.code == refusals.CLOCK_SKEW and f"{seconds:+d} 秒" in refusal.zh


def test_csb_takes_seconds_and_milliseconds_by_length():
    known = channels()
    secret = known.by_code("csb").secret.encode()
    for stamp, good in (("1795311000", True), ("1795311000000", True), ("17953110000", False), ("179531100O", False), ("", False)):
        text = f"_api_access_key=ak&_api_name=n&_api_timestamp={stamp}&_api_version=1"
        headers = {
            "_api_access_key": "ak", "_api_name": "n", "_api_timestamp": stamp, "_api_version": "1",
            "_api_signature": base64.b64encode(hmac.digest(secret, text.encode(), "sha1")).decode(),
        }
        if good:
            assert authenticate(known, headers, *message(), NOW).code == "csb"
        else:
            assert refusal_of(known, headers).code in (refusals.CLOCK_SKEW, refusals.HEADERS_MISSING)


@pytest.mark.parametrize(
    ("pattern", "sent", "good"),
    [("{infno}", "2207", True), ("api_{infno}", "api_2207", True), ("route", "route", True), ("", "anything", True),
     ("{infno}", "2206", False), ("route", "2207", False)],
)
def test_csb_route_names_are_as_the_channel_says(pattern, sent, good):
    settings = {"code": "csb", **SETTINGS["csb"], "api_name": pattern}
    known = Channels([channel_of_settings(settings)])
    headers = signed_headers(channel_of_settings({**settings, "api_name": sent}), "2207", NOW, "")
    if good:
        assert authenticate(known, headers, *message(), NOW)
    else:
        assert "_api_name" in refusal_of(known, headers).zh


def test_a_request_sent_again_passes_and_its_headers_on_another_body_do_not():
    known, seen = channels(), Seen()
    headers = headers_for("tif", known)
    body, envelope = message()
    for _ in range(3):
        assert authenticate(known, headers, body, envelope, NOW, seen)
    other, envelope = message(given={"data": {"a": 1}})
    with pytest.raises(DoorRefusal) as caught:
        authenticate(known, headers, other, envelope, NOW, seen)
    assert caught.value.code == refusals.REPLAYED
    assert authenticate(known, headers_for("tif", known, nonce="f" * 32), other, envelope, NOW, seen)


@pytest.mark.parametrize(("replay", "guarded"), [("", False), ("off", False), ("body", True)])
def test_csb_of_one_second_may_carry_two_bodies_unless_the_channel_forbids(replay, guarded):
    known, seen = channels(replay=replay), Seen()
    headers = headers_for("csb", known)
    authenticate(known, headers, *message(), NOW, seen)
    body, envelope = message(given={"data": {}})
    if guarded:
        with pytest.raises(DoorRefusal) as caught:
            authenticate(known, headers, body, envelope, NOW, seen)
        assert caught.value.code == refusals.REPLAYED
    else:
        assert authenticate(known, headers, body, envelope, NOW, seen)


def test_a_forged_request_is_not_remembered():
    known, seen = channels(), Seen()
    refusal_of(known, {**headers_for("tif", known), "x-tif-signature": "0" * 64}, seen=seen)
    refusal_of(known, headers_for("tif", known), institution="H2", seen=seen)
    assert len(seen) == 0


def test_what_was_seen_is_bounded_and_expires():
    seen = Seen(capacity=3)
    assert all(seen.binds(str(number), b"a", 0, 100) for number in range(10))
    assert len(seen) == 3
    assert seen.binds("9", b"a", 1, 100) and not seen.binds("9", b"b", 1, 100)
    assert seen.binds("9", b"b", 101, 200)
    assert seen.binds("new", b"a", 201, 300) and len(seen) == 1


def test_a_token_is_issued_for_secret_user_and_password():
    known = channels()
    basic = {"authorization": "Basic " + base64.b64encode(b"client:sk").decode()}
    form = b"grant_type=password&username=u&password=p"
    for headers, body in ((basic, form), ({}, form + b"&client_id=client&client_secret=sk")):
        status, answer = token_answer(known, headers, body, NOW)
        assert (status, answer["token_type"], answer["expires_in"]) == (200, "bearer", 7200)
        assert verified_token(known, answer["access_token"], NOW).code == "bearer"


@pytest.mark.parametrize(
    ("basic", "form", "status", "error"),
    [
        (b"client:wrong", b"grant_type=password&username=u&password=p", 401, "invalid_client"),
        (b"nobody:sk", b"grant_type=password&username=u&password=p", 401, "invalid_client"),
        (b"nobody:\0", b"grant_type=password&username=u&password=p", 401, "invalid_client"),
        (b"client", b"grant_type=password&username=u&password=p", 401, "invalid_client"),
        (b"\xff:sk", b"grant_type=password&username=u&password=p", 401, "invalid_client"),
        (b"ak:sk", b"grant_type=password&username=u&password=p", 401, "invalid_client"),      # another scheme's key
        (b"client:sk", b"grant_type=password&username=u&password=wrong", 400, "invalid_grant"),
        (b"client:sk", b"grant_type=password&username=x&password=p", 400, "invalid_grant"),
        (b"client:sk", b"grant_type=client_credentials", 400, "invalid_grant"),
        (b"client:sk", b"grant_type=refresh_token", 400, "unsupported_grant_type"),
        (b"client:sk", b"", 400, "unsupported_grant_type"),
        (b"client:sk", b"\xff=1", 400, "invalid_request"),
        (b"client:sk", b"a=1&" * 50, 400, "invalid_request"),
    ],
)
def test_no_token_otherwise(basic, form, status, error):
    told = token_answer(channels(), {"authorization": "Basic " + base64.b64encode(basic).decode()}, form, NOW)
    assert (told[0], told[1]["error"]) == (status, error)


def test_a_closed_channel_gets_no_token():
    basic = {"authorization": "Basic " + base64.b64encode(b"client:sk").decode()}
    assert token_answer(channels(enabled="0"), basic, b"grant_type=password&username=u&password=p", NOW)[0] == 401


def test_a_token_ends_with_its_time_and_with_its_secret():
    known = channels()
    token = issued_token(known.by_code("bearer"), NOW)
    assert verified_token(known, token, NOW + timedelta(seconds=7199))
    with pytest.raises(DoorRefusal, match="过期"):
        verified_token(known, token, NOW + timedelta(seconds=7200))
    for changed in (channels(secret="other"), channels(password="other")):
        with pytest.raises(DoorRefusal) as caught:
            verified_token(changed, token, NOW)
        assert caught.value.code == refusals.TOKEN_REFUSED


def test_a_channel_of_another_scheme_has_no_tokens():
    known = channels()
    with pytest.raises(DoorRefusal) as caught:
        verified_token(known, issued_token(known.by_code("tif"), NOW), NOW)
    assert caught.value.code == refusals.TOKEN_REFUSED


@given(st.text(max_size=60) | st.sampled_from(["..", "a.b", "W10.W10", "WyJiZWFyZXIiLDldLg.AAAA", "WyJ0aWYiLDk5OTk5OTk5OTk5XQ.AA"]))
def test_anything_else_is_no_token(token):
    with pytest.raises(DoorRefusal) as caught:
        verified_token(channels(), token, NOW)
    assert caught.value.code == refusals.TOKEN_REFUSED


def test_a_changed_token_is_refused():
    token = issued_token(channels().by_code("bearer"), NOW)
    claims, seal = token.split(".")
    later = base64.urlsafe_b64encode(b'["bearer",9999999999]').rstrip(b"=").decode()
    for forged in (f"{later}.{seal}", f"{claims}.{seal[:-2]}AA", claims, f"{claims}.", f"{token}.x"):
        with pytest.raises(DoorRefusal):
            verified_token(channels(), forged, NOW)


# --- the body's own signature and the payment block --------------------------------------------------------------------


def sealing(**settings: object):
    """A channel that looks at cainfo."""
    keys = {"client_public_key": CLIENT.public.point.hex(), "sm4_key": SM4_KEY.hex()}
    habits = {"body_signature": "required", "input_encryption": "accepted"}
    return channel_of_settings({"code": "b", **SETTINGS["bearer"], **habits, **keys, **settings})


def signed(text: bytes, user: bytes = b"client") -> str:
    """cainfo over a text."""
    return base64.b64encode(CLIENT.signed(text, user)).decode()


def test_a_signed_input_passes_plain_and_encrypted():
    text = b'{"data": {"a": "1"}}'
    assert opened(message(given={"data": {"a": "1"}}, cainfo=signed(text))[1], sealing()).input == {"data": {"a": "1"}}
    cipher = base64.b64encode(sm4.encrypted(SM4_KEY, text)).decode()
    assert opened(message(given=cipher, cainfo=signed(text))[1], sealing()).input == {"data": {"a": "1"}}
    assert opened(message(given=cipher, cainfo=signed(cipher.encode()))[1], sealing(signed_text="sent")).input
    raw = base64.b64encode(sm2.raw_of_der(CLIENT.signed(text, b"client"))).decode()
    assert opened(message(given={"data": {"a": "1"}}, cainfo=raw)[1], sealing())


@pytest.mark.parametrize(
    "cainfo",
    ["", "null", "AAAA", "不是", signed(b"{}"), signed(b'{"data": {"a": "1"}}', b"another")],
    ids=["empty", "null", "short", "no Base64", "another text", "another user"],     # a signature is never the same twice
)
def test_a_wrong_or_missing_signature_is_refused(cainfo):
    with pytest.raises(DoorRefusal) as caught:
        opened(message(given={"data": {"a": "1"}}, cainfo=cainfo)[1], sealing())
    assert (caught.value.code, caught.value.place) == (refusals.BODY_SIGNATURE, "envelope.cainfo")


def test_where_a_signature_is_only_accepted_none_passes_and_a_wrong_one_does_not():
    accepting = sealing(body_signature="accepted")
    assert opened(message()[1], accepting)
    with pytest.raises(DoorRefusal):
        opened(message(cainfo="AAAA")[1], accepting)
    assert opened(message(cainfo="AAAA")[1], channel_of_settings({"code": "o", "institutions": "*"}))


@pytest.mark.parametrize("infno", ["2102", "2207", "2304"])
def test_a_payment_block_is_asked_where_money_moves(infno):
    paying = channel_of_settings({"code": "p", **SETTINGS["apikey"], "payment_check": "1"})
    assert opened(message(infno=infno, cainfo=base64.b64encode(b"x" * 128).decode())[1], paying)
    assert opened(message(infno="2206")[1], paying)
    for cainfo in ("", "password", base64.b64encode(b"x" * 20).decode()):
        with pytest.raises(DoorRefusal) as caught:
            opened(message(infno=infno, cainfo=cainfo)[1], paying)
        assert caught.value.code == refusals.PAYMENT_CHECK


def test_headers_are_read_as_asgi_gives_them():
    assert headers_of([(b"_api_Name", b" 2207 "), (b"X-Tif-Nonce", b"\xe9")]) == {"_api_name": "2207", "x-tif-nonce": "é"}
