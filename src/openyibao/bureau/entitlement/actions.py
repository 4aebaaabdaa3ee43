"""What the entitlement desk writes 备案与资格: filings, identities, measures. A second filing is refused by naming the first.

What was settled under a filing stands: one that has begun is ended, not undone; only one of the same day or of days to come is withdrawn.
Days are half-open; `ends` None is open.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q

from openyibao.bureau.enrolment.queries import Cover, cover_on, held, known_numbers, person_of
from openyibao.bureau.enrolment.terms import date_of, number_of
from openyibao.bureau.entitlement.models import Filing, Identity, Measure
from openyibao.bureau.entitlement.queries import GRANTED, WITHDRAWN, has_filing, reaches
from openyibao.bureau.policydesk.queries import Shelf, pooling_area
from openyibao.bureau.providers.queries import InstitutionOn, institution_on
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.actions import acted
from openyibao.kernel import codes
from openyibao.kernel.enrolment import day_months_after
from openyibao.policybook.book import Book
from openyibao.policybook.folio import whole
from openyibao.policybook.national import SCHEMES, TWO_DISEASES, aid_of
from openyibao.policybook.tree import found_on

LONG_TERM = {"resettled": "异地安置退休", "residing": "异地长期居住", "posted": "常驻异地工作"}
"""The long-term classes of off-site filing; the fourth is the referral 转诊转院."""
NAMES = {
    Filing.CHRONIC: "门诊慢特病", Filing.TWO_DISEASE: "两病门诊用药", Filing.SPECIAL_DRUG: "特殊药品", Filing.OFFSITE: "异地长期备案",
    Filing.REFERRAL: "转诊转院", Filing.FIXED: "定点机构",
}


YEARS = range(1900, 2200)
"""Years in which a filing may begin."""


class Filed(NamedTuple):
    """Who files what 备案申请."""

    psn_no: str
    starts: date
    ends: date | None = None
    insutype: str = ""
    detail: Mapping[str, Any] = {}


def insured(filed: Filed) -> Cover:
    """The cover of who files, on the first day. Raises Refused PERSON-01, FILING-06, COVER-01, -02, -06: nobody files without insurance.

    A wait or arrears do not stand in the way of filing; they decide at settlement.
    """
    person = person_of(filed.psn_no)
    if filed.starts.year not in YEARS:
        raise Refused("FILING-06", f"开始日期 {filed.starts} 不合理。", f"{filed.starts} is no likely first day.", place="begndate",
                      next_zh="请核对起止日期。", next_en="Check the days.")
    cover = cover_on(person.psn_no, filed.starts, filed.insutype or None)
    if cover.outcome in (codes.NOT_COVERED, codes.LAPSED, codes.DECEASED):
        raise cover.refused()
    return cover


def book_of(cover: Cover, shelf: Shelf) -> Book:
    """The home city's policies. Raises Refused FILING-02."""
    book = shelf.of_area(cover.admdvs)
    if book is None:
        raise Refused("FILING-02", f"参保地 {cover.admdvs} 的政策不在本系统。", f"No policies for {cover.admdvs} here.",
                      place="insu_optins", next_zh="请到参保地经办机构办理。", next_en="File at the insured place.")
    return book


def known_institution(code: str, at: datetime, place: str) -> InstitutionOn:
    """An institution with an agreement. Raises Refused FILING-05."""
    found = institution_on(code, at)
    if found is None or found.contract is None:
        raise Refused("FILING-05", f"机构 {code} 未登记，或当日没有有效协议。", f"Institution {code} has no agreement on the day.",
                      place=place, since=found.ended if found else None, next_zh="请核对机构编号。", next_en="Check the code.")
    return found


@transaction.atomic
def file(
    kind: str, filed: Filed, *, code: str, at: datetime, by: str, fixmedins_code: str = "", area: str = "", alike: Q | None = None
) -> Filing:
    """Write a filing once its kind has checked it; the person's row is held meanwhile, so that two windows cannot file it twice.

    alike  which standing filings count as the same, besides the kind; by default those of the same code
    Raises Refused FILING-01 naming the standing one, FILING-06 for days that are none.
    """
    psn_no = held(filed.psn_no)
    if filed.ends is not None and filed.ends <= filed.starts:
        raise Refused("FILING-06", "结束日期早于开始日期。", "It ends before it begins.", place="enddate",
                      next_zh="请核对起止日期。", next_en="Check the days.")
    meets = Q(ends__isnull=True) | Q(ends__gt=filed.starts) | Q(starts=filed.starts)    # the same first day stands once, ended or not
    rows = Filing.objects.filter(meets, psn_no=psn_no, kind=kind, state=GRANTED)
    rows = rows.filter(alike if alike is not None else Q(code=code))
    standing = (rows.filter(starts__lt=filed.ends) if filed.ends else rows).order_by("starts").first()
    if standing is not None:
        raise duplicate(standing)
    row = Filing.objects.create(
        psn_no=psn_no, kind=kind, insutype=filed.insutype, code=code, fixmedins_code=fixmedins_code, area=area,
        starts=filed.starts, ends=filed.ends, filed_by=by[:60], at=at, detail=dict(filed.detail),
    )
    acted(officer=by, what=f"entitlement.file-{kind}", object=f"person/{psn_no}", at=at, detail={"sn": row.sn, "code": code})
    return row


def duplicate(standing: Filing) -> Refused:
    """The refusal that names the filing that stands."""
    until = f"至 {standing.ends - timedelta(days=1)}" if standing.ends else "长期有效"
    return Refused(
        "FILING-01", f"已有{NAMES[standing.kind]}备案 {standing.sn}（{standing.code}，{standing.starts} 起，{until}），不能重复备案。",
        f"Filing {standing.sn} ({standing.kind} {standing.code}) stands from {standing.starts}.", place="begndate", since=standing.starts,
        next_zh="如需变更，请先撤销原备案。", next_en="To change it, withdraw that one first.",
    )


def file_chronic(filed: Filed, *, disease: str, institution: str, shelf: Shelf, at: datetime, by: str) -> Filing:
    """File an outpatient chronic or special disease 门诊慢特病 (2503), if the home city's list pays for it on the day.

    institution  where it was identified 鉴定机构
    Raises Refused FILING-01, -02, -03 (not on the list), -05, COVER-…
    """
    cover = insured(filed)
    book = book_of(cover, shelf)
    table = dict(book.tables[SCHEMES[cover.insutype].code])
    if found_on(table, f"chronic.{disease}.ratio", number_of(filed.starts)) is None:
        raise Refused(
            "FILING-03", f"{book.name}在 {filed.starts} 的门诊慢特病目录没有 {disease}。",
            f"{disease} is not on the list of {book.name_en} on {filed.starts}.", place="opsp_dise_code",
            next_zh="请核对病种编码；两病用药请办两病登记。", next_en="Check the disease code.", clause="门诊慢特病管理办法",
        )
    known_institution(institution, at, "ide_fixmedins_no")
    return file(Filing.CHRONIC, filed._replace(insutype=cover.insutype), code=disease, fixmedins_code=institution, at=at, by=by)


def register_two_disease(filed: Filed, *, disease: str, institution: str, at: datetime, by: str) -> Filing:
    """Register hypertension or diabetes for drugs 两病登记: residents without the chronic filing of the same disease.

    Raises Refused FILING-01, -03, -04 (chronic filing stands), COVER-…
    """
    cover = insured(filed)
    if disease not in TWO_DISEASES or SCHEMES[cover.insutype].code != codes.RESIDENT:
        raise Refused("FILING-03", "两病登记限居民医保的高血压 M03900、糖尿病 M01600。", "Residents with M03900 or M01600 only.",
                      place="code",
                      next_zh="职工请办门诊慢特病。", next_en="Employees file it as a chronic disease.", clause="医保发〔2019〕54号")
    chronic = has_filing(cover.psn_no, Filing.CHRONIC, disease, filed.starts)
    if chronic is not None:
        raise Refused("FILING-04", f"该病种已有慢特病备案 {chronic.sn}，不再登记两病。", f"Chronic filing {chronic.sn} stands.",
                      place="code",
                      since=chronic.starts, next_zh="按门诊慢特病就诊即可。", next_en="Use the chronic benefit.")
    return file(Filing.TWO_DISEASE, filed._replace(insutype=cover.insutype), code=disease, fixmedins_code=institution, at=at, by=by)


def file_special_drug(filed: Filed, *, hilist_code: str, institution: str, at: datetime, by: str) -> Filing:
    """File a special drug 特殊药品、双通道, and where it is bought. Raises Refused FILING-01, -05, COVER-…"""
    cover = insured(filed)
    if institution:
        known_institution(institution, at, "fixmedins_code")
    return file(Filing.SPECIAL_DRUG, filed._replace(insutype=cover.insutype), code=hilist_code, fixmedins_code=institution, at=at, by=by)


def file_fixed(filed: Filed, *, institution: str, business: str, rank: str, at: datetime, by: str) -> Filing:
    """File the institution a person chose 人员定点 (2505): one per kind of business and rank.

    business  biz_appy_type 业务申请类型; rank fix_srt_no 定点排序号
    Raises Refused FILING-01, -05, COVER-…
    """
    cover = insured(filed)
    known_institution(institution, at, "fixmedins_code")
    detail = {**filed.detail, "biz_appy_type": business, "fix_srt_no": rank}
    same = Q(detail__biz_appy_type=business) & (Q(detail__fix_srt_no=rank) | Q(code=institution))
    filed = filed._replace(insutype=cover.insutype, detail=detail)
    return file(Filing.FIXED, filed, code=institution, fixmedins_code=institution, at=at, by=by, alike=same)


def file_referral(filed: Filed, *, target: str, area: str, shelf: Shelf, at: datetime, by: str) -> Filing:
    """File a referral to another hospital 转院备案 (2501); without a last day it is good for the policy's months.

    target  the receiving institution; one in the home pooling area must have an agreement
    area    its division
    Raises Refused FILING-01, -02, -05, COVER-…
    """
    cover = insured(filed)
    book = book_of(cover, shelf)
    local = pooling_area(area) == pooling_area(cover.admdvs)
    if local:
        known_institution(target, at, "reflin_medins_no")
    kind_code = str(codes.HOME if local else codes.REFERRED)
    ends = filed.ends or months_on(book, filed.starts, "benefit_list.offsite_temporary_min_months")
    filed = filed._replace(insutype=cover.insutype, ends=ends)
    return file(Filing.REFERRAL, filed, code=kind_code, fixmedins_code=target, area=area, at=at, by=by, alike=Q(fixmedins_code=target))


def months_on(book: Book, starts: date, key: str) -> date:
    """The day so many months after `starts` as a parameter says. Raises Refused FILING-07 when the policy has no such figure."""
    entry = found_on(dict(book.tables[codes.RESIDENT]), key, number_of(starts))
    until = date_of(day_months_after(number_of(starts), whole(entry))) if entry is not None else None
    if until is None:
        raise Refused("FILING-07", "政策没有规定备案有效期，请填结束日期。", "The policy has no such term: give the last day.",
                      place="enddate",
                      next_zh="请补填结束日期。", next_en="Give the last day.")
    return until


def file_offsite(filed: Filed, *, why: str, area: str, shelf: Shelf, at: datetime, by: str) -> Filing:
    """File long-term care elsewhere 异地长期备案 (C01, C02); emergencies need none (C07), referrals are `file_referral`.

    why   resettled, residing, posted
    area  the division of residence; a city's code covers the city, a province's the province; not the home pooling area
    Raises Refused FILING-01, -02, -08, -09 (shorter than the policy's least term), COVER-…
    """
    cover = insured(filed)
    book = book_of(cover, shelf)
    if why not in LONG_TERM or pooling_area(area) == pooling_area(cover.admdvs):
        raise Refused("FILING-08", "异地备案限安置退休、长期居住、常驻工作，且就医地不在参保统筹区内。",
                      "Resettled, residing or posted, and outside the home pooling area.", place="area", clause="医保发〔2022〕22号",
                      next_zh="急诊无须备案；转诊请办转院备案。", next_en="Emergencies need no filing; a referral is filed by 2501.")
    least = months_on(book, filed.starts, "benefit_list.offsite_longterm_min_months")
    if filed.ends is not None and filed.ends < least:
        raise Refused("FILING-09", f"长期备案最短至 {least}。", f"A long-term filing lasts to {least} at least.", place="enddate",
                      next_zh="请延长有效期，或按临时外出就医。", next_en="Make it longer.", clause="医保发〔2022〕22号")
    filed = filed._replace(insutype=cover.insutype, detail={**filed.detail, "class": why})
    within = [row.pk for row in Filing.objects.filter(psn_no=cover.psn_no, kind=Filing.OFFSITE, state=GRANTED) if reaches(row.area, area)]
    return file(Filing.OFFSITE, filed, code=str(codes.FILED), area=area, at=at, by=by, alike=Q(pk__in=within))


def institution_in(officer: str) -> str:
    """The institution of an operator written `institution/operator`; empty for an officer of the bureau."""
    institution, slash, _ = officer.partition("/")
    return institution if slash else ""


@transaction.atomic
def withdraw(*, kind: str, sn: str, psn_no: str, day: date, at: datetime, by: str, why: str) -> Filing:
    """Withdraw a filing 撤销备案 (2502, 2504, 2506): undone when it was filed on the day or has not begun, else ended on the day.

    by  the operator as `institution/operator`, or an officer of the bureau, who may withdraw any

    Raises Refused FILING-10 (no such filing of this person and kind), FILING-11 (withdrawn or ended before), FILING-13 (filed by
    another institution, and not for this one).
    """
    number = person_of(psn_no).psn_no
    row = None
    if sn.isascii() and sn.isdecimal() and len(sn) <= 18:
        row = Filing.objects.select_for_update().filter(sn=int(sn), psn_no=number, kind=kind).first()
    if row is None:
        raise Refused("FILING-10", f"该人员没有流水号为 {sn} 的{NAMES[kind]}备案。", f"This person has no {kind} filing {sn}.",
                      place="trt_dcla_detl_sn", next_zh="请先查询备案。", next_en="Query the filings first.")
    if (asker := institution_in(by)) and asker not in (institution_in(row.filed_by), row.fixmedins_code):
        raise Refused("FILING-13", "该备案由其他机构或经办机构办理，本机构不能撤销。", "Another institution, or the bureau, filed it.",
                      place="trt_dcla_detl_sn", next_zh="请由原机构或经办窗口撤销。", next_en="Whoever filed it, or the bureau, can.")
    if row.state != GRANTED or (row.ends is not None and row.ends <= day):
        raise Refused("FILING-11", "该备案已撤销或已到期。", "It was withdrawn, or has ended.", place="trt_dcla_detl_sn", since=row.ends,
                      next_zh="无需再撤销。", next_en="Nothing is left to withdraw.")
    if row.starts >= day or row.at.date() == at.date():
        row.state = WITHDRAWN
    else:
        row.ends = day
    row.detail = {**row.detail, "withdrawn_why": why[:500], "withdrawn_by": by[:60]}
    row.save(update_fields=["state", "ends", "detail"])
    acted(officer=by, what=f"entitlement.withdraw-{kind}", object=f"person/{number}", at=at, detail={"sn": row.sn, "why": why[:200]})
    return row


# ---- identities and measures ----


@transaction.atomic
def take_identities(
    source: str, psn_idet_type: str, listed: Mapping[str, date], *, day: date, at: datetime, by: str
) -> tuple[int, int, list[str]]:
    """Take over a department's list of one identity 部门名单: who is new on it begins, who is gone from it ends on `day`.

    listed  psn_no -> first day
    Returns how many began, how many ended, and the numbers nobody knows. Raises Refused IDENTITY-01 for an unknown identity.
    """
    if aid_of(psn_idet_type) is None:
        raise Refused("IDENTITY-01", f"人员身份类别 {psn_idet_type} 不在国家码表。", f"No such psn_idet_type: {psn_idet_type}.",
                      place="psn_idet_type", next_zh="请核对类别。", next_en="Check the code.")
    standing = {row.psn_no: row for row in Identity.objects.select_for_update().filter(
        Q(ends__isnull=True) | Q(ends__gt=day), psn_idet_type=psn_idet_type, source=source)}
    known = known_numbers(listed)
    begun = 0
    for psn_no in sorted(known - set(standing)):
        made = Identity.objects.get_or_create(psn_no=psn_no, psn_idet_type=psn_idet_type, starts=listed[psn_no],
                                              defaults={"source": source})
        begun += made[1]
    gone = sorted(set(standing) - set(listed))
    for psn_no in gone:
        row = standing[psn_no]
        row.ends = max(day, row.starts)
        row.save(update_fields=["ends"])
    acted(officer=by, what="entitlement.take-identities", object=f"identity/{psn_idet_type}", at=at,
          detail={"source": source, "begun": begun, "ended": len(gone), "unknown": len(set(listed) - known)})
    return begun, len(gone), sorted(set(listed) - known)


@transaction.atomic
def suspend(*, psn_no: str, starts: datetime, reason: str, at: datetime, by: str, ends: datetime | None = None,
            clause: str = "") -> Measure:
    """Suspend direct settlement for a person 暂停联网结算 (F27), from an instant on. Raises Refused PERSON-01, MEASURE-02."""
    number = held(psn_no)
    standing = Measure.objects.filter(Q(ends__isnull=True) | Q(ends__gt=starts), psn_no=number).order_by("starts").first()
    if standing is not None and (ends is None or standing.starts < ends):
        raise Refused("MEASURE-02", f"已有处理措施：{standing.reason}。", f"A measure stands: {standing.reason}.", place="psn_no",
                      since=standing.starts.date(), next_zh="请先解除再办理。", next_en="Lift it first.")
    row = Measure.objects.create(psn_no=number, starts=starts, ends=ends, reason=reason, clause=clause)
    acted(officer=by, what="entitlement.suspend", object=f"person/{number}", at=at, detail={"measure": row.pk})
    return row


@transaction.atomic
def lift(*, measure: int, at: datetime, by: str) -> Measure:
    """Lift a measure 解除 from `at` on; one that has not begun never holds. Raises Measure.DoesNotExist."""
    row = Measure.objects.select_for_update().get(pk=measure)
    row.ends = max(at, row.starts)
    row.save(update_fields=["ends"])
    acted(officer=by, what="entitlement.lift", object=f"person/{row.psn_no}", at=at, detail={"measure": row.pk})
    return row
