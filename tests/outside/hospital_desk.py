"""A stand-in bureau for the kit's own tests: half of what is in scope is paid by the fund, the account pays what it can, the rest is cash.

It knows just enough to pass every case, and `faults` names what it does wrong on purpose; the door before it is in hospital_door.py.
"""

import copy
import itertools
import json
from decimal import Decimal

from openyibao.outside.hospital.books import fen
from openyibao.outside.hospital.cast import Cast
from openyibao.outside.hospital.envelope import Institution
from openyibao.outside.hospital.identities import FUNDS
from outside.hospital_offices import No, Offices, clock, yuan

SETTLERS = ("2101", "2102", "2206", "2207", "2303", "2304")


class Desk(Offices):
    """The bureau's memory."""

    def __init__(self, cast: Cast, faults: set[str]) -> None:
        """People, institutions and items of a cast."""
        self.cast, self.faults = cast, faults
        self.serial = itertools.count(1001)
        self.people = {person.certno: (role, f"P{number:04d}", person) for number, (role, person) in enumerate(cast.people.items(), 1)}
        self.roles = {number: role for role, number, _ in self.people.values()}
        self.balance = dict.fromkeys(self.roles, 1000000)
        self.years: dict[str, dict[str, int]] = {number: {} for number in self.roles}
        self.visits: dict[str, dict] = {}
        self.settlements: dict[str, dict] = {}
        self.filings: dict[str, dict] = {}
        self.departments: dict[tuple[str, str], str] = {}
        self.mappings: set[tuple[str, str]] = set()
        self.files: dict[str, bytes] = {}
        self.institutions: dict[str, tuple[str, Institution]] = {
            clinic.institution.code: (role, clinic.institution) for role, clinic in cast.clinics.items()}
        self.items = {item.code: role for role, item in cast.items.items()}

    def new(self) -> str:
        """A fresh number."""
        return str(next(self.serial))

    def answer(self, infno: str, given, institution: str, msgid: str):
        """The output of a message."""
        handler = getattr(self, f"m{infno}", None)
        if handler is None:
            raise No(f"DOOR-31 交易编号不存在：{infno}") if not infno.startswith("54") or "no-not-served" in self.faults else No(
                f"DOOR-32 交易 {infno} 已知，本地尚未开通")
        return handler(given, institution, msgid)

    # --- people ---

    def role_of(self, number: str) -> str:
        """The cast's role of a person."""
        if number not in self.roles:
            raise No("查无此人，请核对证件")
        return self.roles[number]

    def m1101(self, given, institution, msgid):
        data = given["data"]
        number = data.get("mdtrt_cert_no")
        if not number or str(number).lower() == "null":
            raise No("就诊凭证编号 mdtrt_cert_no 不能为空")
        if number not in self.people:
            raise No("查无此人，请核对证件号码")
        role, psn_no, person = self.people[number]
        base = {"psn_no": psn_no, "psn_cert_type": "01", "certno": number, "psn_name": person.name, "gend": "1", "age": 40.0}
        row = {"balc": yuan(self.balance[psn_no]), "insutype": "310", "psn_type": "1101", "psn_insu_stas": "1", "cvlserv_flag": "0",
               "insuplc_admdvs": person.home or self.cast.area}
        return {"baseinfo": base, "insuinfo": [] if role == "uninsured" else [row], "idetinfo": []}

    def m2001(self, given, institution, msgid):
        closed = self.role_of(given["data"]["psn_no"]) in ("arrears", "waiting")
        why = "单位欠费，自 2024-06-01 起暂停" if closed and "no-reason" not in self.faults else ""
        return {"trtinfo": [{"psn_no": given["data"]["psn_no"], "fund_pay_type": "310100", "trt_enjymnt_flag": "0" if closed else "1",
                             "trt_chk_rslt": why}]}

    def m5206(self, given, institution, msgid):
        rows = self.years[given["data"]["psn_no"]]
        return {"cuminfo": [{"insutype": "310", "year": "2026", "cum_ym": "", "cum_type_code": code, "cum": yuan(amount)}
                            for code, amount in rows.items()]}

    # --- visits ---

    def open_visit(self, number: str, institution: str, kind: str, doctor: str = "") -> str:
        """Whether the person may come, and the visit's id."""
        role, place = self.role_of(number), self.institutions[institution][0]
        if place == "suspended" and "suspended-may" not in self.faults:
            raise No("该机构自 2024-05-01 起暂停医保结算")
        if place == "ended":
            raise No("该机构的服务协议已于 2025-01-01 到期")
        if role == "dead" and "dead-may" not in self.faults:
            raise No("该参保人已于 2024-03-15 死亡，请核对证件")
        refusals = {"arrears": "单位欠费，自 2024-06-01 起暂停待遇", "waiting": "待遇等待期至 2036-01-01", "uninsured": "未参保，请先参保",
                    "measure": "自 2025-03-01 起暂停联网结算"}
        if role in refusals and "anybody-may" not in self.faults:
            raise No(refusals[role])
        self.check_doctor(institution, doctor)
        visit = self.new()
        self.visits[visit] = {"psn": number, "at": institution, "kind": kind, "lines": {}, "state": "open", "diag": [], "med": "11"}
        return visit

    def check_doctor(self, institution: str, doctor: str) -> None:
        """A suspended doctor is named."""
        clinic = self.cast.clinics[self.institutions[institution][0]]
        if doctor and doctor == clinic.suspended_doctor and "any-doctor" not in self.faults:
            raise No(f"医师 {doctor} 自 2024-09-01 起暂停医保支付资格")

    def visit(self, data, *states: str) -> dict:
        """A visit in one of some states."""
        visit = self.visits.get(str(data.get("mdtrt_id")))
        if visit is None or visit["psn"] != data.get("psn_no"):
            raise No("没有这次就诊，请核对就诊ID")
        if visit["state"] not in (states or ("open",)):
            raise No(f"就诊状态为 {visit['state']}，不能办理")
        return visit

    def m2201(self, given, institution, msgid):
        data = given["data"]
        visit = self.open_visit(data["psn_no"], institution, "out", data.get("atddr_no", ""))
        return {"data": {"mdtrt_id": visit, "psn_no": data["psn_no"], "ipt_otp_no": data["ipt_otp_no"]}}

    def m2202(self, given, institution, msgid):
        self.visit(given["data"])["state"] = "cancelled"
        return {}

    def m2203(self, given, institution, msgid):
        visit = self.visit(given["mdtrtinfo"])
        visit["diag"] = [row["diag_code"] for row in given["diseinfo"]]
        visit["med"] = given["mdtrtinfo"]["med_type"]
        return {}

    m2203A = m2203      # noqa: N815 - the message's own number

    def priced(self, row) -> dict:
        """One line with its parts."""
        code, amount = row["med_list_codg"], fen(row["det_item_fee_sumamt"])
        role = self.items.get(code)
        if role is None:
            raise No(f"目录没有编码 {code}")
        item = self.cast.items[role]
        if role == "expired" and "expired-may" not in self.faults:
            raise No(f"编码 {code} 自 {item.since} 起停用" + ("" if "no-successor" in self.faults else f"，改用 {item.replaced_by}"))
        if abs(fen(Decimal(str(row["pric"])) * Decimal(str(row["cnt"]))) - amount) > 1 and "any-line" not in self.faults:
            raise No(f"明细 {row['feedetl_sn']} 单价乘数量不等于金额")
        cap = item.price / Decimal("1.25") if role == "capped" else Decimal(999999)
        over = max(0, amount - fen(cap * Decimal(str(row["cnt"])))) if role == "capped" else 0
        full = amount if role == "class_c" else 0
        share = Decimal("0.1") if role.endswith("_b") else Decimal(1 if full else 0)
        pre = int(((amount - over) * share).to_integral_value("ROUND_HALF_UP")) if role.endswith("_b") else 0
        within = amount - full - over - pre + (1 if "line-off" in self.faults else 0)
        return {"feedetl_sn": row["feedetl_sn"], "det_item_fee_sumamt": yuan(amount), "cnt": float(row["cnt"]), "pric": float(row["pric"]),
                "pric_uplmt_amt": float(cap), "selfpay_prop": float(share), "fulamt_ownpay_amt": yuan(full), "overlmt_amt": yuan(over),
                "preselfpay_amt": yuan(pre), "inscp_scp_amt": yuan(within), "med_chrgitm_type": "09", "lmt_used_flag": "0",
                "chrgitm_lv": "03" if full else "02" if share else "01"}

    def add_lines(self, given, institution):
        rows = [(self.visit(row), row, self.priced(row)) for row in given["feedetail"]]
        for visit, row, priced in rows:
            self.check_doctor(institution, row["bilg_dr_codg"])
            visit["lines"][str(row["feedetl_sn"])] = priced
        return {"result": [priced for _, _, priced in rows]}

    def m2204(self, given, institution, msgid):
        return self.add_lines(given, institution)

    m2301 = m2204

    def m2205(self, given, institution, msgid):
        self.visit(given["data"])["lines"].clear()
        return {}

    def m2302(self, given, institution, msgid):
        for row in given["data"]:
            visit = self.visit(row)
            if row["feedetl_sn"] == "0000":
                visit["lines"].clear()
            elif visit["lines"].pop(row["feedetl_sn"], None) is None:
                raise No(f"没有明细 {row['feedetl_sn']}")
        return {}

    # --- settling ---

    def settle(self, number: str, lines, data, med: str, mdtrt_id: str, msgid: str, *, keep: bool) -> dict:
        """The receipt of some lines; kept, or only tried."""
        total = sum(fen(row["det_item_fee_sumamt"]) for row in lines)
        if total != fen(data["medfee_sumamt"]) and "any-total" not in self.faults:
            raise No(f"上传总额 {data['medfee_sumamt']} 与明细合计 {total / 100:.2f} 不符")
        parts = {name: sum(fen(row[of]) for row in lines) for name, of in (
            ("fulamt_ownpay_amt", "fulamt_ownpay_amt"), ("overlmt_selfpay", "overlmt_amt"), ("preselfpay_amt", "preselfpay_amt"),
            ("inscp_scp_amt", "inscp_scp_amt"))}
        fund = parts["inscp_scp_amt"] // 2
        if "trial-differs" in self.faults and keep:
            fund -= 1
        person = total - fund
        account = min(person, self.balance[number]) if data.get("acct_used_flag") != "0" or "account-always" in self.faults else 0
        paid = dict.fromkeys(FUNDS, 0) | {"hifp_pay": fund}
        amounts = {"medfee_sumamt": total, **parts, **paid, "act_pay_dedc": 0, "pool_prop_selfpay": 0, "acct_mulaid_pay": 0,
                   "fund_pay_sumamt": fund + (1 if "fund-off" in self.faults else 0), "psn_part_amt": person, "acct_pay": account,
                   "psn_cash_pay": person - account, "hosp_part_amt": 0, "balc": self.balance[number] - account}
        _, _, who = next(entry for entry in self.people.values() if entry[1] == number)
        setl = {name: yuan(amount) for name, amount in amounts.items()} | {
            "mdtrt_id": mdtrt_id, "psn_no": number, "psn_name": who.name, "psn_type": "1101", "cvlserv_flag": "0", "med_type": med,
            "medins_setl_id": msgid, "clr_type": "21" if med.startswith("21") else "41" if med == "41" else "11", "insutype": "310",
            "setl_time": f"{clock():%Y-%m-%d %H:%M:%S}", "setl_id": self.new() if keep else None}
        if "text-amounts" in self.faults:
            setl["hifp_pay"] = str(setl["hifp_pay"])
        rows = [{"fund_pay_type": "310100", "fund_payamt": yuan(fund), "inscp_scp_amt": yuan(parts["inscp_scp_amt"])},
                {"fund_pay_type": "310200", "fund_payamt": yuan(account), "inscp_scp_amt": yuan(parts["inscp_scp_amt"])}]
        if keep or "trial-writes" in self.faults:
            self.move(number, total, fund, account, 1)
        if keep:
            self.settlements[setl["setl_id"]] = {"setl": setl, "rows": rows, "refund": False, "undone": False, "at": "", "msgid": msgid}
        return {"setlinfo": setl, "setldetail": rows}

    def move(self, number: str, total: int, fund: int, account: int, count: int) -> None:
        """Write the year and the account."""
        year = self.years[number]
        for code, amount in (("S0000", total), ("F0000", fund), ("D310201", account), ("C0000", 100 * count)):
            year[code] = year.get(code, 0) + amount
        self.balance[number] -= account

    def bill(self, given, institution, msgid, *, keep: bool):
        """2206, 2207, 2303, 2304."""
        data = given["data"]
        visit = self.visit(data)
        if not visit["lines"]:
            raise No("没有待结算的费用明细")
        answer = self.settle(visit["psn"], list(visit["lines"].values()), data, visit["med"], str(data["mdtrt_id"]), msgid, keep=keep)
        if keep:
            visit["state"] = "settled"
            self.settlements[answer["setlinfo"]["setl_id"]]["at"] = institution
        return answer

    def m2206(self, given, institution, msgid):
        return self.bill(given, institution, msgid, keep=False)

    m2303 = m2206

    def m2207(self, given, institution, msgid):
        return self.bill(given, institution, msgid, keep=True)

    m2304 = m2207

    def m2101(self, given, institution, msgid, keep=False):
        head = given["druginfo"]
        lines = [self.priced(row) for row in given["drugdetail"]]
        visit = self.open_visit(head["psn_no"], institution, "drug")
        answer = self.settle(head["psn_no"], lines, head, "41", visit, msgid, keep=keep)
        if keep:
            self.visits[visit]["state"] = "settled"
            self.settlements[answer["setlinfo"]["setl_id"]]["at"] = institution
        return answer | {"detlcutinfo": lines}

    def m2102(self, given, institution, msgid):
        return self.m2101(given, institution, msgid, keep=True)

    def m2208(self, given, institution, msgid):
        kept = self.kept(given["data"], institution)
        if kept["undone"] or kept["refund"]:
            raise No("该结算已撤销")
        setl = kept["setl"]
        amounts = {name: -value for name, value in setl.items() if isinstance(value, int | float) and name != "balc"}
        number = setl["psn_no"]
        if "undo-forgets" not in self.faults:
            self.move(number, -fen(setl["medfee_sumamt"]), -fen(setl["hifp_pay"]), -fen(setl["acct_pay"]), -1)
        kept["undone"] = True
        self.visits[setl["mdtrt_id"]]["state"] = "open"
        mirror = {**setl, **amounts, "setl_id": self.new(), "balc": yuan(self.balance[number]), "psn_part_amt": None, "hosp_part_amt": None,
                  "acct_mulaid_pay": None, "setl_time": f"{clock():%Y-%m-%d %H:%M:%S}"}
        rows = [{**row, "fund_payamt": -row["fund_payamt"], "inscp_scp_amt": -row["inscp_scp_amt"]} for row in kept["rows"]]
        self.settlements[mirror["setl_id"]] = {"setl": mirror, "rows": rows, "refund": True, "undone": False, "at": institution,
                                               "msgid": msgid}
        return {"setlinfo": mirror, "setldetail": rows}

    m2305 = m2103 = m2208

    def kept(self, data, institution) -> dict:
        """A settlement of this institution."""
        found = self.settlements.get(str(data.get("setl_id")))
        if found is None or found["at"] != institution or found["setl"]["psn_no"] != data.get("psn_no"):
            raise No("没有这笔结算，请核对结算ID")
        return found

    def reverse(self, msgid: str, institution: str) -> None:
        """2601: undo what a message did."""
        found = [row for row in self.settlements.values() if row["msgid"] == msgid and not row["refund"]]
        if not found:
            raise No("没有可冲正的原交易")
        setl = found[0]["setl"]
        self.m2208({"data": {"setl_id": setl["setl_id"], "psn_no": setl["psn_no"]}}, institution, "")

    # --- stays ---

    def m2401(self, given, institution, msgid):
        main = given["mdtrtinfo"]
        inside = [row for row in self.visits.values() if row["psn"] == main["psn_no"] and row["kind"] == "in" and row["state"] == "open"]
        if inside and "twice-inside" not in self.faults:
            raise No("该参保人正在住院，不能重复入院")
        visit = self.open_visit(main["psn_no"], institution, "in", main["atddr_no"])
        self.visits[visit]["med"], self.visits[visit]["out"] = main["med_type"], False
        return {"result": {"mdtrt_id": visit}}

    def m2402(self, given, institution, msgid):
        self.visit(given["dscginfo"])["out"] = True
        return {}

    def m2403(self, given, institution, msgid):
        self.visit(given["adminfo"])
        return {}

    def m2404(self, given, institution, msgid):
        visit = self.visit(given["data"])
        if visit["lines"]:
            raise No("该次住院有费用明细，不能撤销入院")
        visit["state"] = "cancelled"
        return {}

    def m2405(self, given, institution, msgid):
        visit = self.visit(given["data"])
        if not visit["out"]:
            raise No("尚未办理出院")
        visit["out"] = False
        return {}

    def m5303(self, given, institution, msgid):
        return {"data": [{"mdtrt_id": visit, "psn_no": row["psn"]} for visit, row in self.visits.items()
                         if row["psn"] == given["data"]["psn_no"] and row["kind"] == "in" and row["state"] == "open"]}

    def m4101(self, given, institution, msgid):
        return {"data": {"setl_list_id": self.new()}}

    # --- queries ---

    def m1201(self, given, institution, msgid):
        code = given["medinsinfo"].get("fixmedins_code") or institution
        return {"medinsinfo": {"fixmedins_code": code, "fixmedins_name": "示例"}}

    def m5201(self, given, institution, msgid):
        data = given["data"]
        self.visit(data, "open", "settled")
        return {"mdtrtinfo": [{"mdtrt_id": data["mdtrt_id"], "psn_no": data["psn_no"]}]}

    def m5202(self, given, institution, msgid):
        return {"diseinfo": [{"diag_code": code} for code in self.visit(given["data"], "open", "settled")["diag"]]}

    def m5203(self, given, institution, msgid):
        kept = self.kept(given["data"], institution)
        return {"setlinfo": kept["setl"] | {"cash_payamt": kept["setl"]["psn_cash_pay"]}, "setldetail": kept["rows"]}

    def m5204(self, given, institution, msgid):
        kept = self.kept(given["data"], institution)
        return list(self.visits[kept["setl"]["mdtrt_id"]]["lines"].values())

    def m5205(self, given, institution, msgid):
        return {"feedetail": []}

    def snapshot(self, output):
        """A copy that later business cannot change."""
        return copy.deepcopy(output) if not isinstance(output, bytes) else output


def plain(value):
    """JSON text of a value, keys in order: the content of a message."""
    return json.dumps(value, sort_keys=True, default=str)
