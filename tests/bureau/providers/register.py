"""Institutions, doctors and measures for tests."""

from datetime import date, datetime

from openyibao.bureau.providers.models import Agreement, Institution, Measure, Practitioner
from openyibao.gateway.values import SHANGHAI

HOSPITAL, PHARMACY, DOCTOR = "H42100099001", "P42100099001", "D421002990001"


def at(*parts):
    return datetime(*parts, tzinfo=SHANGHAI)


def institution(code=HOSPITAL, starts=date(2020, 1, 1), ends=None, **fields):
    usual = {"name": f"示例医院{code[-3:]}", "kind": "2" if code[0] == "P" else "1", "hosp_lv": "02", "admdvs": "421002", "uscc": "X"}
    fields = {**usual, **fields}
    made = Institution.objects.create(fixmedins_code=code, **fields)
    if starts:
        Agreement.objects.create(institution=made, number=f"{code}-1", starts=starts, ends=ends, scope="")


def doctor(code=DOCTOR, hospital=HOSPITAL, **fields):
    fields = {"kind": "1", "name": "吴芳", "starts": date(2020, 1, 1), **fields}
    Practitioner.objects.create(code=code, fixmedins_code=hospital, **fields)


def measure(target, starts, ends=None, reason="串换项目"):
    return Measure.objects.create(target=target, starts=starts, ends=ends, reason=reason, clause="").pk
