"""Replies 应答报文: a handler's answer, or a refusal -> the bytes of a reply in the channel's form. Clock and serial come in the stamp."""

import base64
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from openyibao.gateway.channels import SPELLINGS, Channel
from openyibao.gateway.envelope import PLAIN
from openyibao.gateway.refusals import UNAUTHORIZED, DoorRefusal, Told, gateway_body, outside_the_envelope, said
from openyibao.outside.seals import sm2, sm4

BEIJING = ZoneInfo("Asia/Shanghai")
_REPLY = msgspec.json.Encoder(decimal_format="number")


class Stamp(NamedTuple):
    """What is new in every reply, a repeat's too 应答时间戳: when the message came, when it is answered, and a serial."""

    division: str
    received: datetime
    answered: datetime
    serial: int


def reply(channel: Channel, output: Any, stamp: Stamp, *, warn_msg: str | None = None, encrypted: bool = False) -> bytes:
    """A successful reply 成功应答, in this channel's form.

    output     what the handler answered: a dict or list whose amounts are Raw numbers or Decimal, or the stored answer as Raw; None or {}
               when the transaction answers nothing
    encrypted  whether the request came encrypted, for channels that answer as they were asked
    """
    if isinstance(output, msgspec.Raw) and bytes(output) in (b"{}", b"[]", b"null"):
        output = None
    if output is None or output == {} or output == []:
        output = _EMPTY[channel.empty_output]
    elif names := SPELLINGS[channel.spelling]:
        output = _respelt(PLAIN.decode(output) if isinstance(output, msgspec.Raw) else output, names)
    body = _outer(channel, 0, stamp, channel.success_err_msg, output, warn_msg)
    if channel.sign_output or channel.output_encryption != "none":
        _seal(channel, body, encrypted)
    return _REPLY.encode(body)


def refused(channel: Channel | None, refusal: Told, stamp: Stamp, trace: str) -> tuple[int, bytes]:
    """HTTP status and body of a refused message: 200 and the envelope, or 401 and the gateway's own form; see `refusals`."""
    if isinstance(refusal, DoorRefusal) and outside_the_envelope(refusal):
        return UNAUTHORIZED, gateway_body(refusal, trace)
    return 200, failure(channel, refusal, stamp, trace)


def failure(channel: Channel | None, refusal: Told, stamp: Stamp, trace: str) -> bytes:
    """A refused message's reply 失败应答: infcode -1, output null, err_msg with code, sentence and trace. `channel` None: not known yet."""
    return _REPLY.encode(_outer(channel, -1, stamp, said(refusal, trace), None, None))


def refmsgid(stamp: Stamp) -> str:
    """The receiver's message id 接收方报文ID (inf_refmsgid), 30 digits: division 6, second 14, serial 10."""
    return f"{stamp.division:0>6.6}{stamp_text(stamp.answered)[:14]}{stamp.serial % 10_000_000_000:010}"


def stamp_text(at: datetime) -> str:
    """A time as yyyyMMddHHmmssSSS in Beijing."""
    at = at.astimezone(BEIJING)
    return f"{at.year:04}{at.month:02}{at.day:02}{at.hour:02}{at.minute:02}{at.second:02}{at.microsecond // 1000:03}"


_EMPTY: dict[str, Any] = {"object": {}, "data": {"data": {}}, "null": None}


def _outer(channel: Channel | None, infcode: int, stamp: Stamp, err_msg: str | None, output: Any, warn_msg: str | None) -> dict[str, Any]:
    """All keys of a reply that any recorded one has; programs that read a typed object need each of them."""
    if channel is not None and channel.division:
        stamp = stamp._replace(division=channel.division)
    return {
        "infcode": str(infcode) if channel is not None and channel.infcode == "string" else infcode,
        "inf_refmsgid": refmsgid(stamp),
        "refmsg_time": stamp_text(stamp.received),
        "respond_time": stamp_text(stamp.answered),
        "enctype": "",
        "signtype": "",
        "cainfo": "",
        "err_msg": err_msg,
        "warn_msg": warn_msg,
        "output": output,
    }


def _respelt(node: Any, names: Mapping[str, str]) -> Any:
    """A value with its keys as this channel's programs spell them."""
    if isinstance(node, dict):
        return {names.get(key, key): _respelt(value, names) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [_respelt(value, names) for value in node]
    return node


def _seal(channel: Channel, body: dict[str, Any], encrypted: bool) -> None:
    """Sign and encrypt 签名加密 the output in place: cainfo over its plain text or what is sent, output as Base64 SM4."""
    text = _REPLY.encode(body["output"])
    sent = text
    if channel.output_encryption == "always" or (channel.output_encryption == "same" and encrypted):
        iv = secrets.token_bytes(sm4.BLOCK) if channel.sm4_mode == "cbc" else None
        sent = base64.b64encode((iv or b"") + sm4.encrypted(channel.sm4_key, text, iv))
        body["output"], body["enctype"] = sent.decode("ascii"), "SM4"
    else:
        body["output"] = msgspec.Raw(text)      # the very bytes that are signed
    if channel.sign_output:
        signature = sm2.private_key(channel.private_key).signed(text if channel.signed_text == "plain" else sent, channel.user_id)
        body["cainfo"], body["signtype"] = base64.b64encode(signature).decode("ascii"), "SM2"
