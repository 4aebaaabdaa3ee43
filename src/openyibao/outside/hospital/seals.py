"""National cryptography around input and output 国密: an SM2 signature in cainfo, an SM4 cover, where the key asks for them."""

import base64
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from openyibao.outside.hospital.envelope import encoded
from openyibao.outside.hospital.signing import Key
from openyibao.outside.seals import sm2, sm4


class BrokenSeal(Exception):
    """The platform's signature over its output does not hold, or its cover does not open 验签失败."""


def covered(key: Key, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """A request with its input signed (Base64 of r and s, user id = key id) and covered (Base64 of SM4 ECB), as far as the key asks."""
    if not (key.sm2_private or key.sm4_key):
        return request
    text = encoded(request["input"])
    sealed = dict(request)
    if key.sm2_private:
        signature = sm2.private_key(key.sm2_private).signed(text, key.key_id.encode())
        sealed |= {"cainfo": base64.b64encode(signature).decode(), "signtype": "SM2"}
    if key.sm4_key:
        sealed |= {"input": base64.b64encode(sm4.encrypted(sm4.key_of(key.sm4_key), text)).decode(), "enc_type": "SM4"}
    return sealed


def uncovered(key: Key, reply: Mapping[str, Any]) -> Mapping[str, Any]:
    """A reply with its output opened; its signature checked where the key knows the bureau's. Raises BrokenSeal."""
    output = reply.get("output")
    if not isinstance(output, str) or not output or not key.sm4_key:
        return reply
    try:
        text = sm4.decrypted(sm4.key_of(key.sm4_key), base64.b64decode(output))
        opened = json.loads(text, parse_float=Decimal)
    except ValueError as error:
        raise BrokenSeal(f"output: {error}") from error
    if key.sm2_bureau and reply.get("cainfo"):
        signature = base64.b64decode(str(reply["cainfo"]))
        if not sm2.public_key(key.sm2_bureau).verifies(text, signature, key.key_id.encode()):
            raise BrokenSeal("cainfo: 平台签名不符 / the platform's signature does not hold")
    return {**reply, "output": opened}
