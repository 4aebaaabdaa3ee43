"""The message envelope 报文 as a hospital writes and reads it: who speaks, message ids, encoding, and a reply taken apart.

Amounts stay decimal on the way out and on the way in: a float never touches them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import msgspec

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The zone of every time at the wire."""

SUCCESS_WORDS = ("", "成功", "success", "ok")
"""Texts of err_msg that go with success; anything else means that the message failed, whatever infcode says."""

ENCODER = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True)
class Institution:
    """A designated institution 定点医药机构 that speaks. area: division 医保区划, six digits."""

    code: str
    name: str
    area: str
    operator: str = "0001"
    operator_name: str = "收费员"


def message_id(institution: str, at: datetime, serial: int) -> str:
    """A message id 发送方报文ID (msgid): institution 12 + time 14 + serial 4, 30 characters for a code of 12."""
    return f"{institution}{at:%Y%m%d%H%M%S}{serial % 10_000:04d}"


def envelope(institution: Institution, infno: str, given: Any, *, msgid: str, at: datetime, home: str = "",
             sign_no: str = "") -> dict[str, Any]:
    """A request's envelope. given: the input node; at: now, in Beijing time; home: the insured division 参保地, local when empty."""
    return {
        "infno": infno, "msgid": msgid,
        "mdtrtarea_admvs": institution.area, "insuplc_admdvs": home or institution.area,
        "recer_sys_code": "MBS_LOCAL", "dev_no": "", "dev_safe_info": "", "cainfo": "", "signtype": "", "infver": "V1.0",
        "opter_type": "1", "opter": institution.operator, "opter_name": institution.operator_name,
        "inf_time": f"{at:%Y-%m-%d %H:%M:%S}",
        "fixmedins_code": institution.code, "fixmedins_name": institution.name, "sign_no": sign_no,
        "input": given,
    }  # fmt: skip


def encoded(message: Any) -> bytes:
    """A request as UTF-8 JSON; Decimal becomes a JSON number."""
    return ENCODER.encode(message)


@dataclass(frozen=True)
class Exchange:
    """One request and what came back 一次交互.

    reply: the JSON object; None when the body is no JSON object (a file, or rubbish). seconds: wall time of the round trip.
    """

    infno: str
    url: str
    headers: Mapping[str, str]
    request: Mapping[str, Any]
    body: bytes
    status: int
    content_type: str
    content: bytes
    reply: Mapping[str, Any] | None
    seconds: float
    note: str = ""

    @property
    def ok(self) -> bool:
        """Whether a careful client takes the reply for success: infcode 0 (number or string) and no error text."""
        if self.reply is None:
            return self.status == 200 and self.is_file
        return str(self.reply.get("infcode")) == "0" and self.text.lower() in SUCCESS_WORDS

    @property
    def is_file(self) -> bool:
        """Whether the reply is a file and not a message."""
        return self.content_type.startswith("application/octet-stream")

    @property
    def text(self) -> str:
        """The error text err_msg, or the message of a gateway's refusal; empty when there is none."""
        if self.reply is None:
            return ""
        return str(self.reply.get("err_msg") or self.reply.get("message") or "")

    @property
    def output(self) -> Any:
        """The output node 交易输出; an empty object when there is none."""
        return {} if self.reply is None else self.reply.get("output") or {}

    @property
    def msgid(self) -> str:
        """The id of the request."""
        return str(self.request.get("msgid", ""))


def node(output: Any, *names: str) -> Any:
    """The first named node that an output holds; the output itself when it holds none of them."""
    if isinstance(output, Mapping):
        for name in names:
            if name in output:
                return output[name]
    return output


def one(output: Any, *names: str) -> Mapping[str, Any]:
    """A node that is one object, also where a place sends it as a list of one; empty when absent."""
    found = node(output, *names)
    if isinstance(found, list):
        found = found[0] if found else {}
    return found if isinstance(found, Mapping) else {}


def many(output: Any, *names: str) -> list[Mapping[str, Any]]:
    """A node that is a list, also where a place sends a single row as an object."""
    found = node(output, *names)
    if isinstance(found, Mapping):
        found = [found] if found else []
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []


def read(content: bytes) -> Mapping[str, Any] | None:
    """A reply's body as a JSON object with decimal amounts; None when it is no such thing."""
    try:
        found = json.loads(content.decode("utf-8"), parse_float=Decimal)
    except (UnicodeDecodeError, json.JSONDecodeError):
        return None
    return found if isinstance(found, dict) else None
