"""Charge lines at the wire 费用明细: what 2204, 2301 and the pharmacy send, and the split they are answered."""

from collections.abc import Mapping, Sequence
from typing import Any

from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement import splitting
from openyibao.bureau.settlement.actions import TRIES, Said, busy, pause, said_before
from openyibao.bureau.settlement.deciding import wrong_sort
from openyibao.bureau.settlement.models import Encounter
from openyibao.bureau.settlement.splitting import Charge, Priced
from openyibao.bureau.settlement.store import visits
from openyibao.bureau.settlement.store.pool import AlreadyAnswered, Conflict, Taken
from openyibao.bureau.settlement.store.writing import MessageRow
from openyibao.gateway import answers, reading
from openyibao.gateway.handling import Desk, Request
from openyibao.gateway.wire import fen, price, quantity, wire_price, wire_quantity, wire_rate, yuan
from openyibao.kernel import codes

CLASS_AT_WIRE = {codes.CLASS_A: "01", codes.CLASS_B: "02", codes.CLASS_C: "03"}
NO_CEILING = 999_999 * 10**6
WHOLE = 10_000
NAMED = ("feedetl_sn", "mdtrt_id", "psn_no", "chrg_bchno", "cnt", "pric", "det_item_fee_sumamt")
MOST = 2_000
"""Lines of one message."""


def charge(fields: Mapping[str, Any], request: Request, batch: str) -> Charge:
    """One line as sent."""
    return Charge(
        fields["feedetl_sn"],
        batch if batch == reading.STAY_BATCH else fields.get("chrg_bchno") or batch,
        fields.get("med_list_codg") or "",
        fields.get("medins_list_codg") or "",
        reading.at_or(fields.get("fee_ocur_time"), request.at),
        quantity(fields["cnt"]),
        price(fields["pric"]),
        fen(fields["det_item_fee_sumamt"]),
        fields.get("hosp_appr_flag") or "",
        fields.get("init_feedetl_sn") or "",
        fields.get("bilg_dr_codg") or "",
        reading.kept(fields, *NAMED),
    )


def line_output(line: Priced) -> dict[str, Any]:
    """One line of `result`: its split, class, ceiling and share (identities I5, I7, I8, I9)."""
    row, item = line.row, line.item
    own_pay = row.item_class == codes.CLASS_C or bool(row.flags & splitting.RESTRICTED)
    return {
        "feedetl_sn": row.feedetl_sn,
        "det_item_fee_sumamt": yuan(row.fee),
        "cnt": wire_quantity(row.quantity),
        "pric": wire_price(row.price),
        "pric_uplmt_amt": wire_price(row.ceiling or NO_CEILING),
        "selfpay_prop": wire_rate(WHOLE if own_pay else row.rate),
        "fulamt_ownpay_amt": yuan(row.full),
        "overlmt_amt": yuan(row.over),
        "preselfpay_amt": yuan(row.pre),
        "inscp_scp_amt": yuan(row.within),
        "chrgitm_lv": CLASS_AT_WIRE[row.item_class],
        "med_chrgitm_type": row.med_chrgitm_type,
        "bas_medn_flag": str(int(item.basic_medicine)),
        "hi_nego_drug_flag": str(int(item.negotiated)),
        "chld_medc_flag": "0",
        "list_sp_item_flag": "0",
        "lmt_used_flag": str(int(item.restricted)),
        "drt_reim_flag": "0",
        "memo": item.restriction if row.flags & splitting.RESTRICTED else None,
    }


def check_visit(row: Any, request: Request, psn_no: str, charges: Sequence[Charge], sort: str) -> None:
    """Refuse lines for another's visit, a closed one, a settled batch, a suspended doctor."""
    if row["fixmedins_code"] != request.institution:
        raise Refused("VISIT-02", "该就诊不是本机构的就诊", "this visit is not of this institution", place="mdtrt_id")
    if row["psn_no"] != psn_no:
        raise Refused("VISIT-03", "人员编号与就诊登记不一致", "psn_no is not that of the visit", place="psn_no")
    if row["sort"] != sort:
        raise wrong_sort(row["sort"])
    if row["visit_state"] == Encounter.CANCELLED:
        raise Refused(
            "VISIT-05", "该就诊登记已撤销", "this visit was cancelled", place="mdtrt_id", next_zh="请重新登记", next_en="register again"
        )
    settled = set(row["batches"] or ()) & {one.batch for one in charges}
    if settled:
        raise Refused(
            "LINE-10",
            f"收费批次 {sorted(settled)[0]} 已结算，不能再传明细",
            f"batch {sorted(settled)[0]} is settled already",
            place="chrg_bchno",
            next_zh="请换新的收费批次号，或先冲销",
            next_en="use a new batch number, or reverse first",
        )
    for text in row["stopped"] or ():
        doctor, since, reason = text.split(" ", 2)
        raise Refused(
            "MEASURE-03",
            f"医师 {doctor} 的医保处方资格自 {since} 起暂停：{reason}",
            f"doctor {doctor} may not prescribe since {since}: {reason}",
            place="bilg_dr_codg",
            next_zh="请由其他医保医师开单",
            next_en="have another doctor prescribe",
        )


async def take(request: Request, desk: Desk, batch: str, sort: str) -> bytes | Said:
    """Take the lines of 2204 (sort O) or 2301 (I); all of them or none. Raises Refused."""
    sent = request.input["feedetail"]
    if len(sent) > MOST:
        raise Refused(
            "LINE-11",
            f"一次最多上传 {MOST} 条明细，本次 {len(sent)} 条",
            f"at most {MOST} lines at a time, here {len(sent)}",
            next_zh="请分批上传",
            next_en="send them in several messages",
        )
    numbers = {reading.visit_number(fields) for fields in sent}
    people = {fields["psn_no"] for fields in sent}
    if len(numbers) > 1 or len(people) > 1:
        raise Refused("LINE-12", "一次上传的明细须属于同一就诊", "the lines of one message must belong to one visit", place="feedetail")
    mdtrt_id, psn_no = numbers.pop(), people.pop()
    charges = [charge(fields, request, batch) for fields in sent]
    if len({one.number for one in charges}) < len(charges):
        raise Refused("LINE-13", "本次上传的费用流水号有重复", "a feedetl_sn stands twice in this message", place="feedetl_sn")
    doctors = sorted({one.doctor for one in charges if one.doctor})
    catalogue = desk.catalogue()
    for attempt in range(TRIES):
        row = await visits.for_lines(desk.store, request.institution, request.msgid, mdtrt_id, request.at, doctors)
        if row is None:
            raise Refused(
                "VISIT-01",
                f"就诊ID {mdtrt_id} 不存在",
                f"there is no visit {mdtrt_id}",
                place="mdtrt_id",
                next_zh="请先登记",
                next_en="register first",
            )
        before = said_before(row)
        if before is not None:
            return before
        check_visit(row, request, psn_no, charges, sort)
        named = [one.takes_back for one in charges if one.takes_back]
        earlier = await visits.earlier_lines(desk.store, mdtrt_id, named)
        priced = splitting.price_lines(charges, row, earlier, catalogue, splitting.rules_of_visit(row, desk.shelf))
        answer = answers.encoded(request.infno, {"result": [line_output(line) for line in priced]})
        message = MessageRow(request.institution, request.msgid, request.infno, request.digest, answer)
        try:
            await visits.add_lines(desk.store, message, request.at, psn_no, mdtrt_id, row["visit_version"], [line.row for line in priced])
        except (Conflict, AlreadyAnswered):
            await pause(attempt)
        except Taken as taken:
            raise await doubled(desk, mdtrt_id, charges) from taken
        else:
            return answer
    raise busy()


async def doubled(desk: Desk, mdtrt_id: int, charges: Sequence[Charge]) -> Refused:
    """Which of the lines stands already."""
    there = await visits.earlier_lines(desk.store, mdtrt_id, [one.number for one in charges])
    number = next(iter(sorted(there)), "")
    return Refused(
        "LINE-04",
        f"费用流水号 {number} 已上传",
        f"feedetl_sn {number} was sent already",
        place="feedetl_sn",
        next_zh="请换新的流水号；更改请先撤销原明细",
        next_en="use a new number; to change a line withdraw it first",
    )


async def withdraw(
    request: Request, desk: Desk, mdtrt_id: int, psn_no: str, batch: str | None, numbers: Sequence[str] | None
) -> bytes | Said:
    """Withdraw unsettled lines 撤销明细 (2205, 2302): of a batch, by number, or all (None, None). Raises Refused."""
    answer = b"{}"
    message = MessageRow(request.institution, request.msgid, request.infno, request.digest, answer)
    for attempt in range(TRIES):
        row = await visits.for_lines(desk.store, request.institution, request.msgid, mdtrt_id, request.at, ())
        if row is None:
            raise Refused("VISIT-01", f"就诊ID {mdtrt_id} 不存在", f"there is no visit {mdtrt_id}", place="mdtrt_id")
        before = said_before(row)
        if before is not None:
            return before
        if row["fixmedins_code"] != request.institution or row["psn_no"] != psn_no:
            raise Refused(
                "VISIT-02", "该就诊不是本机构该参保人的就诊", "this visit is not of this institution and person", place="mdtrt_id"
            )
        settled = set(row["batches"] or ())
        if (batch is not None and batch in settled) or (settled and row["sort"] == "I"):
            raise Refused(
                "LINE-14",
                "已结算的明细不能撤销",
                "settled lines cannot be withdrawn",
                place="chrg_bchno",
                next_zh="请先冲销结算",
                next_en="reverse the settlement first",
            )
        try:
            await visits.drop_lines(desk.store, message, request.at, psn_no, mdtrt_id, row["visit_version"], batch, numbers)
        except (Conflict, AlreadyAnswered):
            await pause(attempt)
        else:
            return answer
    raise busy()
