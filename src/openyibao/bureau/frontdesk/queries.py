"""What the public's own pages show 本人信息: cover, class, limits, dues, bills, looks; always of the person who signed in."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import CharField, Func, OuterRef, QuerySet, Subquery, Value

from openyibao.bureau.enrolment import queries as enrolment
from openyibao.bureau.enrolment.accounts import Family, balance_of, family_of
from openyibao.bureau.enrolment.cover import Cover
from openyibao.bureau.enrolment.models import Due
from openyibao.bureau.entitlement.models import Filing, Identity
from openyibao.bureau.entitlement.queries import filings_of, identities_of
from openyibao.bureau.frontdesk.models import Objection
from openyibao.bureau.policydesk.shelf import shelf
from openyibao.bureau.providers.models import Institution
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.models import Settlement
from openyibao.bureau.settlement.packing import unpack
from openyibao.bureau.staff.models import Look, Officer
from openyibao.bureau.staff.rights import Rights
from openyibao.bureau.statement.queries import years_of
from openyibao.bureau.statement.yearly import Limit, class_on, limits_on
from openyibao.kernel.year import Year

DUES = 6


class Own(NamedTuple):
    """What a person has 我的参保."""

    psn_no: str
    name: str
    brdy: date
    covers: list[Cover]
    limits: list[tuple[str, tuple[Limit, ...]]]  # by scheme
    balance: int
    family: list[Family]
    identities: list[Identity]
    filings: list[Filing]
    unpaid: list[Due]
    paid: list[Due]


def own_of(psn_no: str, day: date) -> Own:
    """Everything the first page of a person shows. Raises Refused OWN-05 for an account without a person."""
    if not psn_no:
        raise Refused("OWN-05", "这个账号没有绑定参保人。", "This account belongs to no insured person.", place="psn_no",
                      next_zh="请到窗口核验身份后绑定。", next_en="Have your identity checked at the counter.")
    person = enrolment.person_of(psn_no)
    covers = enrolment.covers_on(person, day)
    dues = Due.objects.filter(psn_no=person.psn_no, corrects="").order_by("-month")
    return Own(
        person.psn_no, person.name, person.brdy, covers, limits_of(person.psn_no, covers, day), balance_of(person.psn_no),
        family_of(person.psn_no, day), identities_of(person.psn_no, day), filings_of(person.psn_no, day=day),
        list(dues.filter(paid_on=None)[:DUES]), list(dues.exclude(paid_on=None)[:DUES]),
    )  # fmt: skip


def limits_of(psn_no: str, covers: Sequence[Cover], day: date) -> list[tuple[str, tuple[Limit, ...]]]:
    """What is left this year, for each scheme that covers the person now."""
    years = {row.insutype: row for row in years_of(psn_no) if row.year == day.year}
    found = []
    for cover in covers:
        book = shelf().of_area(cover.admdvs) if cover.covered else None
        if book is None:
            continue
        row = years.get(cover.insutype)
        figures = unpack(Year, row.figures) if row is not None else Year(year=day.year)
        found.append((cover.insutype, limits_on(figures, class_on(psn_no, day, cover.insutype), book, int(f"{day:%Y%m%d}"))))
    return found


def bills_of(psn_no: str) -> QuerySet[Settlement]:
    """A person's bills with the institution's name and whether one was taken back; mirrors are not bills to a person."""
    return Settlement.objects.filter(psn_no=psn_no, mirror_of=None).annotate(
        institution=Subquery(Institution.objects.filter(fixmedins_code=OuterRef("fixmedins_code")).values("name")[:1]),
        mirrored_by=Subquery(Settlement.objects.filter(mirror_of=OuterRef("setl_id")).values("setl_id")[:1]),
    )


def looks_of(psn_no: str) -> QuerySet[Look]:
    """Who looked at a person, with the office of whoever it was, or the institution (which signs its messages institution/operator)."""
    officers = Officer.objects.filter(login=OuterRef("officer"))
    code = Func(OuterRef("officer"), Value("/"), Value(1), function="split_part", output_field=CharField())
    return Look.objects.filter(psn_no=psn_no).annotate(
        office=Subquery(officers.values("post__name")[:1]), office_en=Subquery(officers.values("post__name_en")[:1]),
        institution=Subquery(Institution.objects.filter(fixmedins_code=code).values("name")[:1]),
    )


def unknown() -> Refused:
    """There is no such objection to be answered here."""
    return Refused("OWN-03", "没有这条异议，或已经答复。", "There is no such objection, or it was answered.", place="objection",
                   next_zh="请刷新列表。", next_en="Reload the list.")


def sees(by: Rights, row: Objection) -> bool:
    """Whether an officer may see an objection: of the area, down to the county, where the register ends."""
    return not by.institution and row.area.startswith(by.area[: len(row.area)])


def objections(by: Rights) -> QuerySet[Objection]:
    """The objections of a reader's area; a hospital's post has none."""
    rows = Objection.objects.none() if by.institution else Objection.objects.all()
    return rows.filter(area__startswith=by.area[:6]) if by.area else rows


def objection(pk: int, by: Rights) -> Objection:
    """One of them. Raises Refused OWN-03."""
    row = objections(by).filter(pk=pk).first()
    if row is None:
        raise unknown()
    return row


def objections_to(setl_id: int, psn_no: str) -> list[Objection]:
    """A person's objections to a bill, newest first."""
    return list(Objection.objects.filter(setl_id=setl_id, psn_no=psn_no).order_by("-pk"))


def events(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Objections and answers as a timeline, newest first."""
    found: list[dict[str, Any]] = []
    for row in rows:
        if row.answered_at is not None:
            what = {"zh": "经办机构答复", "en": "The bureau answered"}
            found.append({"at": row.answered_at, "what": what, "who": "", "note": row.answer})
        found.append({"at": row.at, "what": {"zh": "您提出异议", "en": "You objected"}, "who": "", "note": row.text})
    return found
