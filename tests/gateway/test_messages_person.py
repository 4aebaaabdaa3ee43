"""1101 and 5206: who somebody is, by each credential, with the reason where there is no benefit; what has added up."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest
from django.db import transaction

from bureau.insured import ANKANG, AT, CIPHER, HOSPITAL, JISHOU, OFFICER, certno, entry, person, shelf, standing
from openyibao.bureau.enrolment import accounts, actions, spans
from openyibao.bureau.enrolment.models import Employer, Relation
from openyibao.bureau.entitlement.models import Identity
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.models import Settlement
from openyibao.bureau.settlement.models import Year as YearRow
from openyibao.bureau.settlement.packing import pack
from openyibao.bureau.staff.queries import looks_at
from openyibao.gateway.channels import Channel
from openyibao.gateway.describe import described
from openyibao.gateway.envelope import Envelope
from openyibao.gateway.handling import Desk, Request
from openyibao.gateway.messages.person import HANDLERS
from openyibao.gateway.validate import checked, refusing
from openyibao.gateway.values import SHANGHAI
from openyibao.gateway.wire import typed_output
from openyibao.kernel.year import Year

pytestmark = pytest.mark.usefixtures("django_database")
NOW = datetime(2025, 6, 2, 9, 0, tzinfo=SHANGHAI)


def ask(infno, sent, *, handlers=HANDLERS, institution=HOSPITAL, at=NOW):
    """The output of a message at the wire, by its handler alone."""
    message = described(infno)
    content, problems = checked(message, sent)
    assert not refusing(problems), [problem.sentence() for problem in refusing(problems)]
    said = {"infno": infno, "fixmedins_code": institution, "mdtrtarea_admvs": "420100", "opter": "0053"}
    envelope = Envelope(**{**dict.fromkeys(Envelope._fields, ""), **said})
    request = Request(infno, envelope, Channel("test"), institution, content, at, at.date(), "1" * 30, b"", "trace")
    desk = Desk(store=None, shelf=shelf(), cipher=CIPHER, files=None, catalogue=None)
    with transaction.atomic():
        output = handlers[infno].run(request, desk)
    return json.loads(msgspec.json.encode(typed_output(message, output)), parse_float=Decimal)


def identify(number, cert_type="02", **fields):
    return ask("1101", {"data": {"mdtrt_cert_type": cert_type, "mdtrt_cert_no": number, **fields}})


def refused(*args, **named):
    with pytest.raises(Refused) as found:
        identify(*args, **named)
    return found.value.code


@pytest.fixture
def employee(django_database):
    one = person(1).psn_no
    standing(one, civil_servant=True)
    Employer.objects.create(emp_no="E1", name="测试单位", admdvs="420100")
    accounts.open_account(psn_no=one, fen=415_09, source="old", at=AT)
    return one


def test_an_insured_person_by_identity_number(employee):
    Identity.objects.create(psn_no=employee, psn_idet_type="2303", starts=date(2024, 1, 1), ends=date(2026, 1, 1), source="民政")
    found = identify(certno(1))
    base, (row,), (identity,) = found["baseinfo"], found["insuinfo"], found["idetinfo"]
    assert (base["psn_no"], base["certno"], base["psn_name"], base["brdy"], base["age"]) == (
        employee, certno(1), "测试1", "1980-05-20", Decimal("45.0"))
    assert (row["insutype"], row["psn_insu_stas"], row["balc"], row["emp_name"], row["cvlserv_flag"], row["insuplc_admdvs"]) == (
        "310", "1", Decimal("415.09"), "测试单位", "1", "420100")
    assert row["paus_insu_date"] is None and row.get("trt_chk_rslt") is None
    assert (identity["psn_idet_type"], identity["begntime"], identity["endtime"]) == ("2303", "2024-01-01 00:00:00", "2025-12-31 23:59:59")
    assert [(look.officer, look.purpose) for look in looks_at(employee)] == [(f"{HOSPITAL}/0053", "1101")]


def test_the_reply_has_every_documented_key(employee):
    found = identify(certno(1))
    for node in described("1101").output:
        rows = found[node.name] if node.many else [found[node.name]]
        assert all(set(row) >= {field.name for field in node.fields} for row in rows)


def test_name_or_number_beside_the_credential_must_agree(employee):
    assert refused(certno(1), psn_name="别人") == "PERSON-09"
    assert refused(certno(1), certno=certno(2)) == "PERSON-10"
    assert refused(certno(2)) == "PERSON-01"
    assert identify(certno(1).lower(), psn_name="测试1", certno=certno(1))["baseinfo"]["psn_no"] == employee
    assert len(looks_at(employee)) == 1, "a refusal shows nobody's data"


@pytest.mark.parametrize("moment", ["0001-01-01 00:00:00", "9999-12-31 23:59:59"])
def test_a_day_beyond_living_memory_is_refused(employee, moment):
    assert refused(certno(1), begntime=moment) == "QUERY-02"


def test_by_voucher_and_by_card(employee):
    actions.issue_voucher(token="T1", psn_no=employee, expires_at=NOW + timedelta(minutes=5))
    actions.register_card(card_no="K1", psn_no=employee, cipher=CIPHER)
    assert identify("T1", "01")["baseinfo"]["psn_no"] == identify("K1", "03", card_sn="1")["baseinfo"]["psn_no"] == employee
    with pytest.raises(Refused) as found:
        ask("1101", {"data": {"mdtrt_cert_type": "01", "mdtrt_cert_no": "T1"}}, institution="H42010099002")
    assert found.value.code == "VOUCHER-03"
    assert refused("T9", "01") == "VOUCHER-01" and refused("K9", "03", card_sn="1") == "PERSON-03"


def test_an_earlier_day_is_answered_as_it_was(employee):
    spans.pause(psn_no=employee, insutype="310", day=date(2025, 2, 10), at=AT, officer=OFFICER)
    now, then = identify(certno(1))["insuinfo"], identify(certno(1), begntime="2025-02-01 08:00:00")["insuinfo"]
    assert (now[0]["psn_insu_stas"], now[0]["paus_insu_date"]) == ("2", "2025-03-01") and now[0]["trt_chk_rslt"]
    assert (then[0]["psn_insu_stas"], then[0].get("trt_chk_rslt")) == ("1", None)


def test_arrears_show_as_paused_with_the_day_and_the_reason(employee):
    Relation.objects.update(suspended_from=date(2025, 4, 1))
    (row,) = identify(certno(1))["insuinfo"]
    assert (row["psn_insu_stas"], row["paus_insu_date"]) == ("2", "2025-04-01") and "欠费" in row["trt_chk_rslt"]
    assert row["balc"] == Decimal("415.09")


def test_two_schemes_are_two_rows_and_the_balance_stands_once(employee):
    Relation.objects.update(starts=date(2025, 1, 1), benefit_from=date(2025, 1, 1))
    standing(employee, "390", ends=date(2025, 1, 1), state="4")
    rows = identify(certno(1))["insuinfo"]
    assert [(row["insutype"], row["psn_insu_stas"], row["balc"]) for row in rows] == [("310", "1", Decimal("415.09")), ("390", "4", 0)]


def test_the_dead_and_the_merged_are_answered(employee):
    two = person(2).psn_no
    actions.merge(psn_no=two, into=employee, at=AT, officer=OFFICER)
    assert identify(certno(2))["baseinfo"]["psn_no"] == employee
    spans.die(psn_no=employee, day=date(2025, 5, 1), at=AT, officer=OFFICER)
    (row,) = identify(certno(1))["insuinfo"]
    assert (row["psn_insu_stas"], row["balc"]) == ("4", 0) and "死亡" in row["trt_chk_rslt"]
    assert identify(certno(1), begntime="2025-05-01 10:00:00")["insuinfo"][0]["psn_insu_stas"] == "1"


def test_the_never_insured_and_the_newborn(django_database):
    person(1)
    assert identify(certno(1))["insuinfo"] == []
    baby = actions.register(entry(5, psn_cert_type="990201", certno="S9901100018", brdy=date(2025, 3, 1)), cipher=CIPHER, at=AT,
                            day=date(2025, 6, 2), officer=OFFICER)
    found = identify("s9901100018", psn_cert_type="990201")["baseinfo"]
    assert (found["psn_no"], found["age"]) == (baby.psn_no, Decimal("0.2"))


def settled(psn_no, number, *, insutype="310", total=100_00, fund=60_00, pool=50_00, sign=1, mirror_of=None, day=date(2025, 3, 1)):
    values = {"total": total, "full": 0, "over": 0, "pre": 0, "within": total, "deductible": 0, "pool": pool, "fund": fund, "hospital": 0,
              "person": total - fund, "account": 0, "family": 0, "cash": total - fund, "balance": 0}
    Settlement.objects.create(
        setl_id=number, mdtrt_id=1, psn_no=psn_no, fixmedins_code=HOSPITAL, poolarea="420100", treating="420100", insutype=insutype,
        med_type="11", clr_type="11", chrg_bchno="1", day=day, at=AT, msgid="m", mirror_of=mirror_of, digest="d",
        **{name: sign * value for name, value in values.items()},
    )


def test_what_has_added_up_this_year(employee):
    figures = Year(year=2025, bills=1, inpatient_deductible=200_00, outpatient_deductible=20_00, account_paid=7_00, large_first=3_00,
                   civil_paid=2_00, aid_paid=1_00, tilt_paid=50)
    YearRow.objects.create(psn_no=employee, insutype="310", year=2025, figures=pack(figures))
    settled(employee, 1)
    settled(employee, 2)
    settled(employee, 3, sign=-1, mirror_of=2)
    settled(employee, 4, day=date(2024, 12, 31))
    settled(employee, 5, insutype="390")
    rows = ask("5206", {"data": {"psn_no": employee}})["cuminfo"]
    assert {(row["insutype"], row["year"], row["cum_ym"]) for row in rows} == {("310", "2025", "202506")}
    assert {row["cum_type_code"]: row["cum"] for row in rows} == {
        "Q0000": Decimal("220.00"), "C0000": Decimal("1.00"), "S0000": Decimal("100.00"), "F0000": Decimal("60.00"),
        "D310101": Decimal("50.00"), "D330101": Decimal("3.00"), "D310201": Decimal("7.00"), "D320101": Decimal("2.00"),
        "D610101": Decimal("1.50"), "D999996": Decimal("0.00"),
    }
    assert ask("5206", {"data": {"psn_no": employee, "cum_ym": "202401"}})["cuminfo"] == []
    assert looks_at(employee)[0].purpose == "5206"


@pytest.mark.parametrize("month", ["2025", "20250", "abcdef", "000001", "999912", "²²²²²²"])
def test_a_month_that_is_none_is_refused(employee, month):
    with pytest.raises(Refused) as found:
        ask("5206", {"data": {"psn_no": employee, "cum_ym": month}})
    assert found.value.code == "QUERY-01"


def test_other_cities_people_are_answered_too(django_database):
    one = person(1, admdvs=JISHOU)
    standing(one.psn_no, "390", admdvs=ANKANG)
    assert identify(certno(1))["insuinfo"][0]["insuplc_admdvs"] == ANKANG
