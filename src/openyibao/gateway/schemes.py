"""Signature schemes 签名方式: who sends this message, and may he speak for that institution?

Four schemes are in use up and down the country, and none at all in most test environments. What each covers, and what it does not, is
told in docs/reference/door.md. Secrets are compared in constant time. The clock is an argument.

Replay. Under csb and tif the signature covers headers alone, not the body: whoever overhears one request could put its headers before
another body within the permitted window. Against that one signature is bound to one body (`Seen`): the same headers with the same body
pass, because a program that lost the answer sends the same request again and must reach the stored answer; with another body they are
refused. Under tif each request has a nonce of its own and the check is on. Under csb there is no nonce and many programs stamp whole
seconds, so that two honest requests of one second carry the same signature: the check is off unless the channel asks for it.
"""

import base64
import binascii
import hmac
import threading
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs

import msgspec

from openyibao.gateway.channels import APIKEY, BEARER, CSB, TIF, Channel, Channels, same
from openyibao.gateway.envelope import Envelope, signed_text, unsealed
from openyibao.gateway.refusals import (
    BODY_SIGNATURE,
    CHANNEL_DISABLED,
    CLOCK_SKEW,
    HEADERS_MISSING,
    NOT_YOURS,
    PAYMENT_CHECK,
    REPLAYED,
    TOKEN_REFUSED,
    UNKNOWN_CHANNEL,
    WRONG_SIGNATURE,
    DoorRefusal,
)
from openyibao.outside.seals import sm2
from openyibao.outside.seals.digests import hmac_sha1_base64, sha256_hex

CSB_HEADERS = ("_api_access_key", "_api_name", "_api_timestamp", "_api_version")
PAID = frozenset({"2102", "2207", "2304"})      # the numbers that move money and may carry a payment password
RSA_BLOCKS = frozenset({128, 256, 384, 512})    # bytes
NONCE = range(8, 65)                            # characters; the document says 32, programs send what they have


class Seen:
    """Which signature came with which body 已用签名. In memory, bounded, one per process; the oldest goes first when it is full.

    So it guards for the permitted window while at most `capacity` signed requests arrive in it, and not across processes or restarts; the
    msgid's own check in the database guards beyond that.
    """

    def __init__(self, capacity: int = 200_000) -> None:
        self._capacity = capacity
        self._bodies: dict[str, tuple[bytes, float]] = {}
        self._lock = threading.Lock()

    def binds(self, signature: str, body: bytes, now: float, until: float) -> bool:
        """Whether this signature may carry this body: it is new, or it carried the same before. Times in seconds."""
        digest = sha256(body).digest()
        with self._lock:
            earlier = self._bodies.get(signature)
            if earlier is not None and earlier[1] >= now:
                return earlier[0] == digest
            self._bodies.pop(signature, None)
            self._bodies[signature] = (digest, until)
            while self._bodies:
                oldest = next(iter(self._bodies))
                if len(self._bodies) <= self._capacity and self._bodies[oldest][1] >= now:
                    break
                del self._bodies[oldest]
            return True

    def __len__(self) -> int:
        return len(self._bodies)


def headers_of(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """ASGI's header pairs as texts by lower-case name."""
    return {name.decode("latin-1").lower(): value.decode("latin-1").strip() for name, value in pairs}


def scheme_of(headers: Mapping[str, str]) -> str:
    """The scheme that a request's headers show: csb, tif, bearer, apikey, or none."""
    if "_api_access_key" in headers or "_api_signature" in headers:
        return CSB
    if "x-tif-paasid" in headers or "x-tif-signature" in headers:
        return TIF
    if headers.get("authorization", "").lower().startswith("bearer "):
        return BEARER
    return APIKEY if "apikey" in headers else "none"


def authenticate(
    channels: Channels, headers: Mapping[str, str], body: bytes, envelope: Envelope | None, now: datetime, seen: Seen | None = None,
) -> Channel:
    """The channel that a request comes through 身份核验. Raises DoorRefusal.

    headers   by lower-case name, see `headers_of`
    body      as received, for the binding of signature and body
    envelope  None for requests without one, such as a file's download by its own address; then no institution is checked
    seen      None leaves the binding out
    """
    scheme = scheme_of(headers)
    if scheme == CSB:
        channel = _csb(channels, headers, envelope, now)
    elif scheme == TIF:
        channel = _tif(channels, headers, now)
    elif scheme == BEARER:
        channel = verified_token(channels, headers["authorization"][7:].strip(), now)
    elif scheme == APIKEY:
        channel = _known(channels, APIKEY, headers["apikey"])
    else:
        found = channels.open_to(envelope.fixmedins_code) if envelope is not None else None
        if found is None:
            raise DoorRefusal(HEADERS_MISSING)
        channel = found
    if not channel.enabled:
        raise DoorRefusal(CHANNEL_DISABLED, f"：{channel.code}", f": {channel.code}", scheme=scheme)
    if envelope is not None and not channel.may_speak_for(envelope.fixmedins_code):
        raise DoorRefusal(
            NOT_YOURS, f"：{envelope.fixmedins_code}", f": {envelope.fixmedins_code}", place="envelope.fixmedins_code", scheme=scheme,
        )
    if seen is not None and channel.guards_replay:
        signature = f"{scheme}/{channel.code}/{headers.get('_api_signature') or headers.get('x-tif-signature') or ''}"
        moment = now.timestamp()
        if not seen.binds(signature, body, moment, moment + 2 * channel.skew_seconds):
            raise DoorRefusal(REPLAYED, scheme=scheme)
    return channel


def opened(envelope: Envelope, channel: Channel) -> Envelope:
    """The envelope decrypted 解密, its signature verified 验签 and its payment block looked at, as the channel asks. Raises DoorRefusal."""
    envelope = unsealed(envelope, channel)
    if channel.body_signature != "none":
        _verify_body(envelope, channel)
    if channel.payment_check and envelope.infno in PAID:
        _look_at_payment(envelope)
    return envelope


# --- csb: five headers, HMAC-SHA1 -----------------------------------------------------------------------------------


def csb_text(headers: Mapping[str, str]) -> str:
    """What a csb signature covers: four headers, sorted by name, as a query string."""
    return "&".join(f"{name}={headers[name]}" for name in CSB_HEADERS)


def _csb(channels: Channels, headers: Mapping[str, str], envelope: Envelope | None, now: datetime) -> Channel:
    missing = [name for name in (*CSB_HEADERS, "_api_signature") if not headers.get(name)]
    if missing:
        raise DoorRefusal(HEADERS_MISSING, f"：{'、'.join(missing)}", f": {', '.join(missing)}", scheme=CSB)
    _check_time(headers["_api_timestamp"], "_api_timestamp", now, None, CSB)
    channel = _known(channels, CSB, headers["_api_access_key"])
    if not same(headers["_api_signature"], hmac_sha1_base64(channel.secret.encode(), csb_text(headers).encode())):
        raise DoorRefusal(WRONG_SIGNATURE, "：_api_signature", ": _api_signature", scheme=CSB)
    _check_time(headers["_api_timestamp"], "_api_timestamp", now, channel, CSB)
    if channel.api_name and envelope is not None and headers["_api_name"] != (name := channel.api_name.replace("{infno}", envelope.infno)):
        raise DoorRefusal(WRONG_SIGNATURE, f"：_api_name 应为 {name}", f": _api_name must be {name}", scheme=CSB)
    return channel


# --- tif: four headers, SHA-256 -------------------------------------------------------------------------------------


def tif_signature(timestamp: str, secret: str, nonce: str) -> str:
    """The x-tif-signature of a timestamp in seconds and a nonce."""
    return sha256_hex(f"{timestamp}{secret}{nonce}{timestamp}".encode())


def _tif(channels: Channels, headers: Mapping[str, str], now: datetime) -> Channel:
    names = ("x-tif-paasid", "x-tif-timestamp", "x-tif-nonce", "x-tif-signature")
    missing = [name for name in names if not headers.get(name)]
    if missing:
        raise DoorRefusal(HEADERS_MISSING, f"：{'、'.join(missing)}", f": {', '.join(missing)}", scheme=TIF)
    timestamp, nonce = headers["x-tif-timestamp"], headers["x-tif-nonce"]
    if len(nonce) not in NONCE:
        raise DoorRefusal(WRONG_SIGNATURE, "：x-tif-nonce 长度应为 8 至 64", ": x-tif-nonce must have 8 to 64 characters", scheme=TIF)
    channel = _known(channels, TIF, headers["x-tif-paasid"])
    if not same(headers["x-tif-signature"].lower(), tif_signature(timestamp, channel.secret, nonce)):
        raise DoorRefusal(WRONG_SIGNATURE, "：x-tif-signature", ": x-tif-signature", scheme=TIF)
    _check_time(timestamp, "x-tif-timestamp", now, channel, TIF)
    return channel


# --- bearer: OAuth 2 password grant ---------------------------------------------------------------------------------


def issued_token(channel: Channel, now: datetime) -> str:
    """An access token 访问令牌: channel and expiry, sealed with the channel's secrets; changing a secret ends all its tokens."""
    claims = msgspec.json.encode((channel.code, int(now.timestamp()) + channel.token_seconds))
    return f"{_url64(claims)}.{_url64(_token_seal(channel, claims))}"


def verified_token(channels: Channels, token: str, now: datetime) -> Channel:
    """The channel that a token was issued to. Raises DoorRefusal TOKEN_REFUSED."""
    try:
        claims, seal = (base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in token.split("."))
        code, expires = msgspec.json.decode(claims, type=tuple[str, int])
    except (ValueError, msgspec.MsgspecError) as wrong:
        raise DoorRefusal(TOKEN_REFUSED, scheme=BEARER) from wrong
    channel = channels.by_code(code)
    if channel is None or channel.scheme != BEARER or not hmac.compare_digest(seal, _token_seal(channel, claims)):
        raise DoorRefusal(TOKEN_REFUSED, scheme=BEARER)
    if expires <= now.timestamp():
        raise DoorRefusal(TOKEN_REFUSED, "：已过期", ": expired", scheme=BEARER)
    return channel


def token_answer(channels: Channels, headers: Mapping[str, str], body: bytes, now: datetime) -> tuple[int, dict[str, Any]]:
    """What the token endpoint /oauth/token answers 令牌接口: HTTP status and JSON, after RFC 6749 sections 4.3 and 5.

    The client says who it is by HTTP Basic, or by client_id and client_secret in the form; user and password are asked for when the
    channel has them. A client that asks by client_credentials on a channel with a user is refused like a wrong password.
    """
    try:
        form = {name: values[0] for name, values in parse_qs(body.decode("utf-8"), max_num_fields=20).items()}
    except ValueError:
        return 400, {"error": "invalid_request", "error_description": "the body must be a form in UTF-8 请以表单提交"}
    client, secret = _basic(headers.get("authorization", "")) or (form.get("client_id", ""), form.get("client_secret", ""))
    channel = channels.by_key(BEARER, client)
    if not same(secret, channel.secret if channel else "\x00") or channel is None or not channel.enabled:
        return 401, {"error": "invalid_client", "error_description": "unknown client or wrong secret 客户端标识或密钥有误"}
    if form.get("grant_type", "") not in ("password", "client_credentials"):
        return 400, {"error": "unsupported_grant_type", "error_description": "use grant_type=password 请使用 password 方式"}
    given, expected = (form.get("username", ""), form.get("password", "")), (channel.username, channel.password)
    if channel.username and not same("\x00".join(given), "\x00".join(expected)):
        return 400, {"error": "invalid_grant", "error_description": "wrong user or password 用户名或口令有误"}
    return 200, {"access_token": issued_token(channel, now), "token_type": "bearer", "expires_in": channel.token_seconds}


def _token_seal(channel: Channel, claims: bytes) -> bytes:
    return hmac.digest(f"{channel.secret}\x00{channel.password}".encode(), b"openyibao token\x00" + claims, "sha256")


def _url64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _basic(header: str) -> tuple[str, str] | None:
    """Client id and secret from an Authorization: Basic header; None when there is none."""
    if not header.lower().startswith("basic "):
        return None
    try:
        client, _, secret = base64.b64decode(header[6:].strip(), validate=True).decode("utf-8").partition(":")
    except ValueError:
        return "", ""
    return client, secret


# --- in all schemes ---------------------------------------------------------------------------------------------------


def _known(channels: Channels, scheme: str, key: str) -> Channel:
    channel = channels.by_key(scheme, key)
    if channel is None:
        raise DoorRefusal(UNKNOWN_CHANNEL, scheme=scheme)
    return channel


def _check_time(text: str, header: str, now: datetime, channel: Channel | None, scheme: str) -> None:
    """Refuses a signed time that is no time or, for a channel, too far from now; 13 digits are milliseconds, 10 seconds."""
    if not (text.isascii() and text.isdigit() and len(text) in (10, 13)):
        raise DoorRefusal(CLOCK_SKEW, f"：{header} 应为 10 位秒或 13 位毫秒", f": {header} must be 10 or 13 digits", scheme=scheme)
    if channel is None:
        return
    seconds = int(text) / (1000 if len(text) == 13 else 1)
    apart = round(seconds - now.timestamp())
    if abs(apart) > channel.skew_seconds:
        zh, en = f"：与本系统相差 {apart:+d} 秒，允许 {channel.skew_seconds} 秒", f": {apart:+d} s, {channel.skew_seconds} s permitted"
        raise DoorRefusal(CLOCK_SKEW, zh, en, scheme=scheme)


def _verify_body(envelope: Envelope, channel: Channel) -> None:
    if not envelope.cainfo:
        if channel.body_signature == "required":
            raise DoorRefusal(BODY_SIGNATURE, "：cainfo 为空", ": cainfo is empty", place="envelope.cainfo")
        return
    try:
        good = sm2.public_key(channel.client_public_key).verifies(
            signed_text(envelope, channel), sm2.signature_of(envelope.cainfo), channel.user_id,
        )
    except ValueError:
        good = False
    if not good:
        raise DoorRefusal(BODY_SIGNATURE, place="envelope.cainfo")


def _look_at_payment(envelope: Envelope) -> None:
    """A payment password's block 支付密码密文 is an RSA ciphertext in Base64. Whether the password is right only its keeper can tell."""
    try:
        size = len(base64.b64decode(envelope.cainfo, validate=True))
    except binascii.Error:
        size = 0
    if size not in RSA_BLOCKS:
        raise DoorRefusal(PAYMENT_CHECK, place="envelope.cainfo")


def signed_headers(channel: Channel, infno: str, now: datetime, nonce: str, token: str = "") -> dict[str, str]:
    """The headers with which a client of this channel sends one message: the other side of `authenticate`, for tests and tools."""
    if channel.scheme == CSB:
        headers = {
            "_api_access_key": channel.key_id, "_api_name": (channel.api_name or "{infno}").replace("{infno}", infno),
            "_api_timestamp": str(int(now.timestamp() * 1000)), "_api_version": "1.0.0",
        }
        return headers | {"_api_signature": hmac_sha1_base64(channel.secret.encode(), csb_text(headers).encode())}
    if channel.scheme == TIF:
        timestamp = str(int(now.timestamp()))
        return {
            "x-tif-paasid": channel.key_id, "x-tif-timestamp": timestamp, "x-tif-nonce": nonce,
            "x-tif-signature": tif_signature(timestamp, channel.secret, nonce),
        }
    if channel.scheme == BEARER:
        return {"authorization": f"Bearer {token or issued_token(channel, now)}"}
    return {"apikey": channel.secret} if channel.scheme == APIKEY else {}
