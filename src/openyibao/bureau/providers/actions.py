"""What the provider desk writes 定点管理: sign-ins, departments, measures, stock moves. Clock and institution are passed in."""

import zlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction

from openyibao.bureau.providers.models import Department, Institution, Measure, SignIn, StockMove
from openyibao.bureau.providers.queries import BOUGHT, KINDS_DELETED, RETURNED, SOLD, TAKEN_BACK, day_of, traces_sold
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.actions import acted

OWN_NUMBERS = 100_000
"""Institutions of one division whose national code nobody knows."""


class DepartmentFacts(NamedTuple):
    """What an institution says about a department 科室."""

    hosp_dept_codg: str
    name: str
    caty: str
    starts: date
    ends: date | None
    detail: Mapping[str, Any]  # further national fields as sent


class Move(NamedTuple):
    """One move of stock 进销存 as an institution reports it."""

    kind: str  # 3501 … 3506
    own_code: str
    hilist_code: str
    batch_no: str
    quantity: int  # 1/10,000; sign as it moves the stock, of a count what was counted
    at: datetime
    traces: Sequence[str]  # 药品追溯码
    detail: Mapping[str, Any]


def sign_in(institution: str, opter_no: str, *, at: datetime, detail: Mapping[str, Any]) -> str:
    """Sign an operator in 签到 (9001): a number of its own each time, good for the day; the number."""
    return str(SignIn.objects.create(fixmedins_code=institution, opter_no=opter_no, at=at, detail=dict(detail)).sign_no)


@transaction.atomic
def sign_out(institution: str, opter_no: str, sign_no: str, *, at: datetime) -> None:
    """Sign an operator out 签退 (9002). Raises Refused when the number is not a sign-in of this operator and day that still stands."""
    number = int(sign_no) if sign_no.isascii() and sign_no.isdigit() and len(sign_no) <= 18 else 0
    row = SignIn.objects.select_for_update().filter(sign_no=number, fixmedins_code=institution, opter_no=opter_no).first()
    if row is None:
        raise Refused(
            "SIGN-01",
            f"签到编号 {sign_no} 不是操作员 {opter_no} 的签到",
            f"{sign_no} is no sign-in of operator {opter_no}",
            place="signOut.sign_no",
            next_zh="请填写该操作员 9001 返回的签到编号",
            next_en="send the number that 9001 gave this operator",
        )
    if day_of(row.at) != day_of(at):
        raise Refused(
            "SIGN-02",
            f"签到编号 {sign_no} 不是当日签到",
            f"sign-in {sign_no} is not of today",
            place="signOut.sign_no",
            next_zh="往日签到已自动失效，不必签退",
            next_en="sign-ins of earlier days have ended by themselves",
        )
    if row.out_at is not None:
        raise Refused(
            "SIGN-03",
            f"签到编号 {sign_no} 已签退",
            f"sign-in {sign_no} was signed out already",
            place="signOut.sign_no",
            next_zh="继续办理业务请重新签到",
            next_en="sign in again to go on",
        )
    row.out_at = at
    row.save(update_fields=["out_at"])


@transaction.atomic
def add_department(institution: str, facts: DepartmentFacts) -> None:
    """Register a department 科室新增 (3401). Raises Refused when the code is taken or the days are out of order."""
    check_days(facts)
    if Department.objects.filter(fixmedins_code=institution, hosp_dept_codg=facts.hosp_dept_codg, withdrawn=False).exists():
        raise Refused(
            "DEPT-01",
            f"科室编码 {facts.hosp_dept_codg} 已登记",
            f"department {facts.hosp_dept_codg} is registered already",
            place="deptinfo.hosp_dept_codg",
            next_zh="变更请用 3402",
            next_en="use 3402 to change it",
        )
    make_department(institution, facts)


@transaction.atomic
def change_department(institution: str, facts: DepartmentFacts) -> None:
    """Change a department 科室变更 (3402): the row in force ends where the new one begins. Raises Refused."""
    check_days(facts)
    row = standing_department(institution, facts.hosp_dept_codg, "deptinfo")
    row.ends, row.withdrawn = max(facts.starts, row.starts), True
    row.save(update_fields=["ends", "withdrawn"])
    make_department(institution, facts)


@transaction.atomic
def withdraw_department(institution: str, hosp_dept_codg: str, *, day: date) -> None:
    """Withdraw a department 科室撤销 (3403) from a day. Raises Refused."""
    row = standing_department(institution, hosp_dept_codg, "data")
    if day < row.starts:
        raise Refused(
            "DEPT-03",
            f"撤销日 {day} 早于科室启用日 {row.starts}",
            f"{day} is before the department's first day, {row.starts}",
            place="data.begntime",
            next_zh="请核对开始时间",
            next_en="check begntime",
        )
    row.ends, row.withdrawn = day, True
    row.save(update_fields=["ends", "withdrawn"])


def standing_department(institution: str, hosp_dept_codg: str, node: str) -> Department:
    """The department that was not withdrawn, locked. Raises Refused."""
    row = Department.objects.select_for_update().filter(fixmedins_code=institution, hosp_dept_codg=hosp_dept_codg, withdrawn=False).first()
    if row is None:
        raise Refused(
            "DEPT-02",
            f"科室编码 {hosp_dept_codg} 未登记或已撤销",
            f"department {hosp_dept_codg} is not registered, or withdrawn",
            place=f"{node}.hosp_dept_codg",
            next_zh="请先用 3401 登记",
            next_en="register it by 3401 first",
        )
    return row


def make_department(institution: str, facts: DepartmentFacts) -> None:
    """One more row of a department."""
    Department.objects.create(
        fixmedins_code=institution,
        hosp_dept_codg=facts.hosp_dept_codg,
        name=facts.name,
        caty=facts.caty,
        starts=facts.starts,
        ends=facts.ends,
        detail=dict(facts.detail),
    )


def check_days(facts: DepartmentFacts) -> None:
    """Raise Refused when the end is not after the beginning."""
    if facts.ends is not None and facts.ends <= facts.starts:
        raise Refused(
            "DEPT-04",
            f"科室结束日 {facts.ends} 不晚于开始日 {facts.starts}",
            f"the end {facts.ends} is not after {facts.starts}",
            place="deptinfo.endtime",
            next_zh="请核对起止时间",
            next_en="check begntime and endtime",
        )


@transaction.atomic
def suspend(
    target: str, *, starts: datetime, ends: datetime | None, reason: str, officer: str, at: datetime, clause: str = ""
) -> int:
    """Suspend settlement 暂停结算 of an institution or practitioner from the hour `starts`; the measure's number.

    A measure that stands beside another adds to it: the target is free when the last has ended. Raises Refused for an empty span.
    """
    if ends is not None and ends <= starts:
        raise Refused(
            "MEASURE-11", "措施的解除时间不晚于开始时间", "the measure ends before it begins", place="ends",
            next_zh="请核对起止时间", next_en="check both times",
        )
    number = int(Measure.objects.create(target=target, starts=starts, ends=ends, reason=reason, clause=clause).pk)
    detail = {"measure": number, "starts": starts.isoformat(), "ends": ends.isoformat() if ends else None, "reason": reason}
    acted(officer=officer, what="providers.suspend", object=f"target/{target}", at=at, detail=detail)
    return number


@transaction.atomic
def lift(measure: int, *, officer: str, at: datetime) -> None:
    """End a measure 解除措施 now; one that has not begun never begins. Raises Measure.DoesNotExist."""
    row = Measure.objects.select_for_update().get(pk=measure)
    ends = max(at, row.starts)
    row.ends = ends if row.ends is None else min(row.ends, ends)
    row.save(update_fields=["ends"])
    acted(officer=officer, what="providers.lift", object=f"target/{row.target}", at=at, detail={"measure": measure})


@transaction.atomic
def take_move(institution: str, move: Move, *, node: str) -> None:
    """Keep a move of stock (3501–3506). Raises Refused when exactly this move was reported before.

    What cannot be right is remarked in `detail["remarks"]` and kept: goods have moved, whatever the papers say. A trace code that stands
    as sold elsewhere, or here, is such a remark (drugs sold piece by piece, trdn_flag 1, bear their package's code many times).
    """
    same = StockMove.objects.filter(
        fixmedins_code=institution,
        kind=move.kind,
        own_code=move.own_code,
        hilist_code=move.hilist_code,
        batch_no=move.batch_no,
        quantity=move.quantity,
        at=move.at,
        deleted_at__isnull=True,
    )
    if any(list(row.traces) == list(move.traces) and row.detail.get("document") == move.detail.get("document") for row in same):
        raise Refused(
            "STOCK-01",
            f"批次 {move.batch_no} 的同一条进销存记录已上传",
            f"this move of batch {move.batch_no} was reported before",
            place=f"{node}.fixmedins_bchno",
            next_zh="不必重复上传；如需更正请先用 3507 删除",
            next_en="do not send it again; to correct it delete it by 3507 first",
        )
    StockMove.objects.create(
        fixmedins_code=institution,
        kind=move.kind,
        own_code=move.own_code,
        hilist_code=move.hilist_code,
        batch_no=move.batch_no,
        quantity=move.quantity,
        at=move.at,
        traces=list(move.traces),
        detail={**move.detail, **remarks_on(institution, move)},
    )


def remarks_on(institution: str, move: Move) -> dict[str, list[str]]:
    """What is odd about a move, as stable words: `trace-sold CODE H…` sold before, `never-bought`, `expired-when-bought`."""
    remarks = []
    if move.kind == SOLD and move.detail.get("trdn_flag") != "1":
        remarks += [f"trace-sold {trace} {seller}" for trace, seller in traces_sold(move.traces).items()]
    if (
        move.kind in (SOLD, RETURNED)
        and not StockMove.objects.filter(fixmedins_code=institution, hilist_code=move.hilist_code, deleted_at__isnull=True)
        .exclude(kind__in=(SOLD, TAKEN_BACK))
        .exists()
    ):
        remarks.append("never-bought")
    if move.kind == BOUGHT and move.detail.get("expy_end") and str(move.detail["expy_end"]) < str(day_of(move.at)):
        remarks.append("expired-when-bought")
    return {"remarks": remarks} if remarks else {}


@transaction.atomic
def delete_moves(institution: str, batch_no: str, inv_data_type: str, *, at: datetime) -> int:
    """Mark the moves of a batch and data type as deleted 进销存删除 (3507); how many. Raises Refused when none stands."""
    kinds = KINDS_DELETED.get(inv_data_type, ())
    marked = StockMove.objects.filter(fixmedins_code=institution, batch_no=batch_no, kind__in=kinds, deleted_at__isnull=True).update(
        deleted_at=at
    )
    if not marked:
        raise Refused(
            "STOCK-02",
            f"没有批次 {batch_no} 的该类进销存记录，或已删除",
            f"no such record of batch {batch_no}, or deleted already",
            place="data.fixmedins_bchno",
            next_zh="请核对批次流水号与进销存数据类型",
            next_en="check fixmedins_bchno and inv_data_type",
        )
    return int(marked)


@transaction.atomic
def outside(*, name: str, admdvs: str, hosp_lv: str, code: str, officer: str, at: datetime) -> str:
    """An institution elsewhere 市外机构, known from a paper claim; its code. One that is known already keeps its row.

    code  the national code where the papers say it; empty: the row of that name in that division, else a number of ours, X…
    """
    known = Institution.objects.filter(pk=code) if code else Institution.objects.filter(admdvs=admdvs, name=name)
    row = known.first()
    if row is not None:
        return str(row.pk)
    number = code or _own_number(name, admdvs)
    Institution.objects.create(fixmedins_code=number, name=name, kind="1", hosp_lv=hosp_lv, admdvs=admdvs, detail={"outside": True})
    acted(officer=officer, what="providers.outside", object=f"institution/{number}", at=at, detail={"admdvs": admdvs, "hosp_lv": hosp_lv})
    return number


def _own_number(name: str, admdvs: str) -> str:
    """A code for an institution whose national one is not known: X, the division, five digits from its name, the next ones if taken."""
    first = zlib.crc32(name.encode()) % OWN_NUMBERS
    for step in range(OWN_NUMBERS):
        number = f"X{admdvs}{(first + step) % OWN_NUMBERS:05d}"
        if not Institution.objects.filter(pk=number).exists():
            return number
    raise RuntimeError(f"no number is left in {admdvs}")
