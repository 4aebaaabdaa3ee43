"""Bills as a window makes them at the door: register, diagnose, charge, try, settle, take back. Amounts are Decimal yuan at the wire."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import count
from typing import Any

from gateway.playing import Call, Said, Town, items
from openyibao.bureau.settlement.clock import BEIJING

EMPLOYEE, RESIDENT = "310", "390"
TABLET, TABLET_B, VISIT_FEE = "XA02BCY001A001010190001", "XA02BCY002B002010190003", "001102000010000"
FEVER = ("J06.900", "急性上呼吸道感染")
AMOUNTS = (
    "medfee_sumamt",
    "fulamt_ownpay_amt",
    "overlmt_selfpay",
    "preselfpay_amt",
    "inscp_scp_amt",
    "act_pay_dedc",
    "hifp_pay",
    "cvlserv_pay",
    "hifes_pay",
    "hifmi_pay",
    "hifob_pay",
    "maf_pay",
    "oth_pay",
    "fund_pay_sumamt",
    "psn_part_amt",
    "acct_pay",
    "acct_mulaid_pay",
    "psn_cash_pay",
    "hosp_part_amt",
    "balc",
)
"""What is compared of a settled bill."""

serials = count(1)


@dataclass(frozen=True)
class Charge:
    """One line: item, count, price in yuan; `back` the serial it takes back, `amount` where it is not count times price."""

    code: str
    count: Decimal = Decimal(1)
    price: Decimal | None = None
    approved: str = "1"
    back: str = ""
    amount: Decimal | None = None
    doctor: str = ""
    at: datetime | None = None
    own_code: str = "OWN"
    serial: str = field(default_factory=lambda: f"{next(serials):06d}")

    @property
    def cost(self) -> Decimal:
        """The price."""
        return Decimal(items()[self.code][-1]["ref_pric"]) if self.price is None else self.price

    @property
    def fee(self) -> Decimal:
        """Its amount."""
        return (self.count * self.cost).quantize(Decimal("0.01"), ROUND_HALF_UP) if self.amount is None else self.amount


def of(code: str, total: str | int) -> Charge:
    """One line of an item that costs so much."""
    return Charge(code, Decimal(1), Decimal(total))


def noon(text: str) -> datetime:
    """Ten in the morning of a day."""
    return datetime.fromisoformat(text).replace(hour=10, tzinfo=BEIJING)


def time(at: datetime) -> str:
    """A time at the wire."""
    return f"{at:%Y-%m-%d %H:%M:%S}"


@dataclass
class Bill:
    """One bill on its way. `begins`, `ends`: of a stay admission and discharge, else the hour of service."""

    town: Town
    psn_no: str
    insutype: str
    institution: str
    begins: datetime
    ends: datetime | None = None
    med_type: str = "11"
    disease: str = ""
    account: str = "1"
    batch: str = "1"
    charges: tuple[Charge, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)  # fields of 2203 or 2402, as maternity wants them
    extra: str = ""  # exp_content of the settlement
    doctor: str = ""
    mdtrt_id: str = ""
    setl_id: str = ""
    rows: list[Any] = field(default_factory=list)

    @property
    def stay(self) -> bool:
        """Whether it is a stay."""
        return self.ends is not None

    @property
    def total(self) -> Decimal:
        """What the lines come to."""
        return sum((charge.fee for charge in self.charges), Decimal(0))

    @property
    def physician(self) -> str:
        """Who treats."""
        return self.doctor or f"D{self.institution[1:7]}990001"

    def call(self, infno: str, given: Any, msgid: str = "") -> Said:
        """Send a message of this bill's institution."""
        return self.town.call(infno, given, self.institution, msgid=msgid)

    def card(self) -> dict[str, Any]:
        """Who it is, as every message repeats it."""
        return {
            "psn_no": self.psn_no,
            "insutype": self.insutype,
            "mdtrt_cert_type": "02",
            "mdtrt_cert_no": "990101199001010010",
            "card_sn": "",
            "psn_cert_type": "01",
            "certno": "990101199001010010",
            "psn_type": "1101",
            "psn_name": "示例",
        }

    def diagnoses(self, at: datetime) -> list[dict[str, Any]]:
        """One main diagnosis."""
        return [
            {
                "psn_no": self.psn_no,
                "mdtrt_id": self.mdtrt_id,
                "diag_type": "1",
                "diag_srt_no": 1,
                "diag_code": FEVER[0],
                "diag_name": FEVER[1],
                "diag_dept": "A03",
                "dise_dor_no": self.physician,
                "dise_dor_name": "医师",
                "diag_time": time(at),
                "vali_flag": "1",
                "maindiag_flag": "1",
                "adm_cond": "",
            }
        ]

    def registration(self) -> dict[str, Any]:
        """The input of 2201, 2401."""
        if self.stay:
            main = {
                **self.card(),
                "coner_name": "",
                "tel": "",
                "begntime": time(self.begins),
                "cert_type": "01",
                "med_type": self.med_type,
                "ipt_no": "Z1",
                "medrcdno": "Z1",
                "atddr_no": self.physician,
                "chfpdr_name": "医师",
                "adm_diag_dscr": FEVER[1],
                "adm_dept_codg": "A03",
                "adm_dept_name": "内科",
                "adm_bed": "01",
                "dscg_maindiag_code": FEVER[0],
                "dscg_maindiag_name": FEVER[1],
                "main_cond_dscr": "",
                "dise_codg": self.disease,
                "dise_name": "",
            }
            return {"mdtrtinfo": main, "diseinfo": self.diagnoses(self.begins)}
        return {
            "data": {
                **self.card(),
                "begntime": time(self.begins),
                "ipt_otp_no": "M1",
                "atddr_no": self.physician,
                "dr_name": "医师",
                "dept_code": "A03",
                "dept_name": "内科",
                "caty": "A03",
            }
        }

    def register(self) -> "Bill":
        """2201 and 2203, or 2401."""
        output = self.call("2401" if self.stay else "2201", self.registration()).output
        self.mdtrt_id = str(next(iter(output.values()))["mdtrt_id"])
        if not self.stay:
            assert self.diagnose().output is not None
        return self

    def diagnose(self, **more: Any) -> Said:
        """2203."""
        main = {
            "mdtrt_id": self.mdtrt_id,
            "psn_no": self.psn_no,
            "med_type": self.med_type,
            "begntime": time(self.begins),
            "main_cond_dscr": "",
            "dise_codg": self.disease or FEVER[0],
            "dise_name": "病",
            "birctrl_type": "",
            "birctrl_matn_date": "",
            **self.more,
            **more,
        }
        return self.call("2203", {"mdtrtinfo": main, "diseinfo": self.diagnoses(self.begins)})

    def line(self, charge: Charge) -> dict[str, Any]:
        """One line at the wire."""
        return {
            "feedetl_sn": charge.serial,
            "mdtrt_id": self.mdtrt_id,
            "psn_no": self.psn_no,
            "chrg_bchno": self.batch,
            "dise_codg": self.disease,
            "rxno": "",
            "rx_circ_flag": "0",
            "fee_ocur_time": time(charge.at or self.begins),
            "med_list_codg": charge.code,
            "medins_list_codg": charge.own_code,
            "det_item_fee_sumamt": charge.fee,
            "cnt": charge.count,
            "pric": charge.cost,
            "bilg_dept_codg": "A03",
            "bilg_dept_name": "内科",
            "bilg_dr_codg": charge.doctor or self.physician,
            "bilg_dr_name": "医师",
            "hosp_appr_flag": charge.approved,
            "init_feedetl_sn": charge.back,
            "med_type": self.med_type,
            "tcmdrug_used_way": "",
        }

    def upload(self, *charges: Charge, msgid: str = "") -> Said:
        """2204 or 2301 with these lines, or with all of the bill's."""
        given = {"feedetail": [self.line(one) for one in charges or self.charges]}
        if self.stay:
            for row in given["feedetail"]:
                del row["chrg_bchno"]
        return self.call("2301" if self.stay else "2204", given, msgid)

    def charge(self, *charges: Charge) -> "Bill":
        """Lines that are taken."""
        if charges:
            self.charges = (*self.charges, *charges)
        self.rows += self.upload(*charges).output["result"]
        return self

    def discharge(self, at: datetime | None = None) -> Said:
        """2402."""
        assert self.ends is not None
        main = {
            "mdtrt_id": self.mdtrt_id,
            "psn_no": self.psn_no,
            "insutype": self.insutype,
            "endtime": time(at or self.ends),
            "dise_codg": self.disease,
            "dise_name": "",
            "dscg_dept_codg": "A03",
            "dscg_dept_name": "内科",
            "dscg_bed": "01",
            "dscg_way": "1",
            "cop_flag": "0",
            **self.more,
        }
        return self.call("2402", {"dscginfo": main, "diseinfo": self.diagnoses(self.begins)})

    def ready(self) -> "Bill":
        """Everything before the settlement."""
        self.register().charge()
        if self.stay:
            assert self.discharge().output is not None
        return self

    def settlement(self) -> dict[str, Any]:
        """The input of 2206, 2207, 2303, 2304."""
        sums = {
            name: sum((Decimal(row[of_] or 0) for row in self.rows), Decimal(0))
            for name, of_ in (
                ("fulamt_ownpay_amt", "fulamt_ownpay_amt"),
                ("overlmt_selfpay", "overlmt_amt"),
                ("preselfpay_amt", "preselfpay_amt"),
                ("inscp_scp_amt", "inscp_scp_amt"),
            )
        }
        data = {
            **self.card(),
            "medfee_sumamt": self.total,
            "psn_setlway": "01",
            "mdtrt_id": self.mdtrt_id,
            "acct_used_flag": self.account,
            "invono": "",
            "mid_setl_flag": "0",
            "exp_content": self.extra,
            **sums,
        }
        return {"data": data if self.stay else {**data, "med_type": self.med_type, "chrg_bchno": self.batch}}

    @property
    def settling(self) -> str:
        """The number that settles it."""
        return "2304" if self.stay else "2207"

    def request(self, msgid: str = "") -> Call:
        """The settlement, to be sent with others."""
        return Call(self.settling, self.settlement(), self.institution, msgid)

    def try_(self) -> Said:
        """2206 or 2303."""
        return self.call("2303" if self.stay else "2206", self.settlement())

    def settle(self, msgid: str = "") -> Said:
        """2207 or 2304."""
        said = self.call(self.settling, self.settlement(), msgid)
        if said.fine:
            self.setl_id = str(said.output["setlinfo"]["setl_id"])
        return said

    def settled(self) -> dict[str, Any]:
        """The amounts of a bill that must settle."""
        return dict(self.settle().output["setlinfo"])

    def undo(self, msgid: str = "") -> Said:
        """2208 or 2305."""
        given = {"data": {"setl_id": self.setl_id, "mdtrt_id": self.mdtrt_id, "psn_no": self.psn_no}}
        return self.call("2305" if self.stay else "2208", given, msgid)


def purchase(bill: Bill) -> dict[str, Any]:
    """The input of 2101, 2102."""
    head = {
        **bill.card(),
        "begntime": time(bill.begins),
        "medfee_sumamt": bill.total,
        "invono": "",
        "dise_codg": bill.disease,
        "dise_name": "",
        "acct_used_flag": bill.account,
        "med_type": bill.med_type,
    }
    rows = [
        {
            "feedetl_sn": one.serial,
            "rxno": "",
            "rx_circ_flag": "0",
            "fee_ocur_time": time(bill.begins),
            "med_list_codg": one.code,
            "medins_list_codg": one.own_code,
            "det_item_fee_sumamt": one.fee,
            "cnt": one.count,
            "pric": one.cost,
            "bilg_dr_codg": one.doctor,
            "bilg_dr_name": "",
            "hosp_appr_flag": one.approved,
        }
        for one in bill.charges
    ]
    return {"druginfo": head, "drugdetail": rows}


def amounts(info: dict[str, Any]) -> dict[str, Decimal]:
    """The compared amounts of a setlinfo."""
    return {name: Decimal(info[name] or 0) for name in AMOUNTS}
