"""May this person enjoy the benefit 待遇享受检查: 2001, fund by fund, by the law that settles the bill."""

from datetime import date, datetime
from typing import Any

from openyibao.bureau.enrolment.cover import Cover, cover_on
from openyibao.bureau.enrolment.queries import person_of
from openyibao.bureau.entitlement.models import Filing
from openyibao.bureau.entitlement.queries import aid_class, filings_of, identities_of, measure_on
from openyibao.bureau.providers.queries import institution_on
from openyibao.bureau.refused import Refused
from openyibao.gateway.handling import Desk, Handler, Request
from openyibao.gateway.messages.kept import instant, last_day
from openyibao.gateway.messages.person import day_asked, note
from openyibao.gateway.wire import day_number
from openyibao.kernel import codes
from openyibao.kernel.claim import Claim
from openyibao.kernel.plan import Plan
from openyibao.kernel.refusals import refusal
from openyibao.kernel.settle.eligibility import has_benefit
from openyibao.policybook.book import Book
from openyibao.policybook.national import SCHEMES, TWO_DISEASES, kind_of

FUND_CHECK = "01"
"""trt_chk_type: 基金项检查."""

ACCOUNT = "310200"
POOL = {codes.EMPLOYEE: ("310100", "310102"), codes.RESIDENT: ("390100", "390102")}
"""fund_pay_type of the pool by scheme: stays, outpatient care."""

STAYS = (codes.INPATIENT, codes.DAY_SURGERY, codes.RESCUE, codes.DELIVERY, codes.CAESAREAN)


def granted_claim(scheme: int, kind: int, day: date, book: Book, disease: str, filings: list[Filing]) -> Claim:
    """A claim of nothing that carries only what the right to a benefit looks at: the disease and the filings in force."""
    slot, grant, granted = book.disease_slot(disease), 0, 1
    own = [row for row in filings if row.kind == Filing.CHRONIC and row.code == disease]
    if kind in (codes.CHRONIC, codes.DIALYSIS):
        granted, grant = int(bool(own)), day_number(own[0].starts) if own else 0
    if kind == codes.DUAL_CHANNEL:
        granted = int(any(row.kind == Filing.SPECIAL_DRUG for row in filings))
    registered = 0
    for row in filings:
        if row.kind == Filing.TWO_DISEASE:
            registered |= TWO_DISEASES.get(row.code, 0)
    asked = TWO_DISEASES.get(disease, registered)
    return Claim(scheme=scheme, kind=kind, day=day_number(day), level=codes.P0, total=0, disease=slot, grant=grant, granted=granted,
                 two_disease=asked, two_registered=registered)


def outcome_of(cover: Cover, kind: int, day: date, book: Book | None, disease: str, agreed: bool) -> int:
    """SETTLED when the basic fund pays for this kind of care, else the kernel's reason, as at settlement."""
    if not cover.covered:
        return cover.outcome
    if not agreed:
        return codes.NO_PROVIDER
    scheme = SCHEMES[cover.insutype].code
    plan = book.plan(scheme, day_number(day)) if book is not None else None
    if book is None or plan is None:
        return codes.NO_POLICY
    return has_benefit(granted_claim(scheme, kind, day, book, disease, filings_of(cover.psn_no, day=day)), kind, plan)


def funds_of(cover: Cover, kind: int, plan: Plan | None, aided: bool) -> list[str]:
    """fund_pay_type of every fund that may come in for this care, in the order in which they pay."""
    scheme = SCHEMES[cover.insutype].code if cover.insutype in SCHEMES else codes.RESIDENT
    if kind == codes.PHARMACY:
        return [ACCOUNT] if scheme == codes.EMPLOYEE else [POOL[scheme][1]]
    funds = [POOL[scheme][kind not in STAYS]]
    if plan is not None and scheme == codes.EMPLOYEE and plan.large.present:
        funds.append("330100")
    if plan is not None and scheme == codes.RESIDENT and plan.catastrophic.present:
        funds.append("390200")
    if cover.civil_servant and plan is not None and plan.civil.present:
        funds.append("320100")
    if aided:
        funds.append("610100")
    return [*funds, *([ACCOUNT] if scheme == codes.EMPLOYEE else [])]


def account_usable(cover: Cover) -> bool:
    """Whether the personal account may pay although the pool does not: arrears and waits leave it open."""
    return cover.outcome in (codes.SETTLED, codes.SUSPENDED, codes.WAITING, codes.LAPSED)


def days_of(cover: Cover, day: date) -> dict[str, Any]:
    """begndate and enddate of a row: the days of benefit, after a wait; the day asked where there are none."""
    return {"begndate": cover.wait_until or cover.benefit_from or day, "enddate": last_day(cover.benefit_to)}


def check(request: Request, desk: Desk) -> dict[str, Any]:
    """2001 人员待遇享受检查: a row per fund with the reason where it may not be enjoyed. Raises Refused PERSON-01, VISIT-08."""
    fields = request.input["data"]
    day = day_asked(request, fields)
    person = person_of(fields["psn_no"])
    note(request, person.psn_no, "entitlement")
    kind = kind_of(fields["med_type"], fields.get("matn_type") or "", fields.get("birctrl_type") or "")
    if kind is None:
        raise Refused("VISIT-08", f"医疗类别 {fields['med_type']} 没有对应的结算方式",
                      f"there is no way to settle med_type {fields['med_type']}",
                      place="med_type", next_zh="请核对医疗类别", next_en="check med_type")
    at = instant(fields["begntime"]) if isinstance(fields.get("begntime"), datetime) else request.at
    cover = cover_on(person.psn_no, day, fields["insutype"])
    institution = institution_on(fields.get("fixmedins_code") or request.institution, at)
    agreed = institution is not None and institution.contract is not None and institution.suspension is None
    book = desk.shelf.of_area(cover.admdvs or person.admdvs)
    plan = book.plan(SCHEMES[cover.insutype].code, day_number(day)) if book is not None and cover.insutype in SCHEMES else None
    outcome = outcome_of(cover, kind, day, book, fields.get("dise_codg") or "", agreed)
    measure = measure_on(person.psn_no, at)
    why = "" if outcome == codes.SETTLED else refusal(outcome).sentence
    stopped = f"该参保人已暂停联网结算：{measure.reason}（自 {measure.starts.date()} 起）。" if measure is not None else ""
    rows = []
    for fund in funds_of(cover, kind, plan, aid_class(identities_of(person.psn_no, day)) != codes.NO_AID):
        reason = stopped or ("" if fund == ACCOUNT and account_usable(cover) and agreed else why)
        rows.append({
            "psn_no": person.psn_no, "trt_chk_type": FUND_CHECK, "fund_pay_type": fund, "trt_enjymnt_flag": "0" if reason else "1",
            **days_of(cover, day), "trt_chk_rslt": reason or None, "exp_content": None,
        })  # fmt: skip
    return {"trtinfo": rows}


HANDLERS = {"2001": Handler(check, "read")}
