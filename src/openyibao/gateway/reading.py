"""Reading particulars of a checked input 取值: numbers of documents, moments with their zone, exp_content, what a settlement asks."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

import msgspec

from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.actions import Caller
from openyibao.bureau.settlement.assemble import Asked
from openyibao.bureau.settlement.clock import BEIJING
from openyibao.gateway.handling import Request
from openyibao.gateway.wire import fen

ENCODER = msgspec.json.Encoder(decimal_format="string")
STAY_BATCH = "0"
"""chrg_bchno of a stay's lines, which have no batch."""

EARLIEST = 1800
"""Year before which nothing here happened."""

WIDEST = 18
"""Digits of the largest document number."""


def document(fields: Mapping[str, Any], name: str, what: str, code: str) -> int:
    """A document number of ours in a field. Raises Refused when it can be none."""
    text = fields.get(name) or ""
    if not text.isdecimal() or len(text) > WIDEST:
        raise Refused(
            code,
            f"{what} {text or '空'} 不存在",
            f"there is no such {name}: {text or 'empty'}",
            place=name,
            next_zh=f"请核对{what}",
            next_en=f"check {name}",
        )
    return int(text)


def visit_number(fields: Mapping[str, Any]) -> int:
    """mdtrt_id 就诊ID."""
    return document(fields, "mdtrt_id", "就诊ID", "VISIT-01")


def settlement_number(fields: Mapping[str, Any]) -> int:
    """setl_id 结算ID."""
    return document(fields, "setl_id", "结算ID", "REVERSE-01")


def moment(value: date | None) -> datetime | None:
    """A wire moment with the city's zone; a day alone, such as dscgTime, means its end."""
    if value is None:
        return None
    return in_city(value if isinstance(value, datetime) else datetime.combine(value, time(23, 59, 59)))


def in_city(value: datetime) -> datetime:
    """A moment with the city's zone. Raises Refused QUERY-02 before EARLIEST: the first hours of year 1 have no instant at all."""
    if value.year < EARLIEST:
        raise Refused("QUERY-02", f"时间 {value.isoformat(' ')} 不合理。", f"{value.isoformat(' ')} is no likely time.",
                      next_zh="请更正后重发。", next_en="Correct it and send again.")
    return value.replace(tzinfo=BEIJING)


def at_or(value: datetime | None, other: datetime) -> datetime:
    """A wire moment, or another where none came."""
    return other if value is None else in_city(value)


def extra(fields: Mapping[str, Any]) -> dict[str, Any]:
    """exp_content 字段扩展 as a dict; what is no JSON object says nothing."""
    text = fields.get("exp_content") or fields.get("expContent")
    if isinstance(text, dict):
        return text
    if not text:
        return {}
    try:
        found = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def kept(fields: Mapping[str, Any], *without: str) -> str:
    """The fields as sent, for the record, as JSON text."""
    return ENCODER.encode({name: value for name, value in fields.items() if name not in without}).decode()


def caller(request: Request) -> Caller:
    """Who asks, by which message."""
    return Caller(request.institution, request.msgid, request.infno, request.digest)


def asked(fields: Mapping[str, Any], batch: str, discharged: datetime | None = None, sort: str = "O") -> Asked:
    """What a settlement message asks."""
    total = fields.get("medfee_sumamt")
    return Asked(
        fields.get("psn_no", ""),
        fields.get("insutype", ""),
        fields.get("med_type") or "",
        batch,
        fields.get("acct_used_flag") or "1",
        None if total is None else fen(total),
        extra(fields),
        fields.get("mdtrt_cert_type") or "",
        discharged,
        sort,
        fields.get("invono") or "",
    )
