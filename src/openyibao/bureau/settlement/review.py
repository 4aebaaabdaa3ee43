"""Audit at the doctor's desk and at the window 事前事中审核 (3101, 3102), and the answers to it (3103).

Who judges can be exchanged: `settings.AUDIT` names a function of the form `Audit`. Without one nothing is found. What was asked is kept
either way, without the patient's name. One rule stands here because it needs no knowledge: an order of a suspended doctor is refused (F28).
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from openyibao.bureau.providers.queries import suspensions_of
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.models import Review

BEFORE, DURING, ANSWER = "3101", "3102", "3103"

NOTHING_FOUND = "openyibao.bureau.settlement.review.nothing_found"

PERSONAL = frozenset({"patn_name", "psn_name", "certno"})
"""Keys that are not kept: who it was, the person number says."""


class Order(NamedTuple):
    """One order 处方医嘱 of a request."""

    number: str  # rx_id
    doctor: str  # drord_dr_codg
    doctor_name: str
    at: datetime  # drord_begn_date
    place: str  # where in the message


class FindingLine(NamedTuple):
    """One line of a finding 违规明细."""

    psn_no: str
    mdtrt_id: str
    order: str  # rx_id
    kind: str  # vola_item_type
    at_stake: int  # fen


class Finding(NamedTuple):
    """One finding 疑点 as 3101 and 3102 answer it."""

    rule: str
    rule_name: str
    because: str  # vola_cont
    psn_no: str
    mdtrt_id: str
    at_stake: int  # fen
    severity: str  # sev_deg: 1 certain, 2 suspected, 3 reminder
    evidence: str  # vola_evid
    behaviour: str  # vola_bhvr_type
    lines: tuple[FindingLine, ...] = ()


class Audit(Protocol):
    """Who judges a request 审核规则: reads nothing but what it is given, changes nothing."""

    def __call__(self, stage: str, request: Mapping[str, Any], at: datetime) -> Sequence[Finding]:
        """The findings on a request of BEFORE or DURING, by its national names, at an instant."""


def nothing_found(stage: str, request: Mapping[str, Any], at: datetime) -> Sequence[Finding]:
    """The audit of an installation that has none: no finding."""
    return ()


def audit() -> Audit:
    """The audit of this installation. Raises ImportError when `settings.AUDIT` names nothing."""
    found: Audit = import_string(getattr(settings, "AUDIT", NOTHING_FOUND))
    return found


def refuse_suspended_doctors(orders: Iterable[Order]) -> None:
    """Raise Refused for the first order whose doctor was suspended at its hour 医师暂停处方资格 (F28)."""
    listed = list(orders)
    for at in sorted({order.at for order in listed}):
        measures = suspensions_of({order.doctor for order in listed if order.at == at}, at)
        for order in listed:
            if order.at == at and order.doctor in measures:
                measure = measures[order.doctor]
                since = f"{timezone.localtime(measure.starts):%Y-%m-%d %H:%M}"
                until = f"，至 {timezone.localtime(measure.ends):%Y-%m-%d %H:%M}" if measure.ends else ""
                raise Refused(
                    "MEASURE-03", f"医师 {order.doctor_name}（{order.doctor}）的医保处方资格自 {since} 起暂停{until}：{measure.reason}",
                    f"doctor {order.doctor} is suspended since {since}: {measure.reason}", place=order.place,
                    next_zh="请由其他医保医师开具", next_en="have another doctor order it",
                    clause=measure.clause,
                )


def reviewed(institution: str, stage: str, request: Mapping[str, Any], *, psn_no: str, mdtrt_id: str, at: datetime) -> list[dict[str, Any]]:
    """Judge a request and keep it with what was found; the findings, each with the number `jr_id` that 3103 answers to.

    request  plain JSON by national names
    """
    findings = [
        {"jr_id": secrets.token_hex(12), **finding._asdict(), "lines": [line._asdict() for line in finding.lines]}
        for finding in audit()(stage, request, at)
    ]
    Review.objects.create(
        fixmedins_code=institution, infno=stage, psn_no=psn_no[:30], mdtrt_id=mdtrt_id[:30], at=at, request=impersonal(request),
        findings=findings,
    )
    return findings


def answered(institution: str, request: Mapping[str, Any], *, numbers: Sequence[str], at: datetime) -> None:
    """Keep what a doctor did about findings 反馈 (3103). Numbers that nobody gave out are kept, and marked `unknown`."""
    given = Review.objects.filter(fixmedins_code=institution, infno__in=(BEFORE, DURING))
    known = {number for number in numbers if given.filter(findings__contains=[{"jr_id": number}]).exists()}
    unknown = [number for number in numbers if number not in known]
    Review.objects.create(
        fixmedins_code=institution, infno=ANSWER, at=at, request=impersonal(request), findings=[{"unknown": number} for number in unknown]
    )


def impersonal(value: Any) -> Any:
    """The same without names and identity numbers."""
    if isinstance(value, Mapping):
        return {name: impersonal(entry) for name, entry in value.items() if name not in PERSONAL}
    return [impersonal(entry) for entry in value] if isinstance(value, list) else value
