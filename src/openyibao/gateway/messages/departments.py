"""Departments 科室: 3401 new, 3402 changed, 3403 withdrawn, 5101 listed."""

from typing import Any

from openyibao.bureau.providers import actions, queries
from openyibao.gateway.handling import Desk, Handler, Request
from openyibao.gateway.messages.kept import first_day_after, further, last_day

COLUMNS = ("hosp_dept_codg", "hosp_dept_name", "caty", "begntime", "endtime")
LISTED = (
    "itro", "dept_resper_name", "dept_resper_tel", "dept_med_serv_scp", "dept_estbdat", "aprv_bed_cnt", "hi_crtf_bed_cnt", "poolarea_no",
    "dr_psncnt", "phar_psncnt", "nurs_psncnt", "tecn_psncnt", "memo",
)
"""Fields of 5101 that are answered as they were sent by 3401 or 3402."""


def facts_of(row: dict[str, Any]) -> actions.DepartmentFacts:
    """A department as 3401 and 3402 say it."""
    return actions.DepartmentFacts(
        row["hosp_dept_codg"], row["hosp_dept_name"], row.get("caty", ""), row["begntime"].date(), first_day_after(row.get("endtime")),
        further(row, *COLUMNS),
    )


def add(request: Request, desk: Desk) -> dict[str, Any]:
    """3401 科室信息上传."""
    actions.add_department(request.institution, facts_of(request.input["deptinfo"]))
    return {}


def change(request: Request, desk: Desk) -> dict[str, Any]:
    """3402 科室信息变更: the facts as a whole, from begntime on."""
    actions.change_department(request.institution, facts_of(request.input["deptinfo"]))
    return {}


def withdraw(request: Request, desk: Desk) -> dict[str, Any]:
    """3403 科室信息撤销, from begntime on."""
    row = request.input["data"]
    actions.withdraw_department(request.institution, row["hosp_dept_codg"], day=row["begntime"])
    return {}


def listed(request: Request, desk: Desk) -> dict[str, Any]:
    """5101 科室信息查询: the sender's departments in force today."""
    rows = [
        {
            "hosp_dept_codg": one.hosp_dept_codg, "hosp_dept_name": one.name, "caty": one.caty, "begntime": one.starts,
            "endtime": last_day(one.ends), **{name: one.detail.get(name) for name in LISTED},
        }
        for one in queries.departments_of(request.institution, request.day)
    ]
    return {"feedetail": rows}


HANDLERS = {
    "3401": Handler(add, "write"), "3402": Handler(change, "write"), "3403": Handler(withdraw, "write"), "5101": Handler(listed, "read"),
}
