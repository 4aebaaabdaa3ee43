"""Stock of goods 进销存: 3501 counted, 3502 changed, 3503 bought, 3504 returned, 3505 sold, 3506 taken back, 3507 deleted.

Every message brings one row. Quantities may not be negative: which way goods move is what the message, or its inv_chg_type, says.
"""

from datetime import datetime
from typing import Any, NamedTuple

from openyibao.bureau.providers import actions, queries
from openyibao.bureau.refused import Refused
from openyibao.gateway.handling import Desk, Handler, Request
from openyibao.gateway.messages.kept import further, instant
from openyibao.gateway.tables import label
from openyibao.gateway.wire import quantity

INTO = frozenset({"101", "103", "106", "108", "110"})  # inv_chg_type: 调拨入库, 盘盈, 其他入库, 采购入库, 赠药入库
OUT_OF = frozenset({"102", "104", "105", "107", "109", "111"})  # 调拨出库, 盘损, 销毁, 其他出库, 退货出库, 赠药退回
COLUMNS = ("med_list_codg", "fixmedins_hilist_id", "fixmedins_bchno", "drugtracinfo")


class Shape(NamedTuple):
    """Where a stock message has its figures."""

    node: str
    figure: str
    at: str
    document: str  # field that tells two equal moves apart; "" = none
    sign: int  # 0: inv_chg_type decides


SHAPES = {
    queries.COUNT: Shape("invinfo", "inv_cnt", "invdate", "", 1),
    queries.CHANGE: Shape("invinfo", "cnt", "inv_chg_time", "", 0),
    queries.BOUGHT: Shape("purcinfo", "purc_retn_cnt", "purc_retn_stoin_time", "dynt_no", 1),
    queries.RETURNED: Shape("purcinfo", "purc_retn_cnt", "purc_retn_stoin_time", "medins_prod_purc_no", -1),
    queries.SOLD: Shape("selinfo", "sel_retn_cnt", "sel_retn_time", "rtal_docno", -1),
    queries.TAKEN_BACK: Shape("selinfo", "sel_retn_cnt", "sel_retn_time", "medins_prod_sel_no", 1),
}


def take(request: Request, desk: Desk) -> dict[str, Any]:
    """3501–3506: keep the move."""
    shape = SHAPES[request.infno]
    row = request.input[shape.node]
    move = actions.Move(
        request.infno, row["fixmedins_hilist_id"], row["med_list_codg"], row["fixmedins_bchno"],
        sign_of(shape, row) * counted(shape, row, request.infno), moved_at(row[shape.at]), traces_of(row, request.input),
        {**further(row, *COLUMNS, shape.figure, shape.at), "document": row.get(shape.document, "") or row.get("mdtrt_sn", "")},
    )
    if move.at > request.at and request.infno != queries.COUNT:
        raise Refused(
            "STOCK-03", f"时间 {row[shape.at]} 晚于当前时间", f"{row[shape.at]} lies in the future", place=f"{shape.node}.{shape.at}",
            next_zh="请校准本机时钟后重新上传", next_en="set this machine's clock, then send again",
        )
    actions.take_move(request.institution, move, node=shape.node)
    return {}


def sign_of(shape: Shape, row: dict[str, Any]) -> int:
    """Which way the goods move: 1 in, -1 out. Raises Refused for a change type that does not say."""
    if shape.sign:
        return shape.sign
    kind = row["inv_chg_type"]
    if kind in INTO:
        return 1
    if kind in OUT_OF:
        return -1
    raise Refused(
        "STOCK-04", f"库存变更类型 {kind} 看不出是入库还是出库", f"inv_chg_type {kind} does not say which way the goods move",
        place=f"{shape.node}.inv_chg_type", next_zh=f"请用 101–111，例如 107 {label('inv_chg_type', '107')}", next_en="use 101 to 111",
    )


def counted(shape: Shape, row: dict[str, Any], infno: str) -> int:
    """The quantity in 1/10,000: above zero, of a count zero as well. Raises Refused."""
    number = quantity(row[shape.figure])
    if number < 0 or (number == 0 and infno != queries.COUNT):
        raise Refused(
            "STOCK-05", f"数量 {row[shape.figure]} 应大于 0", f"the quantity {row[shape.figure]} must be above 0",
            place=f"{shape.node}.{shape.figure}", next_zh="退货、退药请用 3504、3506，不要用负数",
            next_en="use 3504 or 3506, not a negative quantity",
        )
    return number


def moved_at(value: Any) -> datetime:
    """When goods moved; of a count, a day: its last second, so that the day's moves come before it."""
    if isinstance(value, datetime):
        return instant(value)
    return instant(datetime.combine(value, datetime.max.time().replace(microsecond=0)))


def traces_of(row: dict[str, Any], sent: dict[str, Any]) -> list[str]:
    """The trace codes 药品追溯码 of a row, wherever they were put, each once, in order."""
    nodes = row.get("drugtracinfo") or sent.get("drugtracinfo") or []
    rows = [nodes] if isinstance(nodes, dict) else nodes
    codes = [entry.get("drug_trac_codg", "") for entry in rows] + [row.get("drug_trac_codg", "")]
    return list(dict.fromkeys(part.strip() for code in codes for part in code.replace(";", ",").split(",") if part.strip()))


def delete(request: Request, desk: Desk) -> dict[str, Any]:
    """3507 进销存删除: marks the batch's records of one data type."""
    row = request.input["data"]
    actions.delete_moves(request.institution, row["fixmedins_bchno"], row["inv_data_type"], at=request.at)
    return {}


HANDLERS = {**{infno: Handler(take, "write") for infno in SHAPES}, "3507": Handler(delete, "write")}
