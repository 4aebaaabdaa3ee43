"""National messages as bills 国家接口报文: 2206/2207, 2303/2304 requests and their reversals, with what came before them in the file.

A settlement message says little by itself. Before it a file may hold 2203 (visit), 2401/2402/2403 (admission, discharge, change),
2204/2301 (lines, as request, reply, or both) and 1101 replies (the person); they are kept per visit (mdtrt_id) and person, and folded
into the bill. 2206 and 2303 are trials: settled like the others, without leaving anything in the year. 2103, 2208 and 2305 take back
the settlement that setl_id names: the platform's number, if the file holds the reply that gave it, or the number of our bill.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from openyibao.policybook.national import MATERNITY_VISITS
from openyibao.warehouse.bills.problems import Problem, message_gap
from openyibao.warehouse.bills.rows import Row
from openyibao.warehouse.bills.values import stated, text

SETTLEMENTS = ("2206", "2207", "2303", "2304")
TRIALS = ("2206", "2303")
REVERSALS = ("2103", "2208", "2305")
ANSWERED = SETTLEMENTS + REVERSALS
LINES = ("2204", "2301")
VISITS = {"2203": "mdtrtinfo", "2203A": "mdtrtinfo", "2401": "mdtrtinfo", "2402": "dscginfo", "2403": "adminfo"}
PERSON = "1101"
STAYS = ("2303", "2304")

VISIT_FIELDS = (
    "med_type", "begntime", "endtime", "dise_codg", "birctrl_type", "matn_type", "geso_val", "fetus_cnt", "cop_flag", "insutype", "level",
    "hosp_lv",
)  # fmt: skip
BILL_FIELDS = (
    "psn_no", "insutype", "med_type", "medfee_sumamt", "acct_used_flag", "psn_type", "fulamt_ownpay_amt", "overlmt_selfpay",
    "preselfpay_amt", "inscp_scp_amt", "level", "hosp_lv", "begntime", "endtime", "dise_codg", "matn_type", "birctrl_type", "geso_val",
    "third_party", "offsite", "transferred", "city", "mdtrtarea_admvs", "cvlserv_flag", "psn_idet_type", "balc",
)  # fmt: skip

Cells = dict[str, Any]


class Desk:
    """What the messages so far have said, per visit, person and line."""

    def __init__(self) -> None:
        """Nothing said yet."""
        self.visits: dict[str, Cells] = {}
        self.lines: dict[str, list[Cells]] = {}
        self.answers: dict[tuple[str, str], Cells] = {}
        self.persons: dict[str, Cells] = {}
        self.settlements: dict[str, Any] = {}   # the platform's setl_id -> bill_id


def unfolded(found: Iterable[Row]) -> Iterator[tuple[Row, Mapping[str, Any] | None]]:
    """(row as a plain bill, the request it came from); rows that are no messages pass as they are."""
    desk = Desk()
    for row in found:
        if row.cells is None or "infno" not in row.cells:
            yield row, None
            continue
        try:
            cells = heard(desk, row.cells)
        except Problem as problem:
            yield Row(row.number, row.cells, problem, row.offset), row.cells if str(row.cells["infno"]) in ANSWERED else None
            continue
        if cells is not None:
            yield Row(row.number, cells, None, row.offset), row.cells


def heard(desk: Desk, message: Mapping[str, Any]) -> Cells | None:
    """Keep what a message says; a settlement or reversal message answers with the row's cells."""
    number = text("infno", message["infno"])
    if number in SETTLEMENTS:
        cells = bill_cells(desk, number, message)
        given = part(part(message, "output"), "setlinfo").get("setl_id")
        if stated(given):
            desk.settlements[text("setl_id", given)] = cells["bill_id"]
        return cells
    if number in REVERSALS:
        return reversal_cells(desk, number, message)
    given, output = part(message, "input"), part(message, "output")
    if number in LINES:
        keep_lines(desk, given, output)
    elif number in VISITS:
        visit = part(given, VISITS[number])
        kept = desk.visits.setdefault(visit_of(visit, message), {})
        kept.update({name: visit[name] for name in VISIT_FIELDS if stated(visit.get(name))})
        kept.update(expansion(visit))
    elif number == PERSON:
        keep_person(desk, output)
    else:
        raise message_gap("infno", f"报文 {number} 不是结算、撤销、明细或就诊报文",
                          f"message {number} is neither a settlement nor its reversal nor lines nor a visit")
    return None


def part(message: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A node of a message as an object; an absent one is empty."""
    node = message.get(name)
    if not stated(node):
        return {}
    if not isinstance(node, Mapping):
        raise message_gap(name, f"{name} 不是对象（加密报文请先解密）", f"{name} is no object (decrypt the message first)")
    return node


def rows_of(node: Mapping[str, Any], name: str) -> list[Cells]:
    """A list node; a single object counts as a list of one."""
    found = node.get(name, [])
    if isinstance(found, Mapping):
        found = [found]
    if not isinstance(found, list) or not all(isinstance(entry, Mapping) for entry in found):
        raise message_gap(name, f"{name} 不是列表", f"{name} is no list")
    return [dict(entry) for entry in found]


def visit_of(node: Mapping[str, Any], message: Mapping[str, Any]) -> str:
    """mdtrt_id of a node; 2401 has none in the request, its reply or the person and day stand in."""
    for place in (node, part(part(message, "output"), "result")):
        if stated(place.get("mdtrt_id")):
            return text("mdtrt_id", place["mdtrt_id"])
    return text("psn_no", node.get("psn_no", ""))


def keep_lines(desk: Desk, given: Mapping[str, Any], output: Mapping[str, Any]) -> None:
    """Lines of a request by visit, and the platform's answers by line number."""
    for line in rows_of(given, "feedetail"):
        desk.lines.setdefault(text("mdtrt_id", line.get("mdtrt_id", "")), []).append(line)
    for answer in rows_of(output, "result"):
        key = text("feedetl_sn", answer.get("feedetl_sn", ""))
        desk.answers[text("mdtrt_id", answer.get("mdtrt_id", "")), key] = answer


def keep_person(desk: Desk, output: Mapping[str, Any]) -> None:
    """The insurance row in normal status and the aid identity of a 1101 reply."""
    base = part(output, "baseinfo")
    if not stated(base.get("psn_no")):
        return
    insured = [row for row in rows_of(output, "insuinfo") if str(row.get("psn_insu_stas", "1")) == "1"]
    aid = [row for row in rows_of(output, "idetinfo") if str(row.get("psn_idet_type", "")).startswith(("22", "23"))]
    found = insured[0] if insured else {}
    cells = {name: found[name] for name in ("insutype", "psn_type", "cvlserv_flag", "balc") if stated(found.get(name))}
    if aid:
        cells["psn_idet_type"] = aid[0]["psn_idet_type"]
    desk.persons[text("psn_no", base["psn_no"])] = cells


def expansion(node: Mapping[str, Any]) -> Cells:
    """exp_content 字段扩展, JSON text: public-health group, third party, transfer."""
    content = node.get("exp_content") or node.get("expContent") or ""
    if isinstance(content, str) and content.lstrip().startswith("{"):
        try:
            content = json.loads(content)
        except ValueError:
            raise message_gap("exp_content", "exp_content 不是正确的 JSON", "exp_content is not valid JSON") from None
    if not isinstance(content, Mapping):
        return {}
    cells: Cells = {}
    if stated(content.get("MDTRT_GRP_TYPE")):
        cells["epidemic"] = 1
    if str(content.get("REL_TTP_FLAG", "0")) == "1":
        cells["third_party_flag"] = 1
    if str(content.get("IPT_TYPE", "")) == "3":
        cells["transferred"] = 1
    return cells


def bill_cells(desk: Desk, number: str, message: Mapping[str, Any]) -> Cells:
    """The bill that a settlement request asks for; raises Problem when the file has not said enough."""
    given = part(message, "input")
    data = {**part(given, "mdtrtinfo"), **(part(given, "data") or given)}
    visit = text("mdtrt_id", data.get("mdtrt_id", ""))
    cells: Cells = dict(desk.persons.get(text("psn_no", data.get("psn_no", "")), {}))
    cells |= desk.visits.get(visit) or desk.visits.get(text("psn_no", data.get("psn_no", "")), {})
    cells |= {name: data[name] for name in BILL_FIELDS if stated(data.get(name))} | expansion(data)
    for name in ("level", "hosp_lv", "mdtrtarea_admvs", "city"):
        if name not in cells and stated(message.get(name)):
            cells[name] = message[name]
    add_lines(desk, cells, visit, data, given)
    add_days(cells, number, data, message)
    if cells.pop("third_party_flag", 0) and "third_party" not in cells:
        raise message_gap("third_party", "报文标明涉及第三方，但没有写第三人负担金额 third_party",
                          "the message says that a third party is involved; state its share as third_party")
    if "med_type" not in cells:
        raise message_gap("med_type", "没有 med_type：请先给 2203 或 2401 报文，或写在 data 里",
                          "there is no med_type: put a 2203 or 2401 message before, or write it into data")
    if cells["med_type"] not in MATERNITY_VISITS:
        for name in ("matn_type", "birctrl_type", "geso_val"):
            cells.pop(name, None)
    drop_foreign_disease(cells)
    cells["bill_id"] = first_stated(message.get("msgid"), data.get("medins_setl_id"), f"{visit}/{data.get('chrg_bchno', '')}/{number}")
    return cells


def reversal_cells(desk: Desk, number: str, message: Mapping[str, Any]) -> Cells:
    """The reversal that a request asks for; it acts at its place in the file, since inf_time is when it was sent."""
    given = part(message, "input")
    data = part(given, "data") or given
    for name in ("setl_id", "psn_no"):
        if not stated(data.get(name)):
            raise message_gap(name, f"撤销报文 {number} 没有 {name}", f"the reversal {number} has no {name}")
    named = text("setl_id", data["setl_id"])
    return {"bill_id": first_stated(message.get("msgid"), f"{named}/{number}"), "psn_no": data["psn_no"],
            "reverses": desk.settlements.get(named, named)}


def first_stated(*values: Any) -> Any:
    """The first value that says anything."""
    return next(value for value in values if stated(value))


def drop_foreign_disease(cells: Cells) -> None:
    """dise_codg holds by-disease settlement codes too; only chronic codes (M and five digits) concern the benefit."""
    code = str(cells.get("dise_codg", ""))
    if code and not (len(code) == 6 and code[0] == "M" and code[1:].isdigit()):
        del cells["dise_codg"]


def add_lines(desk: Desk, cells: Cells, visit: str, data: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """The lines of this settlement: embedded, or those of the visit (of one charge batch for outpatients)."""
    batch = str(data.get("chrg_bchno", ""))
    lines = rows_of(given, "feedetail") or [
        line for line in desk.lines.get(visit, []) if not batch or str(line.get("chrg_bchno", batch)) == batch
    ]
    if not lines:
        return
    times = [str(line["fee_ocur_time"]) for line in lines if stated(line.get("fee_ocur_time"))]
    if times and "begntime" not in cells:
        cells["last_fee"] = max(times)
    cells["feedetail"] = [{**line, **answer_to(desk, visit, line)} for line in lines]
    for name in ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt"):
        if str(cells.get(name)) in ("0", "0.0", "0.00"):
            del cells[name]     # the wire's numbers are 0 when nothing was said


def answer_to(desk: Desk, visit: str, line: Mapping[str, Any]) -> Cells:
    """The platform's answer about a line, if the file holds it."""
    key = text("feedetl_sn", line.get("feedetl_sn", ""))
    return desk.answers.get((visit, key)) or desk.answers.get(("", key), {})


def add_days(cells: Cells, number: str, data: Mapping[str, Any], message: Mapping[str, Any]) -> None:
    """Admission and discharge of a stay, or the service day: visit, then lines, then the message's own time."""
    last_fee = cells.pop("last_fee", "")
    for name in ("dscgTime", "dscg_time"):
        if stated(data.get(name)):
            cells["endtime"] = data[name]
    if number in STAYS:
        if "endtime" not in cells or "begntime" not in cells:
            raise message_gap("endtime", "住院结算缺少入院或出院时间：请先给 2401、2402 报文，或在 data 里写 begntime、dscgTime",
                              "the stay lacks its days: put 2401 and 2402 messages before, or write begntime and dscgTime into data")
        return
    cells["begntime"] = cells["endtime"] = cells.get("begntime") or last_fee or message.get("inf_time") or ""
