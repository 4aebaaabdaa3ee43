"""What the door refuses 接口门户的拒绝, before any desk is asked: stable codes, a sentence a cashier can act on, and what to do next.

A code never changes its meaning and is never used again for another. What a desk refuses is `openyibao.bureau.refused.Refused`; both carry
`code`, `zh`, `en`, `place`, `since`, `next_zh`, `next_en` and `clause`, so that `said` puts either into err_msg.

HTTP: whatever the envelope can say is answered with HTTP 200 and infcode -1, because hospital programs read the body of nothing else. Only
a refusal by the gateway itself, under the two schemes that have a form of their own for it, leaves the envelope: HTTP 401 and
`{"code": 401, "message": ...}`. Nothing is answered with 5xx: programs repeat on 5xx, and after a commit that would invite a second bill.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, Protocol

import msgspec

PERSON = re.compile(r"(?<!\d)\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)")
"""An identity number 公民身份号码, which a sentence would carry into logs when a program puts it into another field."""

LONGEST = 200           # err_msg 错误信息, characters
UNAUTHORIZED = 401


class Kind(NamedTuple):
    """One kind of refusal 拒绝类别: its sentence with `{what}` for the particulars, and the next step, in both languages."""

    code: str
    zh: str
    en: str
    next_zh: str
    next_en: str
    by_gateway: bool = False        # refused before it was known who asks: csb and bearer answer these outside the envelope


class Told(Protocol):
    """What `said` needs of a refusal: `DoorRefusal` and `bureau.refused.Refused` both have it."""

    code: str
    place: str
    zh: str
    en: str
    since: date | None
    next_zh: str
    next_en: str
    clause: str


NOT_JSON, TOO_LARGE, TOO_DEEP, WRONG_ENCODING, FIELD_MISSING = "DOOR-01", "DOOR-02", "DOOR-03", "DOOR-04", "DOOR-05"
FIELD_WRONG, DUPLICATE_KEY, NOT_OPENED, WRONG_METHOD, TOO_SLOW = "DOOR-06", "DOOR-07", "DOOR-08", "DOOR-09", "DOOR-10"
HEADERS_MISSING, UNKNOWN_CHANNEL, WRONG_SIGNATURE, CLOCK_SKEW, REPLAYED = "DOOR-11", "DOOR-12", "DOOR-13", "DOOR-14", "DOOR-15"
CHANNEL_DISABLED, TOKEN_REFUSED, BODY_SIGNATURE, PAYMENT_CHECK = "DOOR-16", "DOOR-17", "DOOR-18", "DOOR-19"
UNKNOWN_INSTITUTION, NOT_YOURS, NO_AGREEMENT, NOT_SIGNED_IN = "DOOR-21", "DOOR-22", "DOOR-23", "DOOR-24"
UNKNOWN_NUMBER, NOT_SERVED, INPUT_INVALID = "DOOR-31", "DOOR-32", "DOOR-33"
SAME_ID_OTHER_CONTENT, IN_PROGRESS, BUSY, NO_DATABASE, INTERNAL = "DOOR-41", "DOOR-42", "DOOR-51", "DOOR-52", "DOOR-99"

_KINDS = (
    Kind(NOT_JSON, "报文不是合法的 JSON{what}", "the message is not valid JSON{what}",
         "请由接口程序检查报文格式后重发", "have the interface program checked, then send again"),
    Kind(TOO_LARGE, "报文过大{what}", "the message is too large{what}",
         "请减少每次上传的条数，分批发送", "send fewer rows at a time, in batches"),
    Kind(TOO_DEEP, "报文嵌套过深{what}", "the message is nested too deeply{what}",
         "请按交易说明的节点结构发送", "send the nodes as the transaction describes them"),
    Kind(WRONG_ENCODING, "报文编码不是 UTF-8{what}", "the message is not UTF-8{what}",
         "请把接口程序的字符编码改为 UTF-8", "set the interface program to UTF-8"),
    Kind(FIELD_MISSING, "报文缺少{what}", "the message lacks {what}",
         "请补填后重发", "fill it in and send again"),
    Kind(FIELD_WRONG, "报文的{what}", "in the message, {what}",
         "请更正后重发", "correct it and send again"),
    Kind(DUPLICATE_KEY, "报文中同一对象内键名重复{what}", "a key stands twice in one object of the message{what}",
         "请由接口程序去掉重复的键", "have the interface program drop the second one"),
    Kind(NOT_OPENED, "交易输入无法解密{what}", "the input cannot be decrypted{what}",
         "请核对渠道的 SM4 密钥与加密方式", "check the channel's SM4 key and mode"),
    Kind(WRONG_METHOD, "本地址只接受 POST 报文{what}", "this address takes POSTed messages only{what}",
         "请用 POST 发送", "use POST"),
    Kind(TOO_SLOW, "报文未在限定时间内收完{what}", "the message did not arrive whole in time{what}",
         "请检查网络后用同一 msgid 重发", "check the network, then send again with the same msgid"),
    Kind(HEADERS_MISSING, "缺少服务网关请求头{what}", "gateway headers are missing{what}",
         "请在接口程序中配置签名请求头", "configure the signed headers in the interface program", True),
    Kind(UNKNOWN_CHANNEL, "接入标识未登记{what}", "the access identifier is not registered{what}",
         "请向医保经办机构核对接入标识", "ask the bureau for the registered identifier", True),
    Kind(WRONG_SIGNATURE, "请求签名不一致{what}", "the request's signature does not match{what}",
         "请核对密钥与签名原文", "check the secret and the text that is signed", True),
    Kind(CLOCK_SKEW, "签名时间戳超出允许范围{what}", "the signed time is outside the permitted window{what}",
         "请校准本机时钟（北京时间）后重发", "set the clock of this machine (Beijing time), then send again", True),
    Kind(REPLAYED, "同一签名已用于另一份报文{what}", "this signature was already used for another message{what}",
         "请为每份报文生成新的随机数并重新签名", "sign each message with a nonce of its own", True),
    Kind(CHANNEL_DISABLED, "接入渠道已停用{what}", "the channel is disabled{what}",
         "请联系医保经办机构", "ask the bureau", True),
    Kind(TOKEN_REFUSED, "访问令牌无效或已过期{what}", "the access token is invalid or has expired{what}",
         "请重新获取令牌后重发", "fetch a new token, then send again", True),
    Kind(BODY_SIGNATURE, "数字签名 cainfo 验签不通过{what}", "the signature in cainfo does not verify{what}",
         "请核对 SM2 密钥、用户标识与签名原文", "check the SM2 key, the user id and the text that is signed"),
    Kind(PAYMENT_CHECK, "缺少支付密码校验信息 cainfo{what}", "the payment check in cainfo is missing or malformed{what}",
         "请让参保人重新输入支付密码后再结算", "have the person enter the payment password again"),
    Kind(UNKNOWN_INSTITUTION, "定点医药机构未登记{what}", "the institution is not registered{what}",
         "请核对定点医药机构编号", "check the institution code"),
    Kind(NOT_YOURS, "本渠道不得代表该机构{what}", "this channel may not speak for that institution{what}",
         "请使用该机构自己的接入渠道", "use the channel of that institution"),
    Kind(NO_AGREEMENT, "该机构当日没有有效的服务协议{what}", "the institution has no agreement in force on this day{what}",
         "请联系医保经办机构核对协议状态", "ask the bureau about the agreement"),
    Kind(NOT_SIGNED_IN, "尚未签到或签到流水号已失效{what}", "not signed in, or the sign-in number is no longer valid{what}",
         "请先做签到交易 9001，再重发", "sign in by 9001 first, then send again"),
    Kind(UNKNOWN_NUMBER, "交易编号不存在{what}", "there is no such transaction number{what}",
         "请核对交易编号 infno", "check infno"),
    Kind(NOT_SERVED, "交易尚未在本地开通{what}", "the transaction is known and not served here yet{what}",
         "请按当地经办规程线下办理", "have it done at the bureau's counter"),
    Kind(INPUT_INVALID, "交易输入有误{what}", "the input is invalid{what}",
         "请更正后重发", "correct it and send again"),
    Kind(SAME_ID_OTHER_CONTENT, "该报文编号已用于内容不同的报文{what}", "this msgid was already used for another message{what}",
         "新业务请用新的 msgid；重发须与原报文一致", "use a new msgid for new business; a repeat must equal the first"),
    Kind(IN_PROGRESS, "同一报文正在处理{what}", "the same message is being processed{what}",
         "请稍候用同一 msgid 重发或用 Y0001 查询结果", "in a moment send it again with the same msgid, or ask Y0001"),
    Kind(BUSY, "系统繁忙，本次未受理{what}", "the system is busy and did not take this message{what}",
         "请稍候用同一 msgid 重发", "in a moment send it again with the same msgid"),
    Kind(NO_DATABASE, "数据库暂时不可用，结果未知{what}", "the database cannot be reached for the moment; the outcome is unknown{what}",
         "请用同一 msgid 重发，或用 Y0001 查询结果", "send it again with the same msgid, or ask Y0001"),
    Kind(INTERNAL, "系统内部错误{what}", "internal error{what}",
         "请用同一 msgid 重发；仍失败请把本提示报给经办机构", "send once more with the same msgid; if it fails again, report this"),
)
KINDS = {kind.code: kind for kind in _KINDS}


class DoorRefusal(Exception):
    """The door turns a message away 拒收; nothing has been stored.

    code         one of the codes above
    what         the particulars, put into the sentence (zh); `what_en` the same in English, `what` again when not given
    place        where in the message, e.g. `envelope.msgid` or `input.data.psn_no`
    problems     for INPUT_INVALID: one text per problem found, in order
    scheme       signature scheme under which a refusal by the gateway must be worded: "csb", "bearer" or ""
    """

    def __init__(
        self, code: str, what: str = "", what_en: str = "", *, place: str = "", problems: Sequence[object] = (), scheme: str = "",
    ) -> None:
        kind = KINDS[code]
        texts = [str(problem) for problem in problems]
        if texts and not what:
            what = f"（{len(texts)} 处）：" + "；".join(texts)
            what_en = f" ({len(texts)} places): " + "; ".join(texts)
        self.code, self.place, self.problems, self.scheme = code, place, texts, scheme
        self.zh, self.en = kind.zh.format(what=what), kind.en.format(what=what_en or what)
        self.next_zh, self.next_en = kind.next_zh, kind.next_en
        self.since: date | None = None
        self.clause = ""
        self.by_gateway = kind.by_gateway
        super().__init__(f"{code} {self.zh}")


def outside_the_envelope(refusal: DoorRefusal) -> bool:
    """Whether this refusal is answered as a gateway's own: HTTP 401 and {"code": 401, "message"}, without an envelope."""
    return refusal.by_gateway and refusal.scheme in ("csb", "bearer", "")


def gateway_body(refusal: DoorRefusal, trace: str) -> bytes:
    """The body of a refusal by the gateway 网关拒绝: code 401 and a message; also `error` as OAuth 2 asks under bearer."""
    body: dict[str, object] = {"code": UNAUTHORIZED, "message": said(refusal, trace)}
    if refusal.scheme == "bearer":
        body["error"] = "invalid_token"
    return msgspec.json.encode(body)


def said(refusal: Told, trace: str, language: str = "zh") -> str:
    """The text of err_msg 错误信息, at most 200 characters: `CODE sentence（自 day 起）。next step。〔clause〕[place](trace)`.

    Code and trace are always whole. When room is short the clause goes first, then the next step; then the sentence is cut.
    """
    chinese = language == "zh"
    sentence, step, stop = (refusal.zh, refusal.next_zh, "。") if chinese else (refusal.en, refusal.next_en, ". ")
    sentence = PERSON.sub("…", " ".join(sentence.split()).rstrip("。."))
    if refusal.since is not None:
        sentence += f"（自 {refusal.since} 起）" if chinese else f" (since {refusal.since})"
    step = step.rstrip("。. ")
    tail = (f"[{refusal.place}]" if refusal.place else "") + f"({trace})"
    room = LONGEST - len(refusal.code) - 1 - len(tail)
    if room < 8:                        # a place longer than the sentence tells nobody anything
        tail = f"({trace})"
        room = LONGEST - len(refusal.code) - 1 - len(tail)
    short = f"{sentence}{stop}"
    full = f"{short}{step}{stop}" if step else short
    clause = f"〔{refusal.clause}〕" if refusal.clause else ""
    text = next((text for text in (full + clause, full, short) if len(text) <= room), short[: room - 1] + "…")
    return f"{refusal.code} {text}{tail}"
