"""Settlement lists 医保结算清单: 4101, and 4101A as older programs send it."""

from typing import Any

from openyibao.bureau.settlement import settlement_list
from openyibao.gateway.handling import Desk, Handler, Request
from openyibao.gateway.messages.kept import plain

PERSONAL = ("certno", "psn_name", "coner_name", "coner_addr", "coner_tel", "curr_addr", "emp_tel")
"""Fields of setlinfo that are not kept: the person number says who it was."""


def upload(request: Request, desk: Desk) -> dict[str, Any]:
    """4101 医疗保障基金结算清单信息上传."""
    stored = plain(request.input)
    stored["setlinfo"] = {name: value for name, value in stored["setlinfo"].items() if name not in PERSONAL}
    number = settlement_list.keep(request.institution, request.input, stored, at=request.at)
    return {"data": {"setl_list_id": number}}


HANDLERS = {"4101": Handler(upload, "write"), "4101A": Handler(upload, "write")}
