"""Digests and keyed digests 杂凑与消息认证码: SM3 (GB/T 32905), and the SHA-256 and HMAC-SHA1 that provincial gateways ask for."""

import base64
import hashlib
import hmac

from cryptography.hazmat.primitives.hashes import SM3, Hash


def sm3(data: bytes) -> bytes:
    """SM3 杂凑值, 32 bytes."""
    digest = Hash(SM3())
    digest.update(data)
    return digest.finalize()


def sha256_hex(data: bytes) -> str:
    """SHA-256 in lower-case hexadecimal, as the x-tif-signature header wants it."""
    return hashlib.sha256(data).hexdigest()


def hmac_sha1_base64(secret: bytes, data: bytes) -> str:
    """HMAC-SHA1 in Base64, as the _api_signature header wants it. Not for anything new: SHA-1 is what the published gateway asks for."""
    return base64.b64encode(hmac.digest(secret, data, "sha1")).decode("ascii")
