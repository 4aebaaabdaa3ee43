"""Bad wires and bad manners 异常报文: too large, too deep, not JSON, another encoding, a pause in the body, odd texts in every field."""

import json
from typing import Any

from openyibao.outside.hospital.conformance.case import case
from openyibao.outside.hospital.conformance.cases.access import institution
from openyibao.outside.hospital.conformance.stage import Stage
from openyibao.outside.hospital.envelope import Exchange, encoded
from openyibao.outside.hospital.inputs import identify
from openyibao.outside.hospital.rawsend import send_with_pause

PAUSE = 3.0
"""Seconds in the middle of a body."""

NASTY = ("'; DROP TABLE person; --", "\" OR \"\"=\"", "{{7*7}}", "../../etc/passwd", "%00", "\u202e", "<script>", "𠮷" * 40, "\\u0000",
         "0x1F")
"""Texts that have upset servers."""


def sent(stage: Stage, body: bytes, kind: str = "application/json;charset=utf-8") -> Exchange:
    """A body as it stands."""
    hospital = stage.hospital()
    request = hospital.request("1201", institution(stage))
    return hospital.post("1201", request, {**hospital.signed_headers("1201"), "Content-Type": kind}, body)


def still_there(stage: Stage) -> None:
    """The door answers the next message as if nothing had been."""
    stage.accepted(stage.hospital().call("1201", institution(stage)))


@case("wire.oversized", "过大的报文被拒绝，服务不受影响", "a message too large is refused and the door stays well",
      needs=("clinics.hospital",),
      cure=("先看长度再解析，超限即拒绝。", "Look at the length before parsing, refuse beyond the limit."))  # fmt: skip
def oversized(stage: Stage) -> None:
    """Eight million characters of input."""
    hospital = stage.hospital()
    request = hospital.request("1201", {"medinsinfo": {"fixmedins_type": "1", "fixmedins_name": "大" * 2_700_000}})
    exchange = hospital.post("1201", request | {"input": "（略 left out）"}, hospital.signed_headers("1201"), encoded(request))
    stage.refused(exchange)
    still_there(stage)


@case("wire.deep-nesting", "嵌套过深的报文被拒绝", "a message nested too deeply is refused", needs=("clinics.hospital",),
      cure=("解析前检查嵌套层数。", "Count the depth before parsing."))  # fmt: skip
def deep_nesting(stage: Stage) -> None:
    """Twenty thousand brackets."""
    whole = encoded(stage.hospital().request("1201", {"medinsinfo": "@"}))
    stage.refused(sent(stage, whole.replace(b'"@"', b"[" * 20_000 + b"]" * 20_000)))
    still_there(stage)


@case("wire.not-json", "不是 JSON 的报文被拒绝", "what is no JSON is refused", needs=("clinics.hospital",),
      cure=("回一句说明，不回 5xx。", "Answer a sentence, not a 5xx."))  # fmt: skip
def not_json(stage: Stage) -> None:
    """Several bodies that are no message."""
    for body in (b"", b"<xml/>", b"{", b"[]", b"null", b'{"infno": "1201",}', b'{"infno": NaN}'):
        stage.refused(sent(stage, body))
    still_there(stage)


@case("wire.encoding", "编码错误的报文被拒绝", "a wrong encoding is refused", needs=("clinics.hospital",),
      cure=("非 UTF-8 的正文拒绝并说明编码要求；绝不按乱码入库。",
            "Refuse a body that is not UTF-8 and say so; never store garbled text."))  # fmt: skip
def encoding(stage: Stage) -> None:
    """A body in GBK, and one cut in the middle of a character."""
    request = stage.hospital().request("1201", institution(stage))
    text = json.dumps({**request, "fixmedins_name": "测试医院甲"}, ensure_ascii=False)
    stage.refused(sent(stage, text.encode("gb18030")))
    stage.refused(sent(stage, text.encode("utf-8").replace("测".encode(), "测".encode()[:2])))
    still_there(stage)


@case("wire.stall", "正文中途停顿 3 秒仍能受理", "a pause of 3 seconds within the body is borne", needs=("clinics.hospital",),
      cure=("基层线路慢：读正文的时限应大于 3 秒，且不占住其他请求。",
            "Lines in villages are slow: the limit for reading a body exceeds 3 seconds, and no other request waits for it."))  # fmt: skip
def stall(stage: Stage) -> None:
    """Half a body, three seconds, the other half."""
    hospital = stage.hospital()
    if stage.address.base.startswith("https"):
        return stage.remark("https 地址不作停顿测试", "no pause is played over https")
    request = hospital.request("1201", institution(stage))
    head, body, url = hospital.signed_headers("1201"), encoded(request), hospital.address.url("1201")
    status, kind, content = send_with_pause(url, head, body, PAUSE)
    stage.accepted(hospital.noted("1201", url, head, request, body, status, kind, content, PAUSE, "正文中途停顿 paused within the body"))
    return None


@case("wire.habits", "各家厂商的写法都受理", "the habits of vendors are accepted", needs=("clinics.hospital", "people.employee"),
      cure=("未知键忽略；null、\"null\"、NULL、空串都当空；键序任意；text/plain 也受理；数字写成字符串也受理。",
            "Ignore unknown keys; null, \"null\", NULL and \"\" are empty; any order of keys; text/plain; numbers as text."))  # fmt: skip
def habits(stage: Stage) -> None:
    """1101 written in several ways."""
    hospital = stage.hospital()
    given = identify(stage.cast.people["employee"], stage.clock())
    extra: dict[str, Any] = {"TOKEN": "", "pay_loc": "1", "enc_type": "", "fixmedins_soft_fcty": "厂商", "dev_no": "null",
                             "sign_no": "NULL",
                             "cainfo": "null"}  # fmt: skip
    if hospital.sign_no:
        extra.pop("sign_no")
    stage.accepted(hospital.call("1101", given, changes=extra))
    words = {"data": {**given["data"], "card_sn": "NULL", "begntime": "", "psn_name": "", "certno": "", "unknown_key": [1, {"a": None}]}}
    stage.accepted(hospital.call("1101", words))
    request = dict(reversed(hospital.request("1101", given).items()))
    stage.accepted(hospital.post("1101", request, {**hospital.signed_headers("1101"), "Content-Type": "text/plain;charset=UTF-8"},
                                 encoded(request)))


@case("wire.odd-texts", "怪异文字不致出错", "odd texts break nothing", needs=("clinics.hospital", "people.employee"),
      cure=("一切文字只作数据：不拼 SQL、不进模板；拒绝也要说人话。",
            "Every text is data: no SQL by pasting, no templates; refuse in plain words."))  # fmt: skip
def odd_texts(stage: Stage) -> None:
    """Nasty texts in the fields of 1101, 5203 and 1312."""
    hospital = stage.hospital()
    given = identify(stage.cast.people["employee"], stage.clock())
    for text in NASTY:
        for infno, node in (("1101", {"data": {**given["data"], "mdtrt_cert_no": text, "certno": text, "psn_name": text}}),
                            ("5203", {"data": {"psn_no": text, "setl_id": text, "mdtrt_id": text}})):  # fmt: skip
            stage.refused(hospital.call(infno, node))
        exchange = hospital.call("1312", {"data": {"hilist_name": text, "updt_time": "2000-01-01", "page_num": 1, "page_size": 5}})
        stage.require(exchange.status < 500, f"1312 遇到 {text!r} 出错", f"1312 broke on {text!r}", exchange)
    still_there(stage)


CASES = (oversized, deep_nesting, not_json, encoding, stall, habits, odd_texts)
"""In the order of playing."""
