"""Offices of the stand-in bureau: departments, catalogue, files, mappings, filings, stock, reconciliation; see hospital_desk.py."""

import base64
from datetime import datetime

from openyibao.outside.hospital.books import fen
from openyibao.outside.hospital.envelope import BEIJING
from openyibao.outside.hospital.journeys.offices import lines_of, zipped


class No(Exception):
    """A refusal, in words."""


def yuan(amount: int) -> float:
    """Fen as the JSON number of a reply."""
    return amount / 100


def clock() -> datetime:
    """The time in Beijing."""
    return datetime.now(BEIJING)


class Offices:
    """What the offices answer, from the memory that Desk keeps."""

    def m5101(self, given, institution, msgid):
        return {"feedetail": [{"hosp_dept_codg": code, "hosp_dept_name": name} for (place, code), name in self.departments.items()
                              if place == institution]}

    def m5102(self, given, institution, msgid):
        return {"feedetail": [{"prac_psn_code": self.cast.clinics[self.institutions[institution][0]].doctor}]}

    def m3401(self, given, institution, msgid):
        self.departments[institution, given["deptinfo"]["hosp_dept_codg"]] = given["deptinfo"]["hosp_dept_name"]
        return {}

    m3402 = m3401

    def m3403(self, given, institution, msgid):
        if self.departments.pop((institution, given["data"]["hosp_dept_codg"]), None) is None:
            raise No("没有这个科室")
        return {}

    def m3101(self, given, institution, msgid):
        return {"result": []}

    # --- catalogues ---

    def paged(self, rows, data):
        """A page of rows."""
        number, size = int(data["page_num"]), int(data["page_size"])
        begin = 0 if "same-page" in self.faults else (number - 1) * size
        return {"data": rows[begin : begin + size], "recordCounts": len(rows)}

    def m1312(self, given, institution, msgid):
        rows = [{"hilist_code": code} for code in self.items] + [{"hilist_code": f"XX{number}"} for number in range(40)]
        wanted = given["data"].get("hilist_code")
        return self.paged([row for row in rows if not wanted or row["hilist_code"] == wanted], given["data"])

    m1318 = m1319 = m1312

    def m1316(self, given, institution, msgid):
        return self.paged([{"med_list_codg": given["data"]["med_list_codg"]}], given["data"])

    def m1317(self, given, institution, msgid):
        own = given["data"].get("medins_list_codg")
        if own:
            return self.paged([{"medins_list_codg": own}] if (institution, own) in self.mappings else [], given["data"])
        return self.m1316(given, institution, msgid)

    def m1901(self, given, institution, msgid):
        return {"list": [{"type": "insutype", "value": value, "label": value} for value in ("310", "390")]}

    def m1301(self, given, institution, msgid):
        number = self.new()
        self.files[number] = zipped("1301.txt", [[code, "名"] for code in self.items])
        return {"file_qury_no": number, "filename": "1301.zip", "data_cnt": len(self.items)}

    def m9102(self, given, institution, msgid):
        number = given["fsDownloadIn"]["file_qury_no"]
        if number not in self.files:
            raise No("没有这个文件")
        return self.files[number]

    def m9101(self, given, institution, msgid):
        number = self.new()
        self.files[number] = base64.b64decode(given["fsUploadIn"]["in"])
        return {"file_qury_no": number, "filename": given["fsUploadIn"]["filename"]}

    def m3301(self, given, institution, msgid):
        self.mappings.add((institution, given["data"]["fixmedins_hilist_id"]))
        return {}

    def m3302(self, given, institution, msgid):
        key = (institution, given["data"]["fixmedins_hilist_id"])
        if key not in self.mappings:
            raise No("没有这条对照")
        self.mappings.remove(key)
        return {}

    # --- filings, stock ---

    def file(self, infno, node, given, institution):
        number = self.new()
        self.filings[number] = {"infno": infno, **given[node]}
        return {"result": {"trt_dcla_detl_sn": number}}

    def withdraw(self, given):
        if self.filings.pop(given["data"]["trt_dcla_detl_sn"], None) is None:
            raise No("没有这条备案")
        return {}

    def filed(self, infno, given, node):
        return {node: [row for row in self.filings.values() if row["infno"] == infno and row["psn_no"] == given["data"]["psn_no"]]}

    def m2501(self, given, institution, msgid):
        return self.file("2501", "refmedin", given, institution)

    def m2503(self, given, institution, msgid):
        return self.file("2503", "data", given, institution)

    def m2505(self, given, institution, msgid):
        return self.file("2505", "data", given, institution)

    def m2502(self, given, institution, msgid):
        return self.withdraw(given)

    m2504 = m2506 = m2502

    def m5304(self, given, institution, msgid):
        return self.filed("2501", given, "refmedin")

    def m5301(self, given, institution, msgid):
        return self.filed("2503", given, "feedetail")

    def m5302(self, given, institution, msgid):
        return self.filed("2505", given, "psnfixmedin")

    def m3501(self, given, institution, msgid):
        for row in given.values():
            if not row.get("fixmedins_bchno"):
                raise No("fixmedins_bchno 不能为空")
        return {}

    m3502 = m3503 = m3504 = m3505 = m3506 = m3507 = m3501

    # --- month-end ---

    def m3201(self, given, institution, msgid):
        data = given["data"]
        rows = [row for row in self.settlements.values() if row["at"] == institution and row["refund"] == (data["refd_setl_flag"] == "1")
                and row["setl"]["insutype"] == data["insutype"] and row["setl"]["clr_type"] == data["clr_type"]]
        ours = [sum(fen(row["setl"][name]) for row in rows) for name in ("medfee_sumamt", "fund_pay_sumamt", "acct_pay")]
        theirs = [fen(data[name]) for name in ("medfee_sumamt", "fund_pay_sumamt", "acct_pay")]
        equal = ours == theirs and len(rows) == int(data["fixmedins_setl_cnt"])
        return {"stmtinfo": {"stmt_rslt": "0" if equal or "always-equal" in self.faults else "1", "stmt_rslt_dscr": ""}}

    def m3202(self, given, institution, msgid):
        data = given["data"]
        theirs = {row[0]: row for row in lines_of(self.files[data["file_qury_no"]])}
        answer = []
        for row in self.settlements.values():
            setl = row["setl"]
            if row["at"] != institution or setl["clr_type"] != data["clr_type"]:
                continue
            given_row = theirs.pop(setl["setl_id"], None)
            equal = given_row is not None and fen(given_row[3]) == fen(setl["medfee_sumamt"])
            answer.append([setl["psn_no"], setl["mdtrt_id"], setl["setl_id"], row["msgid"], "0" if equal else "1",
                           str(int(row["refund"])), "",
                           setl["medfee_sumamt"], setl["fund_pay_sumamt"], setl["acct_pay"]])
        answer += [[row[2], row[1], row[0], "", "1", row[6], "平台无此笔", row[3], row[4], row[5]] for row in theirs.values()]
        number = self.new()
        self.files[number] = zipped("result.txt", [] if "silent-detail" in self.faults else answer)
        return {"fileinfo": [{"file_qury_no": number, "filename": "result.zip"}]}
