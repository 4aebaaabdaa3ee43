"""Who somebody is and what has added up 人员信息: 1101, 5206. Every answer is logged as a look, with the message as purpose."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from openyibao.bureau.enrolment import actions, queries
from openyibao.bureau.enrolment.accounts import balance_of, family_of
from openyibao.bureau.enrolment.cover import Cover
from openyibao.bureau.enrolment.models import Person
from openyibao.bureau.entitlement.queries import identities_of
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.models import Settlement
from openyibao.bureau.settlement.models import Year as YearRow
from openyibao.bureau.settlement.packing import unpack
from openyibao.bureau.staff.actions import looked
from openyibao.gateway.handling import Desk, Handler, Request
from openyibao.gateway.messages.kept import last_day
from openyibao.gateway.wire import age, yuan
from openyibao.kernel import codes
from openyibao.kernel.year import Year, opened

VOUCHER, IDENTITY_CARD, SOCIAL_CARD = "01", "02", "03"
"""mdtrt_cert_type 就诊凭证类型."""

EMPLOYEE = "310"
PAUSED = "2"
LAST_SECOND = "23:59:59"
YEARS = range(1900, 2200)
"""Years in which a message may ask."""


def officer_of(request: Request) -> str:
    """Who asks, for the log: institution and operator."""
    return f"{request.institution}/{request.envelope.opter or request.envelope.opter_name or '-'}"


def note(request: Request, psn_no: str, what: str) -> None:
    """Log the look of this message."""
    looked(officer=officer_of(request), psn_no=psn_no, purpose=request.infno, what=what, at=request.at)


def day_asked(request: Request, fields: dict[str, Any]) -> date:
    """The day that begntime names; today without one. Raises Refused QUERY-02 for one outside living memory."""
    moment = fields.get("begntime")
    if moment is None:
        return request.day
    if moment.year not in YEARS:
        raise Refused("QUERY-02", f"开始时间 {moment:%Y-%m-%d} 不合理。", f"begntime {moment:%Y-%m-%d} is no likely day.", place="begntime",
                      next_zh="请更正后重发。", next_en="Correct it and send again.")
    day: date = moment.date()
    return day


def person_shown(request: Request, desk: Desk, fields: dict[str, Any], day: date) -> Person:
    """The person whose credential was shown 就诊凭证. Raises Refused VOUCHER-…, PERSON-01 … -04, PERSON-11."""
    shown, number = fields["mdtrt_cert_type"], fields["mdtrt_cert_no"]
    if shown == VOUCHER:
        return actions.present_voucher(token=number, institution=request.institution, at=request.at)
    if shown == IDENTITY_CARD:
        return queries.by_certificate(desk.cipher, number, fields.get("psn_cert_type") or "")
    if shown == SOCIAL_CARD:
        return queries.by_card(desk.cipher, number, day)
    raise Refused("PERSON-11", f"就诊凭证类型 {shown} 不能用来取人员信息。", f"mdtrt_cert_type {shown} identifies nobody here.",
                  place="mdtrt_cert_type", next_zh="请用 01 电子凭证、02 身份证或 03 社保卡。", next_en="Use 01, 02 or 03.")


def compare(desk: Desk, fields: dict[str, Any], person: Person) -> None:
    """Refuse a credential that is another's: name or number beside it differ. Raises Refused PERSON-09, PERSON-10."""
    name, certno = fields.get("psn_name"), fields.get("certno")
    if name and name.strip() != person.name:
        raise Refused("PERSON-09", "姓名与参保登记不一致。", "The name is not that of the registration.", place="psn_name",
                      next_zh="请核对证件；登记有误的到经办窗口更正。",
                      next_en="Compare the card; a wrong registration is corrected at the bureau.")
    if certno and desk.cipher.index(certno) != bytes(person.certno_index):
        raise Refused("PERSON-10", "证件号码与就诊凭证不是同一人。", "The number is not that of the credential's holder.", place="certno",
                      next_zh="请核对证件，留意冒名就医。", next_en="Compare the card, and beware of impostors.")


def insurance_row(cover: Cover, balance: int, family: int) -> dict[str, Any]:
    """One row of insuinfo 参保信息: a relation that stands or the last one, with the reason where there is no benefit."""
    stopped = cover.outcome == codes.SUSPENDED
    paused_on = cover.suspended_from if stopped else cover.ends if cover.state != "1" else None
    return {
        "balc": yuan(balance), "insutype": cover.insutype, "psn_type": cover.psn_type,
        "psn_insu_stas": PAUSED if stopped else cover.state,
        "psn_insu_date": cover.starts, "paus_insu_date": paused_on, "cvlserv_flag": str(int(cover.civil_servant)),
        "insuplc_admdvs": cover.admdvs, "emp_name": queries.employer_name(cover.emp_no) or None, "fm_acct_balc": yuan(family),
        "trt_chk_rslt": cover.reason() or None,
    }  # fmt: skip


def insurance(person: Person, day: date) -> Iterator[dict[str, Any]]:
    """The rows of insuinfo; the account's balance stands once, with the employee relation where there is one."""
    covers = queries.covers_on(person, day)
    holder = next((cover for cover in covers if cover.insutype == EMPLOYEE), covers[0] if covers else None)
    balance = 0 if person.died_on is not None and day > person.died_on else balance_of(person.psn_no)
    family = sum(account.available for account in family_of(person.psn_no, day))
    for cover in covers:
        yield insurance_row(cover, balance if cover is holder else 0, family if cover is holder else 0)


def identify(request: Request, desk: Desk) -> dict[str, Any]:
    """1101 人员信息获取: identity, one row per scheme, special identities, as of `begntime` or today.

    A merged number answers as the person it is now. A dead person is answered too,
    relations ended and the reason beside them: care before
    the death is still settled.
    """
    fields = request.input["data"]
    day = day_asked(request, fields)
    person = person_shown(request, desk, fields, day)
    compare(desk, fields, person)
    note(request, person.psn_no, "identity")
    return {
        "baseinfo": {
            "psn_no": person.psn_no, "psn_cert_type": person.psn_cert_type, "certno": desk.cipher.open(person.certno_cipher),
            "psn_name": person.name, "gend": person.gend, "naty": person.naty or None, "brdy": person.brdy, "age": age(person.brdy, day),
            "exp_content": None, "expContent": None,
        },
        "insuinfo": list(insurance(person, day)),
        "idetinfo": [
            {"psn_idet_type": row.psn_idet_type, "psn_type_lv": row.psn_type_lv or None, "memo": row.source or None,
             "begntime": row.starts, "endtime": f"{last} {LAST_SECOND}" if (last := last_day(row.ends)) else None}
            for row in identities_of(person.psn_no, day)
        ],
    }  # fmt: skip


# ---- 5206 ----


def cumulated(insutype: str, year: Year, settled: dict[str, Any]) -> list[tuple[str, int]]:
    """What has added up in a year 累计信息: (cum_type_code, hundredths), the kernel's year and the sums of the settlements."""
    employee = insutype == EMPLOYEE
    pool = "D310101" if employee else "D390101"
    further = ("D330101", year.large_first + year.large_second) if employee else ("D390201", year.catastrophic_paid)
    return [
        ("Q0000", year.inpatient_deductible + year.outpatient_deductible + year.chronic_deductible),
        ("C0000", year.bills * 100),
        ("S0000", settled["total"] or 0),
        ("F0000", settled["fund"] or 0),
        (pool, settled["pool"] or 0),
        further,
        *([("D310201", year.account_paid), ("D320101", year.civil_paid)] if employee else []),
        ("D610101", year.aid_paid + year.tilt_paid),
        ("D999996", settled["hospital"] or 0),
    ]


def accumulators(request: Request, desk: Desk) -> dict[str, Any]:
    """5206 人员累计信息查询: the year of `cum_ym` or the current one, scheme by scheme, as it stands now.

    The year's own figures include what was loaded when the city moved in; S0000, F0000, the pool and D999996 are sums of settlements here.
    """
    fields = request.input["data"]
    asked = fields.get("cum_ym") or f"{request.day:%Y%m}"
    if not (asked.isascii() and asked.isdecimal() and len(asked) == 6 and int(asked[:4]) in YEARS):
        raise Refused("QUERY-01", f"累计年月 {asked} 应为 yyyyMM。", f"cum_ym {asked} is not yyyyMM.", place="cum_ym",
                      next_zh="请更正后重发。", next_en="Correct it and send again.")
    person = queries.person_of(fields["psn_no"])
    note(request, person.psn_no, "accumulators")
    number, rows = int(asked[:4]), []
    for row in YearRow.objects.filter(psn_no=person.psn_no, year=number).order_by("insutype"):
        bills = Settlement.objects.filter(Q(day__year=number), psn_no=person.psn_no, insutype=row.insutype)
        settled = bills.aggregate(total=Sum("total"), fund=Sum("fund"), pool=Sum("pool"), hospital=Sum("hospital"),
                                  count=Count("setl_id"))
        for code, hundredths in cumulated(row.insutype, opened(unpack(Year, row.figures), number), settled):
            rows.append({"insutype": row.insutype, "year": asked[:4], "cum_ym": asked, "cum_type_code": code,
                         "cum": Decimal(hundredths).scaleb(-2)})
    return {"cuminfo": rows}


HANDLERS = {"1101": Handler(identify, "read"), "5206": Handler(accumulators, "read")}
