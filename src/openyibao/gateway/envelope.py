"""The envelope 报文外层 of a request: bytes -> Envelope, its decryption, and the digest by which two messages are the same.

Reading is strict where money or memory hangs on it (size, depth, encoding, keys that stand twice, numbers without a float) and lenient
where programs are known to differ (key spellings, the word null, numbers for texts, unknown keys). Replies are made in `replies`.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable
from decimal import Decimal
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from openyibao.gateway.channels import Channel
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

UTF8_MARK = b"\xef\xbb\xbf"
WIDEST_NUMBER, FARTHEST_EXPONENT = 40, 30   # characters; a power of ten: more is no amount, and would cost memory as an integer


class Limits(NamedTuple):
    """What a body may be before it is read 报文限制: bytes, levels of nesting, whether GB 18030 is read too, and objects and lists in all.

    Reading stops the other requests of its process for as long as it takes, tenths of a second for the worst of 1 MiB: hence a limit that
    no bill comes near; a channel through which files come as JSON may have a wider one.
    """

    max_bytes: int = 1_048_576
    max_depth: int = 16
    gb18030: bool = False
    max_parts: int = 20_000


LIMITS = Limits()


class Envelope(NamedTuple):
    """One request 请求报文, its keys by their national names and national spelling; a key that did not come is "".

    input   the transaction's input 交易输入; {} when empty, or encrypted and not yet unsealed
    sealed  the input as it came when it came encrypted, Base64; "" when it came plain
    plain   what was decrypted, as it stood; b"" when nothing was
    body    the whole message as UTF-8, of which `signed_text` finds the part that a signature covers
    """

    infno: str
    msgid: str
    fixmedins_code: str
    fixmedins_name: str
    mdtrtarea_admvs: str
    insuplc_admdvs: str
    recer_sys_code: str
    dev_no: str
    dev_safe_info: str
    cainfo: str
    signtype: str
    enc_type: str
    infver: str
    opter_type: str
    opter: str
    opter_name: str
    inf_time: str
    sign_no: str
    fixmedins_soft_fcty: str
    oinfno: str
    input: dict[str, Any]
    sealed: str
    plain: bytes
    body: bytes


_KEYS = Envelope._fields[:-4]
_SPELT = tuple((_KEYS.index(key), others) for key, others in {       # how else a key is met
    "dev_no": ("devNo",), "dev_safe_info": ("dev_safeInfo", "dev_safeinfo", "devSafeInfo"),
    "mdtrtarea_admvs": ("mdtrtarea_admdvs",), "insuplc_admdvs": ("insuplc_admvs",),
    "enc_type": ("enctype", "encType"), "signtype": ("sign_type", "signType"),
}.items())
_LENGTHS = {                    # longest values, characters; longer than the document where programs are
    "infno": 10, "msgid": 40, "fixmedins_code": 12, "fixmedins_name": 200, "mdtrtarea_admvs": 6, "insuplc_admdvs": 6, "recer_sys_code": 30,
    "dev_no": 100, "dev_safe_info": 2000, "cainfo": 2048, "signtype": 10, "enc_type": 10, "infver": 10, "opter_type": 3, "opter": 30,
    "opter_name": 50, "inf_time": 23, "sign_no": 64, "fixmedins_soft_fcty": 200, "oinfno": 10,
}
_LONGEST = tuple(_LENGTHS[key] for key in _KEYS)
_WORDS = {
    "infno": "交易编号", "msgid": "发送方报文ID", "fixmedins_code": "定点医药机构编号", "fixmedins_name": "定点医药机构名称",
    "mdtrtarea_admvs": "就医地医保区划", "insuplc_admdvs": "参保地医保区划", "recer_sys_code": "接收方系统代码", "dev_no": "设备编号",
    "dev_safe_info": "设备安全信息", "cainfo": "数字签名信息", "signtype": "签名类型", "enc_type": "加密类型", "infver": "接口版本号",
    "opter_type": "经办人类别", "opter": "经办人", "opter_name": "经办人姓名", "inf_time": "交易时间", "sign_no": "交易签到流水号",
    "fixmedins_soft_fcty": "软件厂商", "oinfno": "原交易编号", "input": "交易输入",
}


def _decimal(text: str) -> Decimal:
    """A JSON number with a point or an exponent, exact. Raises ValueError when it could be no figure of ours."""
    number = Decimal(text)
    if len(text) <= FARTHEST_EXPONENT and "e" not in text and "E" not in text:
        return number
    if len(text) > WIDEST_NUMBER or not -FARTHEST_EXPONENT <= number.adjusted() <= FARTHEST_EXPONENT:
        raise ValueError(f"number out of range: {text[:24]}")
    return number


class _InputAlone(msgspec.Struct):
    input: msgspec.Raw = msgspec.Raw(b"")


_INPUT_ALONE = msgspec.json.Decoder(_InputAlone)
PLAIN = msgspec.json.Decoder(float_hook=_decimal)
_SORTED = msgspec.json.Encoder(order="sorted")


# --- before anything is built ----------------------------------------------------------------------------------------

_NOT_STRUCTURE = bytes(byte for byte in range(256) if byte not in b'{}[]":')
_ALL_CURLED = bytes.maketrans(b"[]", b"{}")
_STRING = re.compile(rb'"[^"]*"')
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def skeleton(body: bytes) -> bytes:
    """The brackets and colons of a JSON text that stand outside its strings, in order: its depth and its keys, unbuilt."""
    if b"\\" in body:             # after this no escaped quote is left; the other escapes go with all that is no structure
        body = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    bones = body.translate(None, _NOT_STRUCTURE).replace(b'""', b"")
    return _STRING.sub(b"", bones) if b'"' in bones else bones


def is_deeper(bones: bytes, levels: int) -> bool:
    """Whether a skeleton nests deeper than so many levels; what does not pair is left for the decoder to refuse. Linear in time."""
    left = bones.translate(_ALL_CURLED, b":")
    for _ in range(levels):                             # each round takes exactly the innermost level away
        if not left:
            return False
        shorter = left.replace(b"{}", b"")
        if len(shorter) == len(left):
            break
        left = shorter
    pairs = left.count(b"{") * 2 == len(left) and left[:1] == b"{"
    return pairs or b"{" * (levels + 1) in left


# --- reading ---------------------------------------------------------------------------------------------------------


def decoded(body: bytes, limits: Limits = LIMITS) -> Envelope:
    """The envelope of a request's body. Raises DoorRefusal, naming the place.

    Required here are only infno, msgid and fixmedins_code, by which a message is known and answered; what else a business number needs is
    asked by `require`, after the number is known.
    """
    body = _checked(body, limits)
    bones = _bones(body, limits)
    wire = _parsed(body, "message")
    if not isinstance(wire, dict):
        raise DoorRefusal(NOT_JSON, "：应为一个对象", ": it must be an object")
    if _keys(wire) != bones.count(b":"):
        raise _twice(body)
    values = [_text(wire.get(key, ""), key) for key in _KEYS]
    for position, others in _SPELT:
        if not values[position]:
            values[position] = next((_text(wire[other], _KEYS[position]) for other in others if other in wire), "")
    for key, value, longest in zip(_KEYS, values, _LONGEST, strict=True):
        if len(value) > longest:
            raise _wrong(key, f"长度 {len(value)} 超过 {longest}", f"is longer than {longest}")
    data, sealed = _input(wire.get("input"), limits)
    envelope = Envelope._make((*values, data, sealed, b"", body))
    for key in ("infno", "msgid", "fixmedins_code"):
        if not getattr(envelope, key):
            raise _lacks(key)
    if not envelope.msgid.isprintable() or " " in envelope.msgid:
        raise _wrong("msgid", "含空白或不可见字符", "holds blanks or characters that cannot be seen")
    return envelope


def require(envelope: Envelope, max_msgid: int = 30, sign_no: bool = False) -> None:
    """What every business number needs of its envelope 报文头必填项. Raises DoorRefusal naming the key."""
    if len(envelope.msgid) > max_msgid:
        raise _wrong("msgid", f"长度 {len(envelope.msgid)} 超过 {max_msgid}", f"is longer than {max_msgid}")
    for key in ("mdtrtarea_admvs", "opter_type", "opter", "inf_time", *(("sign_no",) if sign_no else ())):
        if not getattr(envelope, key):
            raise _lacks(key)


def unsealed(envelope: Envelope, channel: Channel) -> Envelope:
    """The envelope with its input decrypted 解密 by the channel's SM4 key; unchanged when it came plain. Raises DoorRefusal.

    The channel's own limits are held here too, as the message had to be read before its channel was known.
    """
    limits = limits_of(channel)
    _small(envelope.body, limits)
    if limits.max_depth < LIMITS.max_depth and is_deeper(skeleton(envelope.body), limits.max_depth):
        raise _deep(limits)
    if not envelope.sealed:
        if channel.input_encryption == "required" and envelope.input:
            raise _closed("本渠道要求 SM4 加密，收到的是明文", "this channel wants SM4, the input came plain")
        return envelope
    if channel.input_encryption == "none":
        raise _closed("本渠道未启用加密", "this channel has no encryption")
    try:
        cipher = base64.b64decode(envelope.sealed, validate=True)
        iv, cipher = (cipher[:sm4.BLOCK], cipher[sm4.BLOCK:]) if channel.sm4_mode == "cbc" else (None, cipher)
        plain = sm4.decrypted(channel.sm4_key, cipher, iv)
    except (binascii.Error, ValueError) as wrong:
        raise _closed("密文长度、填充或 Base64 有误", str(wrong)) from wrong
    return envelope._replace(input=_object(_checked(plain, limits), limits), plain=plain)


def limits_of(channel: Channel) -> Limits:
    """The limits that a channel's settings make."""
    return Limits(channel.max_bytes, channel.max_depth, channel.encoding == "gb18030")


def widest(channels: Iterable[Channel]) -> Limits:
    """The limits with which a message is read while its channel is not known yet: the widest of all enabled channels."""
    every = [limits_of(channel) for channel in channels if channel.enabled] or [LIMITS]
    return Limits(
        max(limits.max_bytes for limits in every), max(limits.max_depth for limits in every), any(limits.gb18030 for limits in every),
    )


def signed_text(envelope: Envelope, channel: Channel) -> bytes:
    """What SM2 signs of a message 签名原文: the input's text as it stands in the body, or decrypted, or as ciphertext under "sent"."""
    if envelope.sealed:
        return envelope.sealed.encode() if channel.signed_text == "sent" else envelope.plain
    return bytes(_INPUT_ALONE.decode(envelope.body).input)


def content_digest(envelope: Envelope) -> bytes:
    """What makes two messages the same 报文内容摘要: SHA-256 of number, institution and input, keys sorted; 32 bytes.

    Left out are the stamps that a program writes anew when it sends again (inf_time, sign_no, cainfo, operator), and the order and blanks
    of the text. An encrypted input is taken decrypted. Numbers count as they are written: 1.5 and 1.50 are not the same content.
    """
    return sha256(_SORTED.encode((envelope.infno, envelope.fixmedins_code, envelope.input))).digest()


def _checked(body: bytes, limits: Limits) -> bytes:
    """The body as UTF-8 without mark, within its size. Raises DoorRefusal."""
    _small(body, limits)
    body = body.removeprefix(UTF8_MARK)
    if not body.isascii():
        try:
            body.decode("utf-8")
        except UnicodeDecodeError as wrong:
            if not limits.gb18030:
                raise DoorRefusal(WRONG_ENCODING, f"（第 {wrong.start + 1} 字节）", f" (byte {wrong.start + 1})") from wrong
            body = _from_gb18030(body)
    if b"\\u0000" in body and _NUL.search(body):
        raise DoorRefusal(NOT_JSON, "：含空字符 \\u0000", ": it holds the character NUL")
    return body


def _from_gb18030(body: bytes) -> bytes:
    try:
        return body.decode("gb18030").encode()
    except UnicodeDecodeError as wrong:
        byte = wrong.start + 1
        raise DoorRefusal(WRONG_ENCODING, f"，也不是 GB 18030（第 {byte} 字节）", f" nor GB 18030 (byte {byte})") from wrong


def _parsed(text: bytes, place: str) -> Any:
    """What a JSON text holds, numbers without floats. Raises DoorRefusal NOT_JSON with the byte at which reading stopped."""
    try:
        return PLAIN.decode(text)
    except RecursionError as wrong:
        raise DoorRefusal(TOO_DEEP, place=place) from wrong
    except (msgspec.MsgspecError, ValueError, ArithmeticError) as wrong:
        byte = re.search(r"byte (\d+)", str(wrong))
        where = f"第 {int(byte[1]) + 1} 字节" if byte else "数值或转义无法解析"
        raise DoorRefusal(NOT_JSON, f"（{where}）", f" ({str(wrong)[:80]})", place=place) from wrong


def _text(given: Any, key: str) -> str:
    """A key of the envelope as text; the word null counts as nothing. Raises DoorRefusal when it is an object, a list or a truth value."""
    if type(given) is str:
        text = given.strip()
        return "" if text == "null" or text == "NULL" else text
    if given is None:
        return ""
    if type(given) is int and abs(given) < 10 ** WIDEST_NUMBER:
        return str(given)
    raise _wrong(key, "应为字符", "must be text")


def _input(given: Any, limits: Limits) -> tuple[dict[str, Any], str]:
    """The input as an object, or as ciphertext. It comes as an object, as a text that holds one, as Base64, or not at all."""
    if type(given) is dict:
        return given, ""
    if isinstance(given, str):
        text = given.strip()
        if text.startswith("{"):
            return _object(text.encode(), limits), ""
        return {}, "" if text in ("null", "NULL") else text
    if given is None:
        return {}, ""
    raise _wrong("input", "应为对象", "must be an object")


def _object(text: bytes, limits: Limits) -> dict[str, Any]:
    """The object that a text holds which came inside the message. Raises DoorRefusal."""
    bones = _bones(text, limits, "envelope.input")
    data = _parsed(text, "envelope.input")
    if not isinstance(data, dict):
        raise _wrong("input", "应为对象", "must be an object")
    if _keys(data) != bones.count(b":"):
        raise _twice(text)
    return data


def _keys(node: dict[str, Any] | list[Any]) -> int:
    """How many keys stand in an object or list and all that is in it."""
    values: Any = node
    count = 0
    if type(node) is dict:
        values, count = node.values(), len(node)
    for value in values:
        if type(value) is dict or type(value) is list:
            count += _keys(value)
    return count


def _twice(text: bytes) -> DoorRefusal:
    """The refusal that names the first key standing twice in one object; the text is read again slowly, as this is rare."""
    found: list[str] = []

    def paired(pairs: list[tuple[str, Any]]) -> None:
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                found.append(key)
            seen.add(key)

    json.loads(text, object_pairs_hook=paired)
    key = found[0][:40] if found else "?"
    return DoorRefusal(DUPLICATE_KEY, f"：{key}", f": {key}")


def _small(body: bytes, limits: Limits) -> None:
    if len(body) > limits.max_bytes:
        raise DoorRefusal(TOO_LARGE, f"（{len(body)} 字节，上限 {limits.max_bytes}）", f" ({len(body)} bytes, at most {limits.max_bytes})")


def _bones(text: bytes, limits: Limits, place: str = "") -> bytes:
    """The skeleton of a text that is neither too deep nor of too many parts. Raises DoorRefusal."""
    bones = skeleton(text)
    if bones.count(b"{") + bones.count(b"[") > limits.max_parts:
        zh, en = f"（对象和列表超过 {limits.max_parts} 个）", f" (more than {limits.max_parts} objects and lists)"
        raise DoorRefusal(TOO_LARGE, zh, en, place=place)
    if is_deeper(bones, limits.max_depth):
        raise _deep(limits, place)
    return bones


def _deep(limits: Limits, place: str = "") -> DoorRefusal:
    return DoorRefusal(TOO_DEEP, f"（上限 {limits.max_depth} 层）", f" (at most {limits.max_depth} levels)", place=place)


def _closed(zh: str, en: str) -> DoorRefusal:
    return DoorRefusal(NOT_OPENED, f"：{zh}", f": {en}", place="envelope.input")


def _lacks(key: str) -> DoorRefusal:
    return DoorRefusal(FIELD_MISSING, f"{_WORDS[key]} {key}", key, place=f"envelope.{key}")


def _wrong(key: str, zh: str, en: str) -> DoorRefusal:
    return DoorRefusal(FIELD_WRONG, f"{_WORDS[key]} {key} {zh}", f"{key} {en}", place=f"envelope.{key}")
