"""What the entitlement desk knows 待遇资格: filings, identities and measures of a person, and everything about the person on one value."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple, Protocol

from django.db.models import Q

from openyibao.bureau.enrolment import queries as enrolment
from openyibao.bureau.enrolment.cipher import Cipher
from openyibao.bureau.entitlement.models import Filing, Identity, Measure
from openyibao.bureau.policydesk.queries import pooling_area
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.queries import Looked, looks_at
from openyibao.kernel import codes
from openyibao.policybook.national import AID, aid_of

GRANTED, WITHDRAWN = "granted", "withdrawn"
EMERGENCY_VISITS = ("13", "1301", "24")
"""med_type of emergencies: elsewhere they need no filing (C07)."""


class Everything(NamedTuple):
    """All that the bureau has on a person 一人一档, on one value."""

    record: enrolment.Record
    filings: list[Filing]
    identities: list[Identity]
    measures: list[Measure]
    looks: list[Looked]  # who looked before, newest first


def in_force(day: date) -> Q:
    """Rows whose half-open span of days holds the day."""
    return Q(starts__lte=day) & (Q(ends__isnull=True) | Q(ends__gt=day))


def filings_of(psn_no: str, *, kind: str = "", day: date | None = None) -> list[Filing]:
    """Granted filings of a person, of one kind when given; those in force on a day, or all that were ever granted."""
    rows = Filing.objects.filter(psn_no=psn_no, state=GRANTED)
    if kind:
        rows = rows.filter(kind=kind)
    if day is not None:
        rows = rows.filter(in_force(day))
    return list(rows.order_by("starts", "sn"))


def has_filing(psn_no: str, kind: str, code: str, day: date) -> Filing | None:
    """The filing of a kind and code in force on a day, the earliest; None = none."""
    return Filing.objects.filter(in_force(day), psn_no=psn_no, kind=kind, code=code, state=GRANTED).order_by("starts").first()


def identities_of(psn_no: str, day: date) -> list[Identity]:
    """Special identities 特殊身份 in force on a day, by code."""
    return list(Identity.objects.filter(in_force(day), psn_no=psn_no).order_by("psn_idet_type"))


def aid_class(identities: Iterable[Identity]) -> int:
    """The aid category 医疗救助类别 that identities give: the first in the kernel's order, codes.NO_AID for none."""
    found = [aid_of(row.psn_idet_type) for row in identities if row.psn_idet_type in AID]
    return min((category for category in found if category), default=codes.NO_AID)


def measure_on(psn_no: str, at: datetime) -> Measure | None:
    """The measure against a person 参保人处理 in force at an instant, the earliest; None = none (F27)."""
    rows = Measure.objects.filter(Q(ends__isnull=True) | Q(ends__gt=at), psn_no=psn_no, starts__lte=at)
    return rows.order_by("starts").first()


def refuse_measured(psn_no: str, at: datetime) -> None:
    """Raise Refused MEASURE-01 when direct settlement is suspended for a person."""
    measure = measure_on(psn_no, at)
    if measure is not None:
        raise Refused(
            "MEASURE-01", f"该参保人已暂停联网结算：{measure.reason}。",
            f"Direct settlement is suspended for this person: {measure.reason}.",
            place="psn_no", since=measure.starts.date(), next_zh="请先全额结清，凭票据到经办窗口审核。",
            next_en="Have the person pay in full and claim at the bureau.", clause=measure.clause,
        )


def reaches(filed: str, treating: str) -> bool:
    """Whether a filing for a division covers the treating one: the same, or within the filed city or province."""
    if not filed:
        return True
    if filed.endswith("0000"):
        return treating[:2] == filed[:2]
    return treating[:4] == filed[:4] if filed.endswith("00") else treating == filed


class Filed(Protocol):
    """What the off-site class asks of a filing in force."""

    @property
    def kind(self) -> str:
        """Filing.OFFSITE, Filing.REFERRAL …"""

    @property
    def fixmedins_code(self) -> str:
        """The target of a referral; empty for any."""

    @property
    def area(self) -> str:
        """The treating area filed for; empty for any."""


def class_by(filings: Iterable[Filed], *, home: str, treating: str, institution: str, med_type: str) -> int:
    """Why care is elsewhere 异地就医类别 (C01, C02): kernel.codes HOME, EMERGENCY (no filing needed), REFERRED, FILED or SELF_REFERRED."""
    if pooling_area(home) == pooling_area(treating):
        return codes.HOME
    if med_type in EMERGENCY_VISITS:
        return codes.EMERGENCY
    rows = tuple(filings)
    for row in rows:
        if row.kind == Filing.REFERRAL and (row.fixmedins_code == institution or (row.area and reaches(row.area, treating))):
            return codes.REFERRED
    if any(row.kind == Filing.OFFSITE and reaches(row.area, treating) for row in rows):
        return codes.FILED
    return codes.SELF_REFERRED


def offsite_class(psn_no: str, *, home: str, treating: str, institution: str, med_type: str, day: date) -> int:
    """The off-site class of a person's visit on a day, by the filings of the register."""
    return class_by(filings_of(psn_no, day=day), home=home, treating=treating, institution=institution, med_type=med_type)


def everything_about(psn_no: str, *, officer: str, purpose: str, cipher: Cipher, at: datetime, day: date) -> Everything:
    """Everything about a person on one value 全民参保信息 (A01): identity, relations, gaps, dues, account, filings, measures, looks.

    The look is logged first, with its purpose. Raises Refused PERSON-01, STAFF-01.
    """
    record = enrolment.record_of(psn_no, cipher=cipher, officer=officer, purpose=purpose, at=at, day=day)
    number = record.person.psn_no
    return Everything(
        record, list(Filing.objects.filter(psn_no=number).order_by("starts", "sn")),
        list(Identity.objects.filter(psn_no=number).order_by("starts", "psn_idet_type")),
        list(Measure.objects.filter(psn_no=number).order_by("starts")), looks_at(number),
    )
