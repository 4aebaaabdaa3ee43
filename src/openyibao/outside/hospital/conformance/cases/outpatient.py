"""Outpatient care 门诊: the whole walk, a trial that equals its settlement, undoing that restores, and the totals that must agree."""

from dataclasses import replace
from decimal import Decimal

from openyibao.outside.hospital import inputs
from openyibao.outside.hospital.books import fen
from openyibao.outside.hospital.conformance.case import case
from openyibao.outside.hospital.conformance.stage import Stage
from openyibao.outside.hospital.envelope import many, one
from openyibao.outside.hospital.identities import returned, unlike
from openyibao.outside.hospital.journeys import outpatient
from openyibao.outside.hospital.journeys.outpatient import CHRONIC, TWO_DISEASE, Visit
from openyibao.outside.hospital.journeys.people import charges, entitled, year_so_far

NEEDS = ("clinics.hospital", "people.employee", "items.drug", "items.drug_b", "items.service", "diagnoses.ordinary")


def opened(stage: Stage, *items: str, who: str = "employee") -> Visit:
    """Somebody's ordinary visit with its lines."""
    hospital = stage.hospital()
    lines = stage.items(*(items or ("drug", "drug_b", "service")))
    return outpatient.opened(hospital, stage.clinic(), stage.patient(who), lines, [stage.diagnosis()])


@case("outpatient.walk", "门诊全流程：识别、登记、诊断、明细、预结算、结算、查询", "the whole outpatient walk, to the query", needs=NEEDS,
      cure=("1101→2001→2201→2203→2204→2206→2207→5203→5204 逐步受理，金额恒等式成立，5203 与 2207 一致。",
            "Each step is accepted, the identities hold, and 5203 tells what 2207 told."))  # fmt: skip
def walk(stage: Stage) -> None:
    """1101 to 5204."""
    hospital, patient = stage.hospital(), stage.patient()
    stage.require(entitled(hospital, patient, outpatient.ORDINARY), "2001 没有返回待遇检查结果", "2001 answered no rows")
    visit = opened(stage)
    stage.require(len(visit.rows) == len(visit.charges), "2204 返回的明细行数不对", "2204 answered another number of lines")
    outpatient.tried(hospital, visit)
    setl = one(outpatient.settled(hospital, visit).output, "setlinfo")
    stage.require(fen(setl["medfee_sumamt"]) == fen(visit.amount), "2207 的总额不是上传明细之和",
                  "the total of 2207 is not that of the lines")
    key = inputs.undo(patient, visit.mdtrt_id, str(setl["setl_id"]))
    read = one(hospital.must("5203", key, home=patient.home).output, "setlinfo")
    for name, other in (("medfee_sumamt", ""), ("fund_pay_sumamt", ""), ("acct_pay", ""), ("psn_cash_pay", "cash_payamt"),
                        ("hifp_pay", "")):
        stage.require(fen(setl.get(name)) == fen(read.get(name, read.get(other))), f"5203 的 {name} 与 2207 不同",
                      f"{name} of 5203 is not 2207's")
    rows = many(hospital.must("5204", key, home=patient.home).output, "data", "feedetail", "result")
    stage.require(len(rows) == len(visit.charges), f"5204 返回 {len(rows)} 行，上传 {len(visit.charges)} 行",
                  f"5204 answered {len(rows)} lines of {len(visit.charges)}")  # fmt: skip


@case("outpatient.trial-equals-settlement", "预结算等于结算", "the trial equals the settlement", needs=NEEDS,
      cure=("2206 与 2207 用同一套规则和同一时点的累计。", "2206 and 2207 use the same rules and the same accumulators."))  # fmt: skip
def trial_equals_settlement(stage: Stage) -> None:
    """I14."""
    hospital, visit = stage.hospital(), opened(stage)
    trial, final = outpatient.tried(hospital, visit), outpatient.settled(hospital, visit)
    stage.hold(unlike(one(trial.output, "setlinfo"), one(final.output, "setlinfo")))


@case("outpatient.trial-leaves-nothing", "预结算不留痕迹，可反复做", "a trial leaves nothing behind", needs=NEEDS,
      cure=("2206 只算不写：年度累计、账户余额都不变，再做一次金额相同。",
            "2206 computes and writes nothing: accumulators and balance stay, a second one is the same."))  # fmt: skip
def trial_leaves_nothing(stage: Stage) -> None:
    """5206 and 1101 before and after; two trials alike."""
    hospital, visit = stage.hospital(), opened(stage)
    before = year_so_far(hospital, visit.patient)
    first, second = outpatient.tried(hospital, visit), outpatient.tried(hospital, visit)
    stage.hold(unlike(one(first.output, "setlinfo"), one(second.output, "setlinfo")))
    stage.same(before, year_so_far(hospital, visit.patient), "预结算改变了年度累计", "the trial changed the year")
    stage.require(stage.patient().balance == visit.patient.balance, "预结算改变了账户余额", "the trial changed the account")
    stage.refused(hospital.call("5203", inputs.undo(visit.patient, visit.mdtrt_id, "0"), home=visit.patient.home))


@case("outpatient.undone", "结算撤销后年度累计与账户复原", "undoing restores the year and the account", needs=NEEDS,
      cure=("2208 产生一份符号相反的结算单，各层金额、累计和账户逐分复原。",
            "2208 makes a document of the opposite sign; every layer, accumulator and the account is restored to the fen."))  # fmt: skip
def undone(stage: Stage) -> None:
    """5206 before and after; I12, I13; a second undoing is refused; the visit can be settled again."""
    hospital, visit = stage.hospital(), opened(stage)
    before, balance = year_so_far(hospital, visit.patient), visit.patient.balance
    settlement = outpatient.settled(hospital, visit)
    reversal = outpatient.undone(hospital, visit, settlement)
    stage.hold(returned(one(settlement.output, "setlinfo"), one(reversal.output, "setlinfo")))
    stage.same(before, year_so_far(hospital, visit.patient), "撤销后年度累计未复原", "undoing did not restore the year")
    stage.require(stage.patient().balance == balance, "撤销后账户余额未复原", "undoing did not restore the account")
    setl_id = str(one(settlement.output, "setlinfo")["setl_id"])
    stage.refused(hospital.call("2208", inputs.undo(visit.patient, visit.mdtrt_id, setl_id), home=visit.patient.home))


@case("outpatient.wrong-total", "总额与明细不符被拒绝", "a total that is not the lines' is refused", needs=NEEDS,
      cure=("拒绝并写出两个金额。", "Refuse and name both amounts."))  # fmt: skip
def wrong_total(stage: Stage) -> None:
    """2206 and 2207 with one fen more."""
    hospital, visit = stage.hospital(), opened(stage)
    wrong = visit.bill()
    wrong["data"]["medfee_sumamt"] += Decimal("0.01")
    for infno in ("2206", "2207"):
        stage.refused(hospital.call(infno, wrong, home=visit.patient.home), [f"{visit.amount}"])
    outpatient.settled(hospital, visit)


@case("outpatient.wrong-line", "单价乘数量不等于金额的明细被拒绝", "a line whose price times quantity is not its amount is refused",
      needs=NEEDS,
      cure=("拒绝并指出是哪一行。", "Refuse and name the line."))  # fmt: skip
def wrong_line(stage: Stage) -> None:
    """2204 with an amount 1.00 too high."""
    hospital = stage.hospital()
    visit = outpatient.described(hospital, outpatient.registered(hospital, stage.clinic(), stage.patient()), [stage.diagnosis()])
    lines = charges(stage.items("drug"), stage.clock())
    given = inputs.outpatient_lines(visit.patient, visit.clinic, visit.mdtrt_id, visit.batch, lines, stage.clock())
    given["feedetail"][0]["det_item_fee_sumamt"] += 1
    stage.refused(hospital.call("2204", given, home=visit.patient.home))


@case("outpatient.lines-undone", "明细撤销后重传，已结算明细不可撤销", "lines can be undone until they are settled", needs=NEEDS,
      cure=("2205 批次号 0000 撤销全部未结算明细；已结算的不动。",
            "2205 with batch 0000 removes every unsettled line; settled ones stay."))  # fmt: skip
def lines_undone(stage: Stage) -> None:
    """2204, 2205, 2204, 2207, 2205, 5204."""
    hospital, visit = stage.hospital(), opened(stage, "drug", "service")
    given = {"data": {"mdtrt_id": visit.mdtrt_id, "chrg_bchno": "0000", "psn_no": visit.patient.psn_no}}
    hospital.must("2205", given, home=visit.patient.home)
    stage.refused(hospital.call("2206", visit.bill(), home=visit.patient.home))
    again = outpatient.charged(hospital, replace(visit, charges=(), rows=()), stage.items("drug_b"))
    setl = one(outpatient.settled(hospital, again).output, "setlinfo")
    stage.require(fen(setl["medfee_sumamt"]) == fen(again.amount), "撤销的明细仍被结算", "undone lines were settled all the same")
    hospital.call("2205", given, home=visit.patient.home)     # refused, or nothing left to undo: what is settled stands
    key = inputs.undo(visit.patient, visit.mdtrt_id, str(setl["setl_id"]))
    rows = many(hospital.must("5204", key, home=visit.patient.home).output, "data", "feedetail", "result")
    stage.require(len(rows) == len(again.charges), "2205 撤销了已结算的明细", "2205 removed settled lines")


@case("outpatient.cancelled", "挂号撤销后不能再用", "a cancelled registration is no use any more", needs=NEEDS,
      cure=("2202 之后该就诊的后续交易一律拒绝。", "After 2202 everything on that visit is refused."))  # fmt: skip
def cancelled(stage: Stage) -> None:
    """2201, 2202, 2203."""
    hospital, patient = stage.hospital(), stage.patient()
    visit = outpatient.registered(hospital, stage.clinic(), patient)
    hospital.must("2202", {"data": {"psn_no": patient.psn_no, "mdtrt_id": visit.mdtrt_id, "ipt_otp_no": visit.number}}, home=patient.home)
    stage.refused(hospital.call("2203", inputs.visit(patient, stage.clinic(), visit.mdtrt_id, "11", [stage.diagnosis()], stage.clock())))


@case("outpatient.no-account", "不使用个人账户时账户不支付", "without the account the account pays nothing", needs=NEEDS,
      cure=("acct_used_flag 为 0 时 acct_pay 为 0。", "acct_pay is 0 when acct_used_flag is 0."))  # fmt: skip
def no_account(stage: Stage) -> None:
    """2207 with acct_used_flag 0."""
    hospital, visit = stage.hospital(), opened(stage)
    setl = one(outpatient.settled(hospital, visit, account="0").output, "setlinfo")
    stage.require(fen(setl["acct_pay"]) == 0, f"账户支付了 {setl['acct_pay']}", f"the account paid {setl['acct_pay']}")


@case("outpatient.classes", "甲、乙、丙类与限价各归各位", "classes A, B, C and a price cap each in their place",
      needs=(*NEEDS, "items.class_c", "items.capped"),
      cure=("丙类全自费；乙类先行自付；超限价部分单列；2204 应答逐行满足 I5–I9。",
            "Class C is own-pay, class B has its first share, what exceeds a cap stands apart; lines of 2204 satisfy I5-I9."))  # fmt: skip
def classes(stage: Stage) -> None:
    """One line of each; undone again, for the capped item is dear."""
    hospital, visit = stage.hospital(), opened(stage, "drug", "drug_b", "class_c", "capped")
    rows = {str(row["feedetl_sn"]): row for row in visit.rows}
    drug, drug_b, class_c, capped = (rows[str(charge.serial)] for charge in visit.charges)
    stage.require(fen(drug["inscp_scp_amt"]) == fen(drug["det_item_fee_sumamt"]), "甲类不是全额纳入", "class A is not in scope as a whole")
    stage.require(fen(drug_b["preselfpay_amt"]) > 0, "乙类没有先行自付", "class B has no first self-pay")
    stage.require(fen(class_c["fulamt_ownpay_amt"]) == fen(class_c["det_item_fee_sumamt"]), "丙类不是全自费", "class C is not own-pay")
    stage.require(fen(capped["overlmt_amt"]) > 0, "超限价部分没有单列", "what exceeds the cap does not stand apart")
    outpatient.undone(hospital, visit, outpatient.settled(hospital, visit))


@case("outpatient.chronic", "门诊慢特病", "chronic-disease care",
      needs=("clinics.hospital", "people.chronic", "items.drug", "diagnoses.coronary"),
      cure=("有备案的慢特病按慢特病待遇结算。", "A filed chronic disease settles under its own benefit."))  # fmt: skip
def chronic(stage: Stage) -> None:
    """med_type 14 of a person with a filing."""
    special(stage, "hospital", "chronic", CHRONIC, "drug", "coronary")


@case("outpatient.two-disease", "门诊两病", "care for the two diseases",
      needs=("clinics.primary", "people.two_disease", "items.two_disease_drug", "diagnoses.hypertension"),
      cure=("两病备案人员在基层用两病药品按两病待遇结算。",
            "A person filed for the two diseases settles their drugs under that benefit."))  # fmt: skip
def two_disease(stage: Stage) -> None:
    """med_type 9901 at a primary institution."""
    special(stage, "primary", "two_disease", TWO_DISEASE, "two_disease_drug", "hypertension")


def special(stage: Stage, clinic: str, who: str, med_type: str, item: str, diagnosis: str) -> None:
    """A trial and a settlement of a special kind of care, undone by its own hospital."""
    hospital = stage.hospital(clinic)
    visit = outpatient.opened(hospital, stage.clinic(clinic), stage.patient(who, hospital), stage.items(item), [stage.diagnosis(diagnosis)],
                              med_type=med_type, count=3)  # fmt: skip
    trial, final = outpatient.tried(hospital, visit), outpatient.settled(hospital, visit)
    setl = one(final.output, "setlinfo")
    stage.hold(unlike(one(trial.output, "setlinfo"), setl))
    stage.require(str(setl["med_type"]) == med_type, f"2207 的医疗类别是 {setl['med_type']}",
                  f"the kind of care in 2207 is {setl['med_type']}")
    if not fen(setl["fund_pay_sumamt"]):
        stage.remark("基金支付为 0（可能在起付线内）", "the funds paid nothing (within the deductible, perhaps)")
    outpatient.undone(hospital, visit, final)


@case("outpatient.variant-a", "2203A 与 2203 等效", "2203A does what 2203 does", needs=NEEDS,
      cure=("2203A 受理后可继续 2204、2206、2207。", "After 2203A the walk goes on."))  # fmt: skip
def variant_a(stage: Stage) -> None:
    """The walk by 2203A."""
    hospital = stage.hospital()
    visit = outpatient.opened(hospital, stage.clinic(), stage.patient("resident"), stage.items("drug"), [stage.diagnosis()], upload="2203A")
    outpatient.settled(hospital, visit)


@case("outpatient.off-site", "异地参保人就医", "a person insured elsewhere",
      needs=("clinics.hospital", "people.offsite", "items.drug", "diagnoses.ordinary"),
      cure=("目录、限价按就医地，起付线、比例、封顶按参保地。",
            "Catalogue and caps of the treating side; deductible, ratio and ceiling of the home side."))  # fmt: skip
def off_site(stage: Stage) -> None:
    """Outpatient care of a person whose home is another city."""
    hospital, visit = stage.hospital(), opened(stage, "drug", "service", who="offsite")
    stage.require(visit.patient.home != hospital.institution.area, "1101 没有返回参保地区划", "1101 did not answer the home division")
    outpatient.undone(hospital, visit, outpatient.settled(hospital, visit))


CASES = (walk, trial_equals_settlement, trial_leaves_nothing, undone, wrong_total, wrong_line, lines_undone, cancelled, no_account, classes,
         chronic, two_disease, variant_a, off_site)  # fmt: skip
"""In the order of playing."""
