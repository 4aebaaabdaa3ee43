"""The back office 医保办: month-end, mappings, departments and staff, stock, queries of visits, the audit's hook."""

from dataclasses import replace

from openyibao.outside.hospital.books import Entry, fen, sums
from openyibao.outside.hospital.client import Hospital
from openyibao.outside.hospital.conformance.case import case
from openyibao.outside.hospital.conformance.stage import Stage
from openyibao.outside.hospital.envelope import Exchange, many, node, one
from openyibao.outside.hospital.inputs import time_text
from openyibao.outside.hospital.journeys import offices, outpatient
from openyibao.outside.hospital.journeys.audit import order_time
from openyibao.outside.hospital.journeys.outpatient import Visit

SECOND = ("clinics.second", "people.employee", "people.resident", "items.drug_second", "items.service_second", "diagnoses.ordinary")
EQUAL = "0"
"""Result of a reconciliation: equal 平."""


def settled_at_second(stage: Stage, who: str) -> tuple[Visit, Exchange]:
    """A settled visit at the second hospital."""
    hospital = stage.hospital("second")
    visit = outpatient.opened(hospital, stage.clinic("second"), stage.patient(who, hospital), stage.items("drug_second", "service_second"),
                              [stage.diagnosis()])  # fmt: skip
    return visit, outpatient.settled(hospital, visit)


def of_one_kind(hospital: Hospital, insutype: str, clr_type: str, day: str, *, refund: bool = False) -> list[Entry]:
    """The hospital's entries of one scheme, kind and day: settlements, or undoings."""
    return [row for row in hospital.books
            if (row.insutype, row.clr_type, row.day, row.refund) == (insutype, clr_type, day, refund)]  # fmt: skip


def verdict(exchange: Exchange) -> str:
    """What 3201 said."""
    return str(one(exchange.output, "stmtinfo").get("stmt_rslt"))


def from_other_runs(hospital: Hospital, first: Entry) -> list[Entry]:
    """3202 with our list: settlements of the day that the platform has and we have not, from earlier plays; written into our books."""
    ours = [row for row in hospital.books if (row.clr_type, row.day) == (first.clr_type, first.day)]
    answer = statement_file(hospital, ours, first)
    known = {row.setl_id for row in hospital.books}
    added = []
    for row in answer:
        cells = dict(zip(RESULT, row, strict=False))
        if cells.get("setl_id") in known or cells.get("setl_id") in ("", offices.EMPTY, None):
            continue
        refund = cells["refd_setl_flag"] == "1"
        added.append(Entry(
            cells["setl_id"], cells["mdtrt_id"], cells["psn_no"], first.insutype, first.clr_type, first.day, fen(cells["medfee_sumamt"]),
            fen(cells["fund_pay_sumamt"]), fen(cells["acct_pay"]), 0, refund, cells["msgid"],
        ))  # fmt: skip
    return added


RESULT = ("psn_no", "mdtrt_id", "setl_id", "msgid", "stmt_rslt", "refd_setl_flag", "memo", "medfee_sumamt", "fund_pay_sumamt", "acct_pay")
"""Columns of the answer file of 3202."""


def statement_file(hospital: Hospital, entries: list[Entry], of: Entry) -> list[list[str]]:
    """9101, 3202, 9102: the rows of the answer file."""
    day, area = hospital.clock().date(), hospital.institution.area
    name = f"dz{hospital.clock():%Y%m%d%H%M%S%f}.txt"
    upload = hospital.upload(name.replace(".txt", ".zip"), offices.zipped(name, offices.statement_rows(entries)))
    number = str((one(upload.output, "data", "fsUploadOut") or upload.output).get("file_qury_no", ""))
    given = offices.detailed_statement(of.clr_type, area, day, sums(entries), number)
    found = many(hospital.must("3202", given).output, "fileinfo")
    file = offices.download(hospital, str(found[0]["file_qury_no"]), str(found[0]["filename"]), hospital.institution.code)
    return offices.lines_of(file.content)


@case("office.month-end", "总额对账：相符得平，不符能发现", "totals reconciled: equal is equal, a wrong sum is found", needs=SECOND,
      cure=("3201 按险种、清算类别、结算时间分组比对笔数与各金额；差一分也要答不平。",
            "3201 compares count and amounts by scheme, kind and settlement time; a fen's difference is a difference."))  # fmt: skip
def month_end(stage: Stage) -> None:
    """3201 with our sums, then each amount a fen off, then the count."""
    hospital = stage.hospital("second")
    settled_at_second(stage, "employee")
    settled_at_second(stage, "employee")
    first = hospital.books[-1]
    rows = of_one_kind(hospital, first.insutype, first.clr_type, first.day)
    day, area = stage.clock().date(), hospital.institution.area
    exchange = hospital.must("3201", offices.statement(first.insutype, first.clr_type, area, day, sums(rows)))
    if verdict(exchange) != EQUAL:
        earlier = [row for row in from_other_runs(hospital, first) if not row.refund]
        stage.remark(f"本机构今日另有 {len(earlier)} 笔以前的结算，由 3202 查出后并入",
                     f"{len(earlier)} earlier settlements of today found by 3202, added")
        rows = [*rows, *earlier]
        exchange = hospital.must("3201", offices.statement(first.insutype, first.clr_type, area, day, sums(rows)))
    stage.require(verdict(exchange) == EQUAL, f"3201 应为平，实为 {one(exchange.output, 'stmtinfo')}", "3201 should be equal", exchange)
    right = sums(rows)
    for name in ("count", "total", "funds", "account"):
        wrong = replace(right, **{name: getattr(right, name) + 1})
        exchange = hospital.must("3201", offices.statement(first.insutype, first.clr_type, area, day, wrong))
        stage.require(verdict(exchange) != EQUAL, f"3201 没有发现 {name} 的差异", f"3201 did not find that {name} differs", exchange)


@case("office.detail", "明细对账：指出哪一笔不符", "details reconciled: the row that differs is named", needs=SECOND,
      cure=("3202 的结果文件逐笔列出不符：金额不同、我有你无、你有我无。",
            "The answer file of 3202 names each row that differs, is missing here, or is missing there."))  # fmt: skip
def detail(stage: Stage) -> None:
    """A row with another amount and a row nobody has; then the truth."""
    hospital = stage.hospital("second")
    settled_at_second(stage, "employee")
    true = hospital.books[-1]
    rows = [row for row in hospital.books if (row.clr_type, row.day) == (true.clr_type, true.day)]
    wrong = replace(true, total=true.total + 100)
    stranger = replace(true, setl_id="999999999999", mdtrt_id="999999999999")
    answer = statement_file(hospital, [*(row for row in rows if row.setl_id != true.setl_id), wrong, stranger], true)
    bad = {dict(zip(RESULT, row, strict=False)).get("setl_id") for row in answer
           if dict(zip(RESULT, row, strict=False)).get("stmt_rslt") != EQUAL}  # fmt: skip
    stage.require(true.setl_id in bad, "3202 没有指出金额不符的一笔", "3202 does not name the row whose amount differs")
    stage.require("999999999999" in str(answer), "3202 没有指出平台没有的一笔", "3202 does not name the row the platform has not")


@case("office.refund", "退费进入对账", "undoings enter the reconciliation", needs=SECOND,
      cure=("撤销单作为独立的负数行进入下一次对账。", "An undoing is a row of its own with negative amounts."))  # fmt: skip
def refund(stage: Stage) -> None:
    """2207, 2208, and 3202 knows both."""
    hospital = stage.hospital("second")
    visit, settlement = settled_at_second(stage, "resident")
    reversal = outpatient.undone(hospital, visit, settlement)
    forward, backward = hospital.books[-2], hospital.books[-1]
    stage.require(backward.refund and backward.total == -forward.total, "撤销单金额不是相反数", "the undoing is not the opposite", reversal)
    rows = [row for row in hospital.books if (row.clr_type, row.day) == (backward.clr_type, backward.day)]
    answer = [dict(zip(RESULT, row, strict=False)) for row in statement_file(hospital, rows, backward)]
    wrong = [row for row in answer if row.get("setl_id") in (forward.setl_id, backward.setl_id) and row.get("stmt_rslt") != EQUAL]
    stage.require(not wrong, f"3202 不认退费：{wrong}", f"3202 does not know the undoing: {wrong}")


@case("office.mapping", "目录对照上传、查询、撤销", "a mapping uploaded, found, withdrawn", needs=("clinics.hospital", "items.drug"),
      cure=("3301、1317、3302 配套。", "3301, 1317 and 3302 belong together."))  # fmt: skip
def mapping(stage: Stage) -> None:
    """3301, 1317, 3302."""
    hospital, item = stage.hospital(), stage.item("drug")
    own = f"T{stage.clock():%y%m%d%H%M%S}"
    entry = offices.mapping(item, stage.clock().date())
    entry["data"] |= {"fixmedins_hilist_id": own}
    query = offices.page({"fixmedins_code": hospital.institution.code, "medins_list_codg": own})
    hospital.must("3301", entry)
    stage.require(offices.rows_of(hospital.must("1317", query).output), "1317 查不到刚上传的对照", "1317 does not show the mapping")
    gone = {"fixmedins_code": hospital.institution.code, "fixmedins_hilist_id": own, "list_type": item.list_type,
            "med_list_codg": item.code}
    hospital.must("3302", {"data": gone})
    stage.refused(hospital.call("3302", {"data": gone}))


@case("office.departments", "科室上传、查询、变更、撤销", "a department uploaded, found, changed, withdrawn", needs=("clinics.hospital",),
      cure=("3401、5101、3402、3403 配套。", "3401, 5101, 3402 and 3403 belong together."))  # fmt: skip
def departments(stage: Stage) -> None:
    """3401, 5101, 3402, 3403."""
    hospital, day = stage.hospital(), stage.clock().date()
    code = f"T{stage.clock():%d%H%M%S}"

    def names() -> list[str]:
        """Names under our code in 5101; the input repeats the envelope's fields, as the document has it."""
        rows = many(hospital.must("5101", {"data": {}}).output, "feedetail", "data")
        return [str(row.get("hosp_dept_name")) for row in rows if str(row.get("hosp_dept_codg")) == code]

    hospital.must("3401", offices.department(code, "测试科", hospital.institution.area, day))
    stage.require(names() == ["测试科"], "5101 查不到刚上传的科室", "5101 does not show the department")
    hospital.must("3402", offices.department(code, "测试二科", hospital.institution.area, day))
    stage.require(names() == ["测试二科"], "3402 没有生效", "3402 took no effect")
    hospital.must("3403", {"data": {"hosp_dept_codg": code, "hosp_dept_name": "测试二科", "begntime": f"{day:%Y-%m-%d}"}})
    stage.refused(hospital.call("3403", {"data": {"hosp_dept_codg": f"{code}X", "hosp_dept_name": "无", "begntime": f"{day:%Y-%m-%d}"}}))


@case("office.staff", "医护人员查询", "staff found", needs=("clinics.hospital",),
      cure=("5102 返回本机构在册人员，含国家编码。", "5102 answers the institution's staff with national codes."))  # fmt: skip
def staff(stage: Stage) -> None:
    """5102 of doctors."""
    rows = many(stage.hospital().must("5102", {"data": {"prac_psn_type": "1"}}).output, "feedetail", "data")
    stage.require(stage.clinic().doctor in {str(row.get("prac_psn_code")) for row in rows}, "5102 没有该医师", "5102 lacks the doctor")


@case("office.stock", "进销存上传：盘存、变更、采购、退货、销售、退货、删除", "stock uploads, all seven",
      needs=("clinics.pharmacy", "items.pharmacy_drug"),
      cure=("3501–3507 受理并校验必填。", "3501 to 3507 are accepted and checked."))  # fmt: skip
def stock(stage: Stage) -> None:
    """3501 to 3507; then one without a batch number."""
    hospital = stage.hospital("pharmacy")
    batch = f"T{stage.clock():%y%m%d%H%M%S}"
    steps = offices.stock(hospital, stage.clinic("pharmacy"), stage.item("pharmacy_drug"), batch)
    for infno, given in steps:
        hospital.must(infno, given)
    infno, given = steps[0]
    lacking = {name: {**row, "fixmedins_bchno": ""} for name, row in given.items()}
    stage.refused(hospital.call(infno, lacking), ["fixmedins_bchno"])


@case("office.queries", "就诊、诊断、累计等查询", "queries of visits, diagnoses, accumulators",
      needs=("clinics.hospital", "people.employee", "items.drug", "diagnoses.ordinary"),
      cure=("5201、5202、5205、5206 返回该人的记录；别人的就诊查不到。",
            "5201, 5202, 5205 and 5206 answer that person's rows; nobody else's."))  # fmt: skip
def queries(stage: Stage) -> None:
    """5201, 5202, 5205, 5206 about a fresh visit."""
    hospital = stage.hospital()
    visit = outpatient.opened(hospital, stage.clinic(), stage.patient(), stage.items("drug"), [stage.diagnosis()])
    outpatient.settled(hospital, visit)
    span = {"begntime": f"{stage.clock():%Y-%m-%d} 00:00:00", "endtime": f"{stage.clock():%Y-%m-%d} 23:59:59"}
    asked = {"data": {"psn_no": visit.patient.psn_no, **span, "med_type": "11", "mdtrt_id": visit.mdtrt_id}}
    rows = many(hospital.must("5201", asked).output, "mdtrtinfo")
    stage.require([str(row.get("mdtrt_id")) for row in rows] == [visit.mdtrt_id], "5201 没有返回该就诊", "5201 does not answer the visit")
    found = many(hospital.must("5202", {"data": {"mdtrt_id": visit.mdtrt_id, "psn_no": visit.patient.psn_no}}).output, "diseinfo")
    stage.require([row.get("diag_code") for row in found] == [stage.diagnosis().code], "5202 的诊断不对", "5202 answers another diagnosis")
    hospital.must("5205", {"data": {"psn_no": visit.patient.psn_no, **span}})
    hospital.must("5206", {"data": {"psn_no": visit.patient.psn_no, "cum_ym": f"{stage.clock():%Y%m}"}})


@case("office.audit", "事前审核受理并返回结果列表", "audit at order time is accepted",
      needs=("clinics.hospital", "people.employee", "items.drug"),
      cure=("3101 受理嵌套报文，无问题时返回空列表。", "3101 takes the nested message; nothing found is an empty list."))  # fmt: skip
def audit(stage: Stage) -> None:
    """3101 about one order."""
    hospital, patient = stage.hospital(), stage.patient()
    output = hospital.must("3101",
                           order_time(patient, stage.clinic(), stage.item("drug"), stage.diagnosis(), time_text(stage.clock()))).output
    found = node(output, "result")
    stage.require(isinstance(found, list | dict), "3101 没有返回结果列表", "3101 answered no list")


CASES = (month_end, detail, refund, mapping, departments, staff, stock, queries, audit)
"""In the order of playing."""
