"""Mapping of an institution's own items to national codes 目录对照: 3301, 3302."""

from typing import Any

from openyibao.bureau.codes import actions
from openyibao.bureau.refused import Refused
from openyibao.gateway.handling import Desk, Handler, Request
from openyibao.gateway.messages.kept import first_day_after, further

COLUMNS = ("fixmedins_hilist_id", "fixmedins_hilist_name", "list_type", "med_list_codg", "begndate", "enddate")


def upload(request: Request, desk: Desk) -> dict[str, Any]:
    """3301 目录对照上传: all rows or none."""
    for number, row in enumerate(request.input["data"]):
        facts = actions.MappingFacts(
            row["fixmedins_hilist_id"], row["fixmedins_hilist_name"], row["list_type"], row["med_list_codg"], row["begndate"],
            first_day_after(row.get("enddate")), further(row, *COLUMNS),
        )
        actions.map_item(request.institution, facts, day=request.day, place=f"data[{number}]")
    return {}


def withdraw(request: Request, desk: Desk) -> dict[str, Any]:
    """3302 目录对照撤销, from today: all rows or none."""
    for number, row in enumerate(request.input["data"]):
        if row.get("fixmedins_code", request.institution) != request.institution:
            raise Refused(
                "MAP-09", f"只能撤销本机构的对照，{row['fixmedins_code']} 不是本机构", "only the sender's own mappings can be withdrawn",
                place=f"data[{number}].fixmedins_code", next_zh="请核对定点医药机构编号", next_en="check fixmedins_code",
            )
        actions.withdraw_mapping(
            request.institution, row["fixmedins_hilist_id"], row["list_type"], row["med_list_codg"],
            day=request.day, place=f"data[{number}]",
        )
    return {}


HANDLERS = {"3301": Handler(upload, "write"), "3302": Handler(withdraw, "write")}
