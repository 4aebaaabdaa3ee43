"""Reconciliation 对账: 3201 compares totals, 3202 the bills of an uploaded list; both by setl_time, refunds with negative amounts.

`refd_setl_flag` chooses: 0 bills without refunds, 1 refunds alone, absent both. `fixmedins_refd_setl_flag` is kept and chooses nothing:
no published text says what it would.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement import deposits, statements
from openyibao.bureau.settlement.reconcile import KINDS, Bill, Mismatch, Said, Sums, money, summed, with_hospital
from openyibao.gateway.handling import Desk, Handler, Request
from openyibao.gateway.wire import fen

EQUAL, UNEQUAL = "0", "1"
UPLOADED = ("setl_id", "mdtrt_id", "psn_no", "medfee_sumamt", "fund_pay_sumamt", "acct_pay", "refd_setl_flag")
"""Columns of the uploaded list, in the order they are published in."""

RESULT = ("psn_no", "mdtrt_id", "setl_id", "msgid", "stmt_rslt", "refd_setl_flag", "memo", "medfee_sumamt", "fund_pay_sumamt", "acct_pay")
"""Columns of the answer's file."""

NOTHING = ("", "null", "NULL")
LARGEST, LONGEST = 200_000_000, 200
"""Bytes that a list may unpack to; characters of stmt_rslt_dscr."""


def totals(request: Request, desk: Desk) -> dict[str, Any]:
    """3201 医药机构费用结算对总账: sums by insutype, clearing category and period."""
    data = request.input["data"]
    span = statements.period(data["stmt_begndate"], data["stmt_enddate"])
    check_period(span)
    refunds = asked_refunds(data.get("refd_setl_flag"))
    bills = statements.bills(*span, institution=request.institution, insutype=data["insutype"], clr_type=data["clr_type"])
    ours = summed(chosen(bills, refunds))
    theirs = ours._replace(
        total=fen(data["medfee_sumamt"]), fund=fen(data["fund_pay_sumamt"]), account=fen(data["acct_pay"]),
        bills=int(data["fixmedins_setl_cnt"]), cash=fen(data["cash_payamt"]) if data.get("cash_payamt") is not None else ours.cash,
    )  # fmt: skip
    result = EQUAL if theirs == ours else UNEQUAL
    said = {**theirs._asdict(), "insutype": data["insutype"], "clr_type": data["clr_type"], "refunds": refunds,
            "fixmedins_refd_setl_flag": data.get("fixmedins_refd_setl_flag") or ""}  # fmt: skip
    statements.record(request.institution, "3201", request.at, span, said, ours._asdict(), result)
    return {
        "stmtinfo": {
            "setl_optins": data.get("setl_optins"), "stmt_rslt": result, "stmt_rslt_dscr": described(theirs, ours, bills)[:LONGEST],
            "clr_optins": data.get("clr_optins"), "clr_type": data["clr_type"], "clr_way": None,
            "stmt_begndate": data["stmt_begndate"], "stmt_enddate": data["stmt_enddate"],
        }
    }  # fmt: skip


def check_period(span: tuple[Any, Any]) -> None:
    """A period does not end before it starts."""
    if span[1] <= span[0]:
        raise Refused("STMT-01", "对账结束日期早于开始日期", "stmt_enddate is before stmt_begndate", place="data.stmt_enddate",
                      next_zh="请核对日期", next_en="check the dates")


def asked_refunds(flag: str | None) -> bool | None:
    """Which bills are compared: True refunds alone, False without them, None both."""
    return {"1": True, "0": False}.get(flag or "")


def chosen(bills: Iterable[Bill], refunds: bool | None) -> list[Bill]:
    """The bills that are compared."""
    return [one for one in bills if refunds is None or (one.mirror_of is not None) == refunds]


LABELS = (("total", "医疗费总额"), ("fund", "基金支付"), ("account", "个人账户"), ("cash", "现金"))


def described(theirs: Sums, ours: Sums, bills: Sequence[Bill]) -> str:
    """What differs, and the sums with and without refunds, so that a wrong choice is seen at once."""
    if theirs == ours:
        return f"平：{ours.bills} 笔，医疗费总额 {money(ours.total)}，基金支付 {money(ours.fund)}"
    parts = [
        f"{label}送 {money(getattr(theirs, name))} 应 {money(getattr(ours, name))}"
        for name, label in LABELS if getattr(theirs, name) != getattr(ours, name)
    ]  # fmt: skip
    if theirs.bills != ours.bills:
        parts.append(f"笔数送 {theirs.bills} 应 {ours.bills}")
    forward, back = summed(chosen(bills, False)), summed(chosen(bills, True))
    parts.append(f"（结算 {forward.bills} 笔 {money(forward.total)}，退费 {back.bills} 笔 {money(back.total)}，退费为负）")
    return "；".join(parts) + "请用 3202 对明细"


def details(request: Request, desk: Desk) -> dict[str, Any]:
    """3202 医药机构费用结算对明细账: the uploaded list against our bills; the answer is a file with the rows that differ."""
    data = request.input["data"]
    span = statements.period(data["stmt_begndate"], data["stmt_enddate"])
    check_period(span)
    _, path = deposits.found(
        request.institution, data["file_qury_no"], folder=desk.files, at=request.at, place="data.file_qury_no"
    )
    said = list(read_list(path.read_bytes()))
    refunds = asked_refunds(data.get("refd_setl_flag"))
    bills = chosen(statements.bills(*span, institution=request.institution, clr_type=data["clr_type"]), refunds)
    found = list(with_hospital(bills, [row for row in said if refunds is None or row.refund == refunds]))
    content = packed("\n".join("\t".join(columns) for columns in (RESULT, *map(result_row, found))) + "\n")
    name = f"stmt{request.at:%Y%m%d%H%M%S}.zip"
    laid = deposits.lay_down(
        request.institution, name, deposits.keep(desk.files, content), len(content), deposits.STATEMENT, at=request.at
    )
    result = UNEQUAL if found else EQUAL
    counted = {"rows": len(said), "file_qury_no": data["file_qury_no"], "clr_type": data["clr_type"]}
    statements.record(request.institution, "3202", request.at, span, counted, {"differ": len(found)}, result)
    row = {"file_qury_no": laid.file_qury_no, "filename": name, "dld_endtime": f"{deposits.last_day_of(request.at)} 23:59:59"}
    return {"fileinfo": [row]}


def read_list(content: bytes) -> Iterable[Said]:
    """The rows of an uploaded list: one text of tab-separated columns, zipped or not, with or without a heading. Raises Refused."""
    lines = [line for line in unpacked(content).splitlines() if line.strip()]
    names: Sequence[str] = UPLOADED
    first = 1
    if lines and "setl_id" in lines[0].split("\t"):
        names, first = [cell.strip() for cell in lines[0].split("\t")], 2
    for number, line in enumerate(lines[first - 1:], first):
        cells = dict(zip(names, (cell.strip() for cell in line.split("\t")), strict=False))
        texts = {name: "" if cells.get(name, "") in NOTHING else cells[name] for name in UPLOADED}
        try:
            total, fund, account = (fen(texts[name] or "0") for name in ("medfee_sumamt", "fund_pay_sumamt", "acct_pay"))
        except ValueError:
            raise Refused(
                "STMT-03", f"对账文件第 {number} 行的金额不是数字", f"line {number} of the list has an amount that is no number",
                place=f"file[{number}]", next_zh="每行依次为结算ID、就诊ID、人员编号、总额、基金、账户、退费标志，以制表符分隔",
                next_en="a line is setl_id, mdtrt_id, psn_no, total, funds, account, refund flag, separated by tabs",
            ) from None  # fmt: skip
        yield Said(number, texts["setl_id"], texts["mdtrt_id"], texts["psn_no"], total, fund, account, texts["refd_setl_flag"] == "1")


def unpacked(content: bytes) -> str:
    """The text of a list. Raises Refused when it is no UTF-8 text, not one file, or too large."""
    try:
        if content[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                (inside,) = [one for one in archive.infolist() if not one.is_dir()]
                if inside.file_size > LARGEST:
                    raise ValueError("too large")
                content = archive.read(inside)
        return content.decode("utf-8-sig")
    except (ValueError, zipfile.BadZipFile):
        raise Refused(
            "STMT-02", "对账文件不是一个 UTF-8 文本（或压缩了一个文本的 zip）", "the list is not one UTF-8 text, or a zip of one",
            place="data.file_qury_no", next_zh="请检查文件后重新用 9101 上传", next_en="check the file and send it again by 9101",
        ) from None  # fmt: skip


def packed(text: str) -> bytes:
    """A text in a zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("result.txt", text)
    return stream.getvalue()


def result_row(found: Mismatch) -> list[str]:
    """A row of the answer's file. A bill that only the hospital has keeps the hospital's figures."""
    bill, said, kind = found.ours, found.said, KINDS[found.kind]
    refund = bill.mirror_of is not None if bill is not None else bool(said and said.refund)
    memo = f"{kind.zh}。{kind.repair_zh}"
    if bill is not None:
        names = [bill.psn_no, str(bill.mdtrt_id), str(bill.setl_id), bill.msgid]
        return [*names, UNEQUAL, str(int(refund)), memo, money(bill.total), money(bill.fund), money(bill.account)]
    assert said is not None
    amounts = [money(one) for one in (said.total, said.fund, said.account)]
    return [cell or "null" for cell in (said.psn_no, said.mdtrt_id, said.setl_id, "", UNEQUAL, str(int(refund)), memo, *amounts)]


HANDLERS = {"3201": Handler(totals, "write"), "3202": Handler(details, "write")}
