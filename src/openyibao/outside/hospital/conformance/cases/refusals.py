"""Whom and what the bureau does not pay 拒付: the dead, the uncovered, the suspended, expired codes; each with a sentence that helps."""

import re
from dataclasses import replace

from openyibao.outside.hospital import inputs
from openyibao.outside.hospital.books import fen
from openyibao.outside.hospital.conformance.case import case
from openyibao.outside.hospital.conformance.stage import Stage
from openyibao.outside.hospital.envelope import Exchange, many, one
from openyibao.outside.hospital.journeys import outpatient
from openyibao.outside.hospital.journeys.people import charges, entitled

NEEDS = ("clinics.hospital", "items.drug", "diagnoses.ordinary")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{4}年\d{1,2}月")


def unpaid(stage: Stage, who: str) -> Exchange | None:
    """Send a person who has no benefit through the walk: the refusal met on the way, or None when the settlement came with nothing paid."""
    hospital = stage.hospital()
    person = stage.cast.people[who]
    first = hospital.call("1101", inputs.identify(person, stage.clock()), home=person.home)
    if not first.ok:
        return first
    patient = stage.patient(who)
    if not patient.insutype:
        patient = replace(patient, insutype="390", psn_type="99")    # a window that goes on although 1101 shows no scheme
    at = stage.clock()
    registration = hospital.call("2201", inputs.register(patient, stage.clinic(), f"T{at:%y%m%d%H%M%S}", at), home=patient.home)
    if not registration.ok:
        return registration
    visit = outpatient.Visit(patient, stage.clinic(), str(one(registration.output, "data")["mdtrt_id"]), "T", f"B{at:%y%m%d%H%M%S}")
    for infno, given in (
        ("2203", inputs.visit(patient, visit.clinic, visit.mdtrt_id, "11", [stage.diagnosis()], at)),
        ("2204", inputs.outpatient_lines(patient, visit.clinic, visit.mdtrt_id, visit.batch, charges(stage.items("drug"), at), at)),
    ):
        step = hospital.call(infno, given, home=patient.home)
        if not step.ok:
            return step
    lines = charges(stage.items("drug"), at)
    bill = inputs.outpatient_bill(patient, visit.mdtrt_id, visit.batch, "11", inputs.total(lines),
                                  inputs.four_sums(many(step.output, "result")))
    final = hospital.call("2207", bill, home=patient.home)
    if not final.ok:
        return final
    paid = fen(one(final.output, "setlinfo").get("fund_pay_sumamt"))
    stage.require(paid == 0, f"没有待遇的人得到基金支付 {paid / 100:.2f}", f"a person without benefit was paid {paid / 100:.2f}", final)
    return None


def turned_away(stage: Stage, who: str, *words: str) -> None:
    """The walk of somebody without benefit ends in a refusal that says since when, with one of the words; nothing is paid."""
    met = unpaid(stage, who)
    if met is None:
        return stage.remark("未拒绝，但基金没有支付", "not refused, yet the funds paid nothing")
    text = stage.refused(met)
    stage.require(any(word in text for word in words), f"拒绝原因没有说清（应含{'或'.join(words)}）：{text}",
                  f"the reason is not clear (one of {', '.join(words)}): {text}", met)  # fmt: skip
    return None


@case("refusals.dead", "死亡人员不能就医结算", "the dead are not treated", needs=(*NEEDS, "people.dead"),
      cure=("死亡之后的就诊一律拒绝，并请窗口核对证件。",
            "Refuse every visit after the death, and have the window check the card."))  # fmt: skip
def dead(stage: Stage) -> None:
    """The walk of a dead person."""
    met = unpaid(stage, "dead")
    stage.require(met is not None, "死亡人员结算成功", "a dead person's bill was settled")
    if met is not None:
        stage.refused(met, ["死亡"])


@case("refusals.arrears", "单位欠费人员统筹不支付", "no pooled benefit while the employer is in arrears", needs=(*NEEDS, "people.arrears"),
      cure=("欠费暂停期间统筹基金不支付，说明自何日暂停、如何恢复。",
            "No pooled payment while suspended; say since when, and how it comes back."))  # fmt: skip
def arrears(stage: Stage) -> None:
    """The walk of a person whose employer owes."""
    turned_away(stage, "arrears", "欠费", "暂停", "未参保", "待遇")


@case("refusals.waiting", "待遇等待期内基金不支付", "no benefit in the waiting period", needs=(*NEEDS, "people.waiting"),
      cure=("等待期内不支付，并说明到何日为止。", "Nothing is paid in the waiting period; say until when."))  # fmt: skip
def waiting(stage: Stage) -> None:
    """The walk of a person in the waiting period."""
    turned_away(stage, "waiting", "等待期", "待遇")


@case("refusals.uninsured", "未参保人员不能医保结算", "the uninsured are not settled", needs=(*NEEDS, "people.uninsured"),
      cure=("说明未参保，请核对或先参保缴费。", "Say that no insurance is in force."))  # fmt: skip
def uninsured(stage: Stage) -> None:
    """The walk of a person who never enrolled."""
    turned_away(stage, "uninsured", "未参保", "参保", "没有")


@case("refusals.measure", "被暂停联网结算的人员", "a person whose direct settlement is suspended", needs=(*NEEDS, "people.measure"),
      cure=("处理措施期间联网结算拒绝，可线下办理。", "No direct settlement while the measure lasts; the counter may help."))  # fmt: skip
def measure(stage: Stage) -> None:
    """The walk of a person under a measure."""
    turned_away(stage, "measure", "暂停", "联网", "措施")


@case("refusals.benefit-check", "2001 对没有待遇的人说明原因", "2001 tells why there is no benefit", needs=(*NEEDS, "people.arrears"),
      cure=("trt_enjymnt_flag 为 0 时 trt_chk_rslt 写明原因。", "trt_chk_rslt tells why when trt_enjymnt_flag is 0."))  # fmt: skip
def benefit_check(stage: Stage) -> None:
    """2001 of a person in arrears."""
    rows = entitled(stage.hospital(), stage.patient("arrears"), outpatient.ORDINARY)
    closed = [row for row in rows if str(row.get("trt_enjymnt_flag")) == "0"]
    stage.require(closed, "2001 没有不享受待遇的行", "2001 has no row without benefit")
    stage.require(all(row.get("trt_chk_rslt") for row in closed), "trt_chk_rslt 没有原因", "trt_chk_rslt has no reason")


def line_refused(stage: Stage, item: str, clinic: str = "hospital") -> Exchange:
    """2204 with one item at an employee's visit."""
    hospital = stage.hospital(clinic)
    visit = outpatient.described(hospital, outpatient.registered(hospital, stage.clinic(clinic), stage.patient()), [stage.diagnosis()])
    lines = charges(stage.items(item), stage.clock())
    given = inputs.outpatient_lines(visit.patient, visit.clinic, visit.mdtrt_id, visit.batch, lines, stage.clock())
    return hospital.call("2204", given, home=visit.patient.home)


@case("refusals.expired-code", "停用编码被拒绝，并给出替代编码与日期", "an expired code is refused with its successor and the day",
      needs=(*NEEDS, "people.employee", "items.expired"),
      cure=("拒绝中写出停用日期与替代编码，窗口才知道改成什么。",
            "Name the day on which the code ended and the code that replaces it, so that the window knows what to write."))  # fmt: skip
def expired_code(stage: Stage) -> None:
    """2204 with a code that has ended."""
    item = stage.item("expired")
    text = stage.refused(line_refused(stage, "expired"), [item.replaced_by])
    stage.require(DAY.search(text), f"没有写出自何日停用：{text}", f"the day is missing: {text}")


@case("refusals.unknown-code", "目录没有的编码全自费，或拒绝并指出", "a code nobody knows is own-pay, or refused and named",
      needs=(*NEEDS, "people.employee"),
      cure=("目录外编码不得进入政策范围；拒绝时写出是哪一行、哪个编码。",
            "Nothing of it is in scope; a refusal names the line and the code."))  # fmt: skip
def unknown_code(stage: Stage) -> None:
    """2204 with an invented code."""
    hospital = stage.hospital()
    visit = outpatient.described(hospital, outpatient.registered(hospital, stage.clinic(), stage.patient()), [stage.diagnosis()])
    lines = charges(stage.items("drug"), stage.clock())
    given = inputs.outpatient_lines(visit.patient, visit.clinic, visit.mdtrt_id, visit.batch, lines, stage.clock())
    given["feedetail"][0] |= {"med_list_codg": "XZ99ZZZ999Z999999999999", "medins_list_codg": "ZZ9999"}
    exchange = hospital.call("2204", given, home=visit.patient.home)
    if exchange.ok:
        row = many(exchange.output, "result")[0]
        stage.require(fen(row["fulamt_ownpay_amt"]) == fen(row["det_item_fee_sumamt"]), "目录外编码没有全自费",
                      "an unlisted code is not own-pay")
        stage.remark("目录外编码按全自费受理", "an unlisted code is taken as own-pay")
    else:
        stage.refused(exchange, ["XZ99ZZZ999Z999999999999"])


@case("refusals.suspended-doctor", "被暂停的医师开单被拒绝", "lines of a suspended doctor are refused", needs=(*NEEDS, "people.employee"),
      cure=("暂停医保支付资格期间该医师的登记或明细拒绝，并写明自何日起。",
            "Refuse registration or lines of a doctor whose standing is suspended, and say since when."))  # fmt: skip
def suspended_doctor(stage: Stage) -> None:
    """2201 to 2204 with a suspended doctor at the desk."""
    own = stage.clinic()
    stage.require(own.suspended_doctor, "角色表没有被暂停的医师", "the cast has no suspended doctor")
    clinic = stage.with_doctor("hospital", own.suspended_doctor, own.suspended_doctor_name)
    hospital, patient, at = stage.hospital(), stage.patient(), stage.clock()
    registration = hospital.call("2201", inputs.register(patient, clinic, f"T{at:%y%m%d%H%M%S}D", at), home=patient.home)
    if not registration.ok:
        stage.refused(registration, [own.suspended_doctor])
        return
    mdtrt_id = str(one(registration.output, "data")["mdtrt_id"])
    step = hospital.call("2203", inputs.visit(patient, clinic, mdtrt_id, "11", [stage.diagnosis()], at), home=patient.home)
    if step.ok:
        given = inputs.outpatient_lines(patient, clinic, mdtrt_id, f"B{at:%H%M%S}", charges(stage.items("drug"), at), at)
        step = hospital.call("2204", given, home=patient.home)
    stage.refused(step, [own.suspended_doctor])


@case("refusals.stranger", "查无此人时说得清楚", "nobody of that number is told clearly", needs=("clinics.hospital",),
      cure=("证件号码查无此人时拒绝，请核对证件。", "Refuse, and have the card checked."))  # fmt: skip
def stranger(stage: Stage) -> None:
    """1101 with a number nobody has, then with one that cannot be."""
    hospital = stage.hospital()
    for number in ("990199190001010016", "123456789012345678", "1"):
        given = {"data": {"mdtrt_cert_type": "02", "mdtrt_cert_no": number, "psn_cert_type": "01", "certno": number, "psn_name": "无此人"}}
        stage.refused(hospital.call("1101", given))
    empty = {"data": {"mdtrt_cert_type": "02", "mdtrt_cert_no": "", "psn_cert_type": "01", "certno": "", "psn_name": ""}}
    text = stage.refused(hospital.call("1101", empty))
    stage.require("凭证" in text or "mdtrt_cert_no" in text or "证件" in text, f"没有指出缺的是凭证号：{text}",
                  f"the missing number is not named: {text}")


CASES = (dead, arrears, waiting, uninsured, measure, benefit_check, expired_code, unknown_code, suspended_doctor, stranger)
"""In the order of playing."""
