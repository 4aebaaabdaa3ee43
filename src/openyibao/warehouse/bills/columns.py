"""The columns of bill, line and people files 字段: their names, other accepted names, and what happens to a name nobody knows.

A misspelt flag must never be dropped in silence, so an unknown column is a Problem with the nearest known name.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from openyibao.kernel.year import Year
from openyibao.warehouse.bills.problems import Problem, impossible, unknown_field
from openyibao.warehouse.bills.values import stated

YEAR = "year_"
"""Prefix of an accumulator as a column."""

PERSON = frozenset((
    "insutype", "psn_type", "cvlserv_flag", "aid", "psn_idet_type", "registered_poor", "chronic", "two_registered", "added", "cover_from",
    "cover_to", "wait_until", "suspended", "died", "account", "family", "year",
    *(YEAR + name for name in Year._fields),
))  # fmt: skip
"""Standing and opening figures of a person."""

PEOPLE = PERSON | {"psn_no", "starts", "ends"}
"""Columns of the people file."""

BILL = PERSON | {
    "bill_id", "psn_no", "city", "kind", "med_type", "level", "hosp_lv", "begndate", "enddate", "medfee_sumamt", "fulamt_ownpay_amt",
    "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt", "feedetail", "off_list", "consultation", "third_party", "offsite",
    "mdtrtarea_admdvs", "transferred", "continued", "long_bed", "dise_code", "other_dise_code", "two_disease", "granted", "babies",
    "complication", "sessions", "matn_type", "birctrl_type", "geso_val", "epidemic", "pre_existing", "acct_used_flag", "agreement",
    "outside_fund", "person", "reverses",
}  # fmt: skip
"""Columns of the bill file."""

LINE = frozenset((
    "cnt", "pric", "det_item_fee_sumamt", "chrgitm_lv", "selfpay_prop", "pric_uplmt_amt", "lmt_used_flag", "hosp_appr_flag", "restricted",
    "med_chrgitm_type", "bed", "consumable", "drug", "slices", "consultation", "dual_channel", "feedetl_sn", "init_feedetl_sn",
    "inscp_scp_amt", "fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt",
))  # fmt: skip
"""Fields of a charge line that decide something; a line's other national fields are accepted and not used."""

ALIASES = {
    "setl_id": "bill_id", "medins_setl_id": "bill_id", "endtime": "enddate", "day": "enddate", "begntime": "begndate",
    "admitted": "begndate",
    "lines": "feedetail", "mdtrtarea_admvs": "mdtrtarea_admdvs", "opsp_dise_code": "dise_code", "dise_codg": "dise_code",
    "fetus_cnt": "babies", "cop_flag": "complication", "civil_servant": "cvlserv_flag", "balc": "account", "scheme": "insutype",
}  # fmt: skip
"""Other accepted names."""

UNUSED = frozenset((
    "acct_pay", "act_pay_dedc", "brdy", "card_sn", "certno", "chrg_bchno", "clr_optins", "clr_type", "clr_way", "emp_name",
    "fixmedins_code", "fixmedins_name", "gend",
    "age", "naty", "insuplc_admdvs", "invono", "ipt_no", "ipt_otp_no", "mdtrt_cert_no", "mdtrt_cert_type",
    "mdtrt_id", "mdtrt_mode", "medrcdno", "mid_setl_flag", "msgid", "order_no", "psn_cert_type", "psn_name", "psn_setlway",
    "pub_hosp_rfom_flag", "setl_time", "tel", "dise_name", "main_cond_dscr", "title", "note", "name", "diag_code", "diag_name",
    "dscg_maindiag_code", "dscg_maindiag_name", "order", "fixmedins_type",
))  # fmt: skip
"""National and descriptive fields that a bill may carry and the settlement does not use."""

OWN = ("x_", "memo")
"""Prefixes of the user's own columns."""


def is_unused(name: str) -> bool:
    """A column that is accepted and not read."""
    return name in UNUSED or name.startswith(OWN)


def known(name: str, columns: Iterable[str]) -> str | None:
    """The canonical name of a column, "" for an unused one, None for one nobody knows."""
    name = ALIASES.get(name, name)
    if name in columns:
        return name
    return "" if is_unused(name) else None


def unknown(name: str, columns: Iterable[str]) -> Problem:
    """The Problem of an unknown column, with the nearest known name."""
    near = get_close_matches(name, [*columns, *ALIASES], 1, 0.75)
    return unknown_field(name, near[0] if near else "")


def canonical(row: Mapping[str, Any], columns: Iterable[str]) -> dict[str, Any]:
    """A row's stated cells under canonical names; raises Problem on an unknown column or two names for one field."""
    cells: dict[str, Any] = {}
    for name, value in row.items():
        field = known(name, columns)
        if field is None:
            raise unknown(name, columns)
        if field == "" or not stated(value):
            continue
        if field in cells and cells[field] != value:
            raise impossible(field, value, f"{field} 用两个名字写了不同的值", f"{field} is stated under two names with different values")
        cells[field] = value
    return cells


def line_cells(row: Mapping[str, Any]) -> dict[str, Any]:
    """A charge line's stated cells that decide something."""
    return {name: value for name, value in row.items() if name in LINE and stated(value)}
