"""The hospital's back office 医保办: catalogue queries and files, mappings, departments, stock, and the month-end."""

import io
import zipfile
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from openyibao.outside.hospital.books import Entry, Sums, today, yuan
from openyibao.outside.hospital.cast import Clinic, Item
from openyibao.outside.hospital.client import Hospital
from openyibao.outside.hospital.envelope import Exchange, node
from openyibao.outside.hospital.inputs import Node, time_text

EMPTY = "null"
"""An empty value in a file."""

STATEMENT = ("setl_id", "mdtrt_id", "psn_no", "medfee_sumamt", "fund_pay_sumamt", "acct_pay", "refd_setl_flag")
"""Columns of the file that goes with 3202."""


def page(given: Node, number: int = 1, size: int = 20, since: str = "2000-01-01") -> Node:
    """A catalogue query 1312, 1316-1319: criteria and a page."""
    return {"data": {**given, "updt_time": since, "page_num": number, "page_size": size}}


def rows_of(output: Any) -> list[Any]:
    """The rows of a catalogue query: output{data: […]} or output itself."""
    found = node(output, "data", "list")
    return found if isinstance(found, list) else []


def download(hospital: Hospital, number: str, filename: str, code: str = "plc") -> Exchange:
    """9102: a file by its number."""
    return hospital.must("9102", {"fsDownloadIn": {"file_qury_no": number, "filename": filename, "fixmedins_code": code}})


def lines_of(content: bytes) -> list[list[str]]:
    """The rows of a downloaded file: a zip of one UTF-8 text with tabs. Raises zipfile.BadZipFile."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read(archive.namelist()[0]).decode("utf-8-sig")
    return [line.split("\t") for line in text.splitlines() if line]


def zipped(name: str, rows: Iterable[Iterable[Any]]) -> bytes:
    """Rows as such a file."""
    text = "\n".join("\t".join(EMPTY if cell in (None, "") else str(cell) for cell in row) for row in rows)
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, (text + "\n").encode("utf-8"))
    return whole.getvalue()


def statement(insutype: str, clr_type: str, area: str, day: date, of: Sums, *, refunds: bool = False) -> Node:
    """3201: our sums of one scheme and kind for one day."""
    return {"data": {
        "insutype": insutype, "clr_type": clr_type, "setl_optins": area, "stmt_begndate": today(day), "stmt_enddate": today(day),
        "medfee_sumamt": yuan(of.total), "fund_pay_sumamt": yuan(of.funds), "acct_pay": yuan(of.account), "cash_payamt": yuan(of.cash),
        "fixmedins_setl_cnt": of.count, "refd_setl_flag": "1" if refunds else "0", "fixmedins_refd_setl_flag": "1" if refunds else "0",
    }}  # fmt: skip


def statement_rows(entries: Iterable[Entry]) -> list[list[str]]:
    """The file of 3202: one row per settlement."""
    return [[entry.setl_id, entry.mdtrt_id, entry.psn_no, f"{yuan(entry.total)}", f"{yuan(entry.funds)}", f"{yuan(entry.account)}",
             "1" if entry.refund else "0"] for entry in entries]  # fmt: skip


def detailed_statement(clr_type: str, area: str, day: date, of: Sums, number: str) -> Node:
    """3202: our rows, by the number of the uploaded file."""
    return {"data": {
        "setl_optins": area, "file_qury_no": number, "stmt_begndate": today(day), "stmt_enddate": today(day),
        "medfee_sumamt": yuan(of.total), "fund_pay_sumamt": yuan(of.funds), "cash_payamt": yuan(of.cash), "fixmedins_setl_cnt": of.count,
        "clr_type": clr_type, "refd_setl_flag": "0", "fixmedins_refd_setl_flag": "0",
    }}  # fmt: skip


def mapping(item: Item, day: date) -> Node:
    """3301: an item of ours and its national code."""
    return {"data": {
        "fixmedins_hilist_id": item.own, "fixmedins_hilist_name": item.name, "list_type": item.list_type, "med_list_codg": item.code,
        "begndate": today(day), "enddate": "2099-12-31", "aprvno": "", "dosform": "", "exct_cont": "", "item_cont": "", "prcunt": "",
        "spec": "", "pacspec": "", "memo": "",
    }}  # fmt: skip


def department(code: str, name: str, area: str, day: date, specialty: str = "A03") -> Node:
    """3401 and 3402: a department."""
    return {"deptinfo": {
        "hosp_dept_codg": code, "caty": specialty, "hosp_dept_name": name, "begntime": today(day), "endtime": "", "itro": "示例科室",
        "dept_resper_name": "负责人", "dept_resper_tel": "13900000000", "dept_med_serv_scp": "", "dept_estbdat": "2020-01-01",
        "aprv_bed_cnt": 10, "hi_crtf_bed_cnt": 10, "poolarea_no": area, "dr_psncnt": 2, "phar_psncnt": 0, "nurs_psncnt": 2,
        "tecn_psncnt": 0,
        "memo": "",
    }}  # fmt: skip


def stock(hospital: Hospital, clinic: Clinic, item: Item, batch: str, count: int = 10) -> list[tuple[str, Node]]:
    """3501-3507 in the order of a medicine's life: counted, changed, bought, returned, sold, returned, deleted."""
    at = hospital.clock()
    day = today(at.date())
    same = {"med_list_codg": item.code, "fixmedins_hilist_id": item.own, "fixmedins_hilist_name": item.name, "fixmedins_bchno": batch,
            "rx_flag": "0", "memo": ""}  # fmt: skip
    lot = {"manu_lotnum": "L0001", "manu_date": "2026-01-01", "expy_end": "2028-12-31"}
    bought = {**same, **lot, "spler_name": "示例供应商", "spler_pmtno": "", "prodentp_name": "示例药厂", "aprvno": "国药准字H00000000",
              "finl_trns_pric": item.price, "purc_retn_cnt": Decimal(count), "purc_invo_codg": "", "purc_invo_no": "0001",
              "purc_retn_stoin_time": time_text(at), "purc_retn_opter_name": "库管员"}  # fmt: skip
    sold = {**same, **lot, "trdn_flag": "0", "finl_trns_pric": item.price, "sel_retn_cnt": Decimal(1), "sel_retn_time": time_text(at),
            "sel_retn_opter_name": "库管员", "mdtrt_sn": batch, "drugtracinfo": [{"drug_trac_codg": "81000010000000000001"}]}  # fmt: skip
    sale = {"prsc_dr_cert_type": "", "prsc_dr_certno": "", "prsc_dr_name": clinic.doctor_name or "医师", "phar_cert_type": "",
            "phar_certno": "",
            "phar_name": "药师", "phar_prac_cert_no": "YS0001", "hi_feesetl_type": "", "rtal_docno": batch,
            "MDTRT_SETL_TYPE": "1"}  # fmt: skip
    counted = {**same, **lot, "invdate": day, "inv_cnt": Decimal(count)}
    changed = {**same, "inv_chg_type": "101", "pric": item.price, "cnt": Decimal(1), "inv_chg_time": time_text(at)}
    deleted = {"fixmedins_bchno": batch, "inv_data_type": "1"}
    return [("3501", {"invinfo": counted}), ("3502", {"invinfo": changed}), ("3503", {"purcinfo": bought}), ("3504", {"purcinfo": bought}),
            ("3505", {"selinfo": {**sold, **sale}}), ("3506", {"selinfo": sold}), ("3507", {"data": deleted})]  # fmt: skip
