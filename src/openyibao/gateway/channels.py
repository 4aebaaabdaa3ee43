"""Channels 接入渠道: how one vendor, hospital or relay speaks to the door: its signature scheme, its keys and its habits.

The published interface leaves much open, and the places that run it differ: infcode is a number here and text there, an empty answer
is `{}`, null or absent, one client stops at a key's spelling. Each difference is a setting of the channel, none a branch in a handler.
Settings come as a plain dict of texts (a row of a table or of a CSV file); nothing here reads a file, a row or a clock.
"""

import hmac
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from hashlib import sha256
from typing import Any, NamedTuple

from openyibao.outside.seals import sm2, sm4

ANY = "*"
NONE, CSB, TIF, APIKEY, BEARER = "none", "csb", "tif", "apikey", "bearer"
SIGNED = (CSB, TIF, APIKEY, BEARER)
SPELLINGS: dict[str, dict[str, str]] = {
    "national": {},
    "guangzhou": {"psn_part_amt": "psn_part_am"},
    "hainan": {
        "medfee_sumamt": "med_fee_sumamt", "preselfpay_amt": "prese_ifpay_amt", "psn_cash_pay": "psnCash_pay", "certno": "cert_no",
        "fulamt_ownpay_amt": "fulamtOwnpay_amt",
    },
}


class Setting(NamedTuple):
    """One setting 设置项 of a channel: what it is, how a text becomes its value, and the texts permitted (empty: any)."""

    name: str
    zh: str
    en: str
    read: Callable[[str], Any]
    choices: tuple[str, ...] = ()


class BadSettings(ValueError):
    """Settings that make no channel 渠道设置有误; `problems` has one sentence for each, naming the setting."""

    def __init__(self, code: str, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(f"channel {code or '?'}: " + "; ".join(problems))


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to the door 接入渠道. The settings are told one by one in `SETTINGS`; secrets are kept out of its repr."""

    code: str
    name: str = ""
    enabled: bool = True
    institutions: frozenset[str] = frozenset()
    scheme: str = NONE
    key_id: str = ""
    secret: str = field(default="", repr=False)
    username: str = ""
    password: str = field(default="", repr=False)
    token_seconds: int = 7200
    api_name: str = ""
    skew_seconds: int = 1800
    replay: str = ""
    input_encryption: str = "none"
    output_encryption: str = "none"
    sm4_key: bytes = field(default=b"", repr=False)
    sm4_mode: str = "ecb"
    body_signature: str = "none"
    signed_text: str = "plain"
    sign_output: bool = False
    sm2_user_id: str = ""
    client_public_key: str = ""
    private_key: str = field(default="", repr=False)
    payment_check: bool = False
    infcode: str = "number"
    empty_output: str = "object"
    success_err_msg: str | None = None
    node: str = "data"
    spelling: str = "national"
    encoding: str = "utf-8"
    division: str = ""
    account_in_fund: bool = False
    sign_in_required: bool = True
    max_bytes: int = 1_048_576
    max_depth: int = 16
    max_msgid: int = 30

    @property
    def guards_replay(self) -> bool:
        """Whether one signature may carry one body only: as set, else under tif, whose nonce is meant for it."""
        return self.replay == "body" or (self.replay == "" and self.scheme == TIF)

    @property
    def user_id(self) -> bytes:
        """The SM2 user id 用户标识: as set, else the key id, as seen in Jilin."""
        return (self.sm2_user_id or self.key_id).encode()

    def may_speak_for(self, institution: str) -> bool:
        """Whether messages of this institution may come through here 可代表的机构."""
        return ANY in self.institutions or institution in self.institutions


def _flag(text: str) -> bool:
    if text.lower() in ("1", "true", "yes", "是"):
        return True
    if text.lower() in ("0", "false", "no", "否"):
        return False
    raise ValueError("must be 1 or 0")


def _number(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"\d{1,12}", text) or not low <= int(text) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(text)
    return read


def _codes(text: str) -> frozenset[str]:
    codes = frozenset(re.split(r"[\s,;|，；]+", text.strip())) - {""}
    wrong = sorted(code for code in codes if code != ANY and not re.fullmatch(r"[A-Za-z0-9]{1,12}", code))
    if wrong:
        raise ValueError(f"not institution codes: {wrong}")
    return codes


def _message(text: str) -> str | None:
    return None if text == "null" else "" if text == "empty" else text


def _division(text: str) -> str:
    if not re.fullmatch(r"\d{6}", text):
        raise ValueError("must be six digits")
    return text


def _public_key(text: str) -> str:
    sm2.public_key(text)
    return text


def _private_key(text: str) -> str:
    sm2.private_key(text)
    return text


SETTINGS = (
    Setting("code", "渠道编号", "what the channel is called in logs and settings", str),
    Setting("name", "渠道名称", "who stands behind it", str),
    Setting("enabled", "启用", "0 closes the channel", _flag),
    Setting("institutions", "可代表的机构", "codes separated by blanks or commas; * any that has no signed channel of its own", _codes),
    Setting("scheme", "签名方式", "see the table of schemes", str, (NONE, *SIGNED)),
    Setting("key_id", "接入标识", "csb access key, tif paasid, bearer client id; not secret", str),
    Setting("secret", "密钥", "csb secret key, tif secret, the apikey itself, bearer client secret", str),
    Setting("username", "令牌用户名", "bearer: user of the password grant; empty: not asked", str),
    Setting("password", "令牌口令", "bearer: password of that user", str),
    Setting("token_seconds", "令牌有效秒数", "bearer: how long a token lasts", _number(60, 86400)),
    Setting("api_name", "网关路由名", "csb: what _api_name must be; {infno} stands for the number; empty: anything", str),
    Setting("skew_seconds", "时钟允许偏差（秒）", "csb, tif: how far the signed time may lie before or after ours", _number(1, 86400)),
    Setting("replay", "签名重放检查", "body: one signature, one body; off; empty: body under tif, off elsewhere", str, ("", "off", "body")),
    Setting("input_encryption", "输入加密", "none; accepted: plain or SM4; required: SM4 only", str, ("none", "accepted", "required")),
    Setting("output_encryption", "输出加密", "none; same: as the request came; always", str, ("none", "same", "always")),
    Setting("sm4_key", "SM4 密钥", "32 hexadecimal digits or 16 characters", sm4.key_of),
    Setting("sm4_mode", "SM4 模式", "ecb; cbc: the IV is the first block of the ciphertext", str, ("ecb", "cbc")),
    Setting("body_signature", "cainfo 验签", "none; accepted: verified when there; required", str, ("none", "accepted", "required")),
    Setting("signed_text", "签名原文", "what SM2 signs: plain input text, or sent: the ciphertext if there is one", str, ("plain", "sent")),
    Setting("sign_output", "输出签名", "1: replies carry our SM2 signature of the output in cainfo", _flag),
    Setting("sm2_user_id", "SM2 用户标识", "empty: key_id", str),
    Setting("client_public_key", "对方 SM2 公钥", "hexadecimal (04 + x + y, or x + y) or the same in Base64", _public_key),
    Setting("private_key", "本方 SM2 私钥", "hexadecimal or Base64, 32 bytes", _private_key),
    Setting("payment_check", "支付密码校验", "1: 2102, 2207 and 2304 need an RSA block in cainfo", _flag),
    Setting("infcode", "返回码形式", "number: 0 and -1; string: \"0\" and \"-1\"", str, ("number", "string")),
    Setting("empty_output", "空输出形式", "object: {}; data: {\"data\": {}}; null", str, ("object", "data", "null")),
    Setting("success_err_msg", "成功时 err_msg", "null, empty, or a text such as 成功", _message),
    Setting("node", "单节点名称", "data or mdtrtinfo: the node that single-node inputs use", str, ("data", "mdtrtinfo")),
    Setting("spelling", "输出字段拼写", "national, or a set of spellings that some clients insist on", str, tuple(SPELLINGS)),
    Setting("encoding", "报文编码", "utf-8; gb18030: what is not UTF-8 is read as that; replies stay UTF-8", str, ("utf-8", "gb18030")),
    Setting("division", "报文号区划", "six digits that begin inf_refmsgid; empty: the city's", _division),
    Setting("account_in_fund", "基金支付含个账", "1: fund_pay_sumamt includes the personal account", _flag),
    Setting("sign_in_required", "必须签到", "1: business numbers need a sign_no from 9001", _flag),
    Setting("max_bytes", "报文上限（字节）", "larger bodies are refused before they are read", _number(1024, 67_108_864)),
    Setting("max_depth", "嵌套上限", "deeper JSON is refused before it is built", _number(4, 64)),
    Setting("max_msgid", "报文编号上限（字符）", "30; up to 40 for programs that append milliseconds", _number(30, 40)),
)
_READERS = {setting.name: setting for setting in SETTINGS}
DEFAULTS: dict[str, Any] = {part.name: part.default for part in fields(Channel) if part.name != "code"}


def channel_of_settings(settings: Mapping[str, object]) -> Channel:
    """The channel 渠道 that these settings make; values may be texts, or already of their type; empty or None means the default.

    Names that begin with x_ are notes for the other side (its private key in a sandbox, say) and are left alone. Raises BadSettings
    with every problem found: an unknown name, a text that cannot be read, a scheme without its keys.
    """
    values: dict[str, Any] = {}
    problems = [f"there is no setting {name!r}" for name in settings if name not in _READERS and not name.startswith("x_")]
    for name, given in settings.items():
        setting = _READERS.get(name)
        if setting is None or given is None or given == "":
            continue
        text = ",".join(map(str, given)) if isinstance(given, list | tuple | set | frozenset) else _plain(given)
        if setting.choices and text not in setting.choices:
            problems.append(f"{name}: {text!r} is none of {', '.join(filter(None, setting.choices))}")
            continue
        try:
            values[name] = setting.read(text)
        except ValueError as wrong:
            problems.append(f"{name}: {wrong}")
    code = str(values.get("code", ""))
    if not code:
        problems.append("code: must be given")
    if problems:
        raise BadSettings(code, problems)
    channel = Channel(**values)
    if lacking := _lacking(channel):
        raise BadSettings(code, lacking)
    return channel


def _plain(given: object) -> str:
    """A setting as text: True as 1, bytes as hexadecimal."""
    if isinstance(given, bool):
        return str(int(given))
    return given.hex() if isinstance(given, bytes) else str(given)


def _lacking(channel: Channel) -> list[str]:
    """What a channel of this scheme and these habits needs and has not."""
    needs = [("institutions", bool(channel.institutions), "name the institutions, or * for any")]
    if channel.scheme in (CSB, TIF, BEARER):
        needs.append(("key_id", bool(channel.key_id), f"needed by scheme {channel.scheme}"))
    if channel.scheme in SIGNED:
        needs.append(("secret", bool(channel.secret), f"needed by scheme {channel.scheme}"))
    if channel.username:
        needs.append(("password", bool(channel.password), "needed with username"))
    if channel.input_encryption != "none" or channel.output_encryption != "none":
        needs.append(("sm4_key", bool(channel.sm4_key), "needed to encrypt"))
    if channel.body_signature != "none":
        needs.append(("client_public_key", bool(channel.client_public_key), "needed to verify cainfo"))
        needs.append(("sm2_user_id", bool(channel.user_id), "needed when there is no key_id"))
    if channel.sign_output:
        needs.append(("private_key", bool(channel.private_key), "needed to sign replies"))
    if channel.payment_check and channel.body_signature != "none":
        needs.append(("payment_check", False, "cainfo cannot hold a payment block and a signature at once"))
    return [f"{name}: {why}" for name, there, why in needs if not there]


def describe() -> list[tuple[str, str, str, str]]:
    """The settings as rows for a page: name, 中文, what it does, default as text."""
    rows = []
    for setting in SETTINGS:
        default = DEFAULTS.get(setting.name, "")
        shown = "null" if setting.name == "success_err_msg" else _plain(default) if not isinstance(default, frozenset) else ""
        rows.append((setting.name, setting.zh, setting.en, shown))
    return rows


def key_digest(text: str) -> bytes:
    """What a presented secret is looked up by, so that the time a look-up takes tells nothing about the secret."""
    return sha256(text.encode()).digest()


class Channels:
    """All channels 渠道表, found by what a request shows of itself. Immutable: a change of settings makes a new one."""

    def __init__(self, channels: Iterable[Channel]) -> None:
        """Raises BadSettings when two channels share a code or, within a scheme, a key; or two open ones an institution."""
        self.all = tuple(channels)
        self._by_code: dict[str, Channel] = {}
        self._by_key: dict[tuple[str, bytes], Channel] = {}
        self._open: dict[str, Channel] = {}
        self._signed: set[str] = set()
        for channel in self.all:
            if self._by_code.setdefault(channel.code, channel) is not channel:
                raise BadSettings(channel.code, ["code: used twice"])
            if channel.scheme == NONE:
                for institution in channel.institutions:
                    if self._open.setdefault(institution, channel) is not channel:
                        other = self._open[institution].code
                        raise BadSettings(channel.code, [f"institutions: {institution} already has the open channel {other}"])
                continue
            self._signed |= channel.institutions - {ANY} if channel.enabled else set()
            key = (channel.scheme, key_digest(channel.secret if channel.scheme == APIKEY else channel.key_id))
            if self._by_key.setdefault(key, channel) is not channel:
                raise BadSettings(channel.code, [f"key: already that of channel {self._by_key[key].code}"])

    def by_code(self, code: str) -> Channel | None:
        """The channel of this code 渠道编号."""
        return self._by_code.get(code)

    def by_key(self, scheme: str, key: str) -> Channel | None:
        """The channel of this scheme and access key; under apikey `key` is the secret itself."""
        return self._by_key.get((scheme, key_digest(key)))

    def open_to(self, institution: str) -> Channel | None:
        """The channel without signature that may speak for an institution.

        One that names it goes before one for any; an open channel for any never speaks for an institution with a signed channel of its own.
        """
        named = self._open.get(institution)
        if named is not None:
            return named
        return None if institution in self._signed else self._open.get(ANY)


def same(given: str, expected: str) -> bool:
    """Whether two secrets are equal, in a time that does not depend on where they differ."""
    return hmac.compare_digest(given.encode(), expected.encode())
