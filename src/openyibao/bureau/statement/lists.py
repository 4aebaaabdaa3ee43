"""The list of bills 结算清单."""

from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from openyibao.bureau.enrolment.models import Person
from openyibao.bureau.pages.listing import Column, Filter, Listing, at_least, equals
from openyibao.bureau.providers.models import Institution
from openyibao.bureau.settlement.models import Settlement
from openyibao.bureau.statement.naming import SCHEMES, kind_words, masked_name, med_types_of, offered_kinds, scheme_words
from openyibao.bureau.statement.queries import state_of

STATES = (("settled", _("已结算（有效）")), ("reversed", _("已撤销")), ("mirror", _("撤销单")))
NUMBER = 18
"""Digits of the longest settlement number."""


def by_number(query: QuerySet[Settlement], text: str) -> QuerySet[Settlement]:
    """The bill of a number."""
    if not (text.isascii() and text.isdigit() and len(text) <= NUMBER):
        raise ValueError(text)
    return query.filter(setl_id=int(text))


def by_name(query: QuerySet[Settlement], text: str) -> QuerySet[Settlement]:
    """Bills of the people of exactly this name."""
    return query.filter(psn_no__in=Person.objects.filter(name=text).values("psn_no"))


def by_institution(query: QuerySet[Settlement], text: str) -> QuerySet[Settlement]:
    """Bills of an institution, by its code or by a piece of its name."""
    if text[:1] in "HP" and text[1:].isdigit():
        return query.filter(fixmedins_code=text)
    return query.filter(fixmedins_code__in=list(Institution.objects.filter(name__contains=text).values_list("fixmedins_code", flat=True)))


def by_kind(query: QuerySet[Settlement], text: str) -> QuerySet[Settlement]:
    """Bills of a kind of visit."""
    return query.filter(med_type__in=med_types_of(int(text)))


def by_state(query: QuerySet[Settlement], text: str) -> QuerySet[Settlement]:
    """Bills that stand, that were taken back, or that take another back."""
    mirrors = Settlement.objects.filter(mirror_of__isnull=False)
    if text == "mirror":
        return query.filter(mirror_of__isnull=False)
    taken = mirrors.values("mirror_of")
    if text == "reversed":
        return query.filter(setl_id__in=taken)
    if text != "settled":
        raise ValueError(text)
    return query.filter(mirror_of__isnull=True).exclude(setl_id__in=taken)


def midnight(text: str, days: int = 0) -> datetime:
    """The first instant of a day in the city, or of one so many days after it. Raises ValueError."""
    return timezone.make_aware(datetime.combine(date.fromisoformat(text) + timedelta(days=days), time()))


BILLS = Listing(
    "bills", _("结算单"),
    (
        Column("number", _("结算单号"), lambda row: row.setl_id, "code", lambda row: reverse("bill", args=[row.setl_id])),
        Column("state", _("状态"), state_of, "tag"),
        Column("at", _("结算时间"), lambda row: row.at, "instant", order=("at",)),
        Column("name", _("姓名"), lambda row: masked_name(row.name or "")),
        Column("institution", _("医药机构"), lambda row: row.institution or row.fixmedins_code),
        Column("kind", _("就诊类别"), lambda row: kind_words(row.med_type)),
        Column("total", _("医疗费总额"), lambda row: row.total, "fen", order=("total",)),
        Column("fund", _("基金支付"), lambda row: row.fund, "fen"),
        Column("account", _("个人账户"), lambda row: row.account, "fen", wide=True),
        Column("cash", _("个人现金"), lambda row: row.cash, "fen"),
        Column("scheme", _("险种"), lambda row: scheme_words(row.insutype), wide=True),
        Column("psn_no", _("人员编号"), lambda row: row.psn_no, "code", wide=True),
    ),
    (
        Filter("number", _("结算单号"), by_number),
        equals("person", _("人员编号"), "psn_no"),
        Filter("name", _("姓名"), by_name, hint=_("须与登记完全一致")),
        Filter("institution", _("医药机构"), by_institution, hint=_("代码或名称")),
        Filter("since", _("结算日自"), lambda query, text: query.filter(at__gte=midnight(text)), "day"),
        Filter("until", _("结算日至"), lambda query, text: query.filter(at__lt=midnight(text, 1)), "day"),
        equals("scheme", _("险种"), "insutype", tuple(SCHEMES.items())),
        Filter("kind", _("就诊类别"), by_kind, "choice", offered_kinds()),
        at_least("total", _("总额不低于（元）"), "total"),
        Filter("state", _("状态"), by_state, "choice", STATES),
    ),
    ("-at", "-pk"), _("没有符合条件的结算单。"), export="bill.export",
)  # fmt: skip
