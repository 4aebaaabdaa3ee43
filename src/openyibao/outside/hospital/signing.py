"""How a hospital proves who it is 签名: the schemes of the provinces, as its side computes them.

none: no signature; csb: HMAC-SHA1 over header values, the body not covered; tif: SHA-256 over time, secret and a one-time word; apikey: a
fixed header; bearer: an OAuth2 token, fetched by the client. SM2 and SM4 around input and output: seals.py.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

SCHEMES = ("none", "csb", "tif", "apikey", "bearer")


@dataclass(frozen=True)
class Key:
    """A channel's key as its holder keeps it 接入密钥.

    key_id: access key, paasid, or client id; api_name: fixed route name of the csb scheme, the message number when empty, a prefix `api_`
    before it; seconds: csb time in seconds; user, password: of the password grant; sm4_key: covers input and output (hex);
    sm2_private: signs the input (hex); sm2_bureau: the bureau's public key (hex); sign_in: not empty when each message needs a sign-in.
    """

    scheme: str = "none"
    key_id: str = ""
    secret: str = field(default="", repr=False)
    api_name: str = ""
    seconds: bool = False
    user: str = ""
    password: str = field(default="", repr=False)
    sm4_key: str = field(default="", repr=False)
    sm2_private: str = field(default="", repr=False)
    sm2_bureau: str = ""
    sign_in: str = ""


OPEN = Key()
"""No signature at all."""


def key_of(text: str) -> Key:
    """A key written `scheme:key id:secret[:user:password]`, or `none`. Raises ValueError with what is wrong."""
    scheme, *rest = text.split(":")
    if scheme not in SCHEMES:
        raise ValueError(f"--key {scheme}: 签名方式应为 {'、'.join(SCHEMES)} 之一 / the scheme is one of {', '.join(SCHEMES)}")
    if scheme != "none" and len(rest) < 2:
        raise ValueError(f"--key {scheme}:…: 应写作 {scheme}:密钥号:密钥 / write {scheme}:key id:secret")
    key_id, secret, user, password = (*rest, "", "", "", "")[:4]
    return Key(scheme, key_id, secret, user=user, password=password)


def headers(key: Key, infno: str, at: datetime, nonce: str, token: str = "") -> dict[str, str]:
    """The scheme's headers of one request. nonce: 32 fresh characters (tif); token: of the bearer scheme."""
    if key.scheme == "csb":
        return csb(key, infno, at)
    if key.scheme == "tif":
        stamp = str(int(at.timestamp()))
        digest = hashlib.sha256(f"{stamp}{key.secret}{nonce}{stamp}".encode()).hexdigest()
        return {"x-tif-paasid": key.key_id, "x-tif-timestamp": stamp, "x-tif-nonce": nonce, "x-tif-signature": digest}
    if key.scheme == "apikey":
        return {"apikey": key.secret}
    return {"Authorization": f"Bearer {token}"} if key.scheme == "bearer" else {}


def csb(key: Key, infno: str, at: datetime) -> dict[str, str]:
    """The five headers of the csb scheme: Base64 HMAC-SHA1 of the four values, keys in order."""
    stamp = int(at.timestamp() * 1000)
    name = f"api_{infno}" if key.api_name == "api_" else key.api_name or infno
    values = {"_api_access_key": key.key_id, "_api_name": name, "_api_timestamp": str(stamp // 1000 if key.seconds else stamp),
              "_api_version": "1.0.0"}  # fmt: skip
    text = "&".join(f"{name}={value}" for name, value in sorted(values.items()))
    digest = hmac.new(key.secret.encode(), text.encode(), hashlib.sha1).digest()
    return {**values, "_api_signature": base64.b64encode(digest).decode()}


def basic(key: Key) -> str:
    """The Authorization header of the token endpoint: client id and secret."""
    return "Basic " + base64.b64encode(f"{key.key_id}:{key.secret}".encode()).decode()


def grant(key: Key) -> Mapping[str, Any]:
    """The form of the token endpoint: password grant."""
    return {"grant_type": "password", "username": key.user or key.key_id, "password": key.password or key.secret}
