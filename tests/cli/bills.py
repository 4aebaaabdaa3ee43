"""Bills that several tests of the command line use."""

from typing import Any

STAY: dict[str, Any] = {
    "bill_id": "E01", "psn_no": "P1", "insutype": "310", "kind": "inpatient", "level": "L3",
    "begndate": "2023-05-01", "enddate": "2023-05-10", "medfee_sumamt": "14703.50",
    "fulamt_ownpay_amt": "317.60", "overlmt_selfpay": "680.00", "preselfpay_amt": "774.24",
    "inscp_scp_amt": "12931.66", "account": "1200.00", "family": "900.00",
}  # fmt: skip
POOR: dict[str, Any] = {
    "bill_id": "E04", "psn_no": "P2", "insutype": "390", "aid": "低保对象", "kind": "inpatient", "level": "L3", "enddate": "2022-09-01",
    "begndate": "2022-09-01", "medfee_sumamt": "56500.00", "fulamt_ownpay_amt": "2500.00", "preselfpay_amt": "800.00",
    "inscp_scp_amt": "53200.00", "year_burden": "3100.00",
}  # fmt: skip
VISIT: dict[str, Any] = {
    "bill_id": "V1", "psn_no": "P3", "insutype": "310", "kind": "outpatient", "level": "L1", "enddate": "2023-05-10",
    "medfee_sumamt": "500.00", "inscp_scp_amt": "450.00",
}  # fmt: skip
LAPSED: dict[str, Any] = {**VISIT, "bill_id": "V2", "psn_no": "P4", "cover_to": "2022-12-31"}
WRONG: dict[str, Any] = {**VISIT, "bill_id": "V3", "inscp_scp_amt": "600.00"}
