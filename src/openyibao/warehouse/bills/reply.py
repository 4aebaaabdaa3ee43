"""National replies 国家接口应答: what 2206/2207, 2303/2304 and the reversals 2103, 2208, 2305 answer; a refused bill answers infcode -1.

A reversal answers every amount negated (identity I12) and the account after the money came back (I13).
Nothing here reads a clock: setl_time repeats the request's inf_time, so that the same file gives the same replies.
"""

from collections.abc import Mapping
from typing import Any

from openyibao.kernel import codes
from openyibao.kernel.refusals import refusal
from openyibao.policybook.national import amounts, fund_rows
from openyibao.warehouse.bills.messages import TRIALS
from openyibao.warehouse.bills.problems import yuan
from openyibao.warehouse.bills.reading import Rejected
from openyibao.warehouse.bills.results import INSUTYPE
from openyibao.warehouse.bills.settled import Settled

ECHOED = ("mdtrt_id", "psn_no", "psn_name", "psn_cert_type", "certno", "psn_type", "mdtrt_cert_type")


def number(fen: int) -> float | int:
    """Fen as a JSON number of yuan: its shortest text has exactly the fen (amounts stay far below 2**53)."""
    return fen // 100 if fen % 100 == 0 else float(yuan(fen))


def reply(settled: Settled, request: Mapping[str, Any]) -> dict[str, Any]:
    """The reply to a settlement or reversal request; a document of a replay answers the reversal in the shape of its bill's request."""
    receipt = settled.receipt
    answered = settled.because or request.get("msgid")
    if receipt.outcome != codes.SETTLED and not settled.reverses:
        why = refusal(receipt.outcome)
        return envelope(request, answered, -1, f"[{why.code}] {why.sentence}（{why.clause}）", None)
    return envelope(request, answered, 0, "", {"setlinfo": setlinfo(settled, request), "setldetail": setldetail(settled)})


def rejection(rejected: Rejected, request: Mapping[str, Any]) -> dict[str, Any]:
    """The reply to a request that cannot be settled."""
    return envelope(request, request.get("msgid"), -1, f"[{rejected.problem.code}] {rejected.problem.zh}", None)


def envelope(request: Mapping[str, Any], answered: object, infcode: int, message: str, output: dict[str, Any] | None) -> dict[str, Any]:
    """The outer keys of a reply; `answered` is the msgid that it answers."""
    return {"infno": request.get("infno"), "infcode": infcode, "inf_refmsgid": answered, "err_msg": message, "output": output}


def setlinfo(settled: Settled, request: Mapping[str, Any]) -> dict[str, Any]:
    """The summary node."""
    given = request.get("input") or {}
    data = {**given.get("mdtrtinfo", {}), **given.get("data", given)}
    trial = str(request.get("infno")) in TRIALS
    return {
        **{name: data[name] for name in ECHOED if name in data},
        "psn_no": settled.bill.person,
        "setl_id": "" if trial else settled.bill.number,
        "medins_setl_id": request.get("msgid"),
        "setl_time": request.get("inf_time"),
        "insutype": INSUTYPE[settled.claim.scheme],
        "cvlserv_flag": str(settled.claim.civil_servant),
        **{field: number(fen) for field, fen in amounts(settled.receipt, settled.plan).items()},
    }


def setldetail(settled: Settled) -> list[dict[str, Any]]:
    """One row per payer; every row repeats the in-scope amount, the basic fund's row the limit before it (a mirror none)."""
    within = number(amounts(settled.receipt, settled.plan)["inscp_scp_amt"])
    rows = []
    for place, row in enumerate(fund_rows(settled.receipt, settled.plan)):
        left = settled.receipt.limit_left if place == 0 and settled.receipt.pool > 0 else codes.UNBOUNDED
        rows.append({"fund_pay_type": row.fund, "fund_pay_type_name": row.name, "inscp_scp_amt": within,
                     "crt_payb_lmt_amt": None if left >= codes.UNBOUNDED else number(left), "fund_payamt": number(row.amount)})
    return rows
