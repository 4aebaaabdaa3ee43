"""A hospital stay 住院: admission to settlement list, lines given back, changes, and what may be undone when."""

from openyibao.outside.hospital import inputs
from openyibao.outside.hospital.books import fen
from openyibao.outside.hospital.conformance.case import case
from openyibao.outside.hospital.conformance.stage import Stage
from openyibao.outside.hospital.envelope import many, one
from openyibao.outside.hospital.identities import returned, unlike
from openyibao.outside.hospital.journeys import inpatient
from openyibao.outside.hospital.journeys.inpatient import Stay
from openyibao.outside.hospital.journeys.people import year_so_far

NEEDS = ("clinics.hospital", "people.retired", "items.drug", "items.drug_b", "items.service", "diagnoses.stay")


def admitted(stage: Stage, *items: str, count: int = 40) -> Stay:
    """A retired employee's stay; with lines when items are named. Freed from a stay that an earlier run left open."""
    hospital, patient = stage.hospital(), stage.patient("retired")
    leave(stage)
    stay = inpatient.admitted(hospital, stage.clinic(), patient, [stage.diagnosis("stay")])
    return inpatient.charged(hospital, stay, stage.items(*items), count) if items else stay


def leave(stage: Stage) -> None:
    """5303, then 2302 and 2404 for every stay of the person that is still open: an interrupted run leaves one."""
    hospital, patient = stage.hospital(), stage.patient("retired")
    given = {"data": {"psn_no": patient.psn_no, "begntime": "2020-01-01 00:00:00", "endtime": f"{stage.clock():%Y-%m-%d} 23:59:59"}}
    for row in many(hospital.must("5303", given, home=patient.home).output, "data"):
        key = {"mdtrt_id": row["mdtrt_id"], "psn_no": patient.psn_no}
        hospital.call("2405", {"data": key}, home=patient.home)
        hospital.call("2302", {"data": [{**key, "feedetl_sn": "0000"}]}, home=patient.home)
        hospital.must("2404", {"data": key}, home=patient.home)


@case("inpatient.walk", "住院全流程：入院、明细、出院、预结算、结算、清单", "the whole stay, to the settlement list", needs=NEEDS,
      cure=("2401→2301→2402→2303→2304→4101 逐步受理；预结算等于结算；5303 在院信息随之变化。",
            "Each step is accepted, the trial equals the settlement, 5303 follows."))  # fmt: skip
def walk(stage: Stage) -> None:
    """2401 to 4101, then 2305 and the year restored."""
    hospital, stay = stage.hospital(), admitted(stage, "drug", "drug_b", "service")
    before = year_so_far(hospital, stay.patient)
    given = {"data": {"psn_no": stay.patient.psn_no, "begntime": "2020-01-01 00:00:00", "endtime": f"{stage.clock():%Y-%m-%d} 23:59:59"}}
    inside = [str(row["mdtrt_id"]) for row in many(hospital.must("5303", given, home=stay.patient.home).output, "data")]
    stage.require(stay.mdtrt_id in inside, "5303 没有列出在院病人", "5303 does not list the patient")
    inpatient.discharged(hospital, stay)
    trial, final = inpatient.tried(hospital, stay), inpatient.settled(hospital, stay)
    setl = one(final.output, "setlinfo")
    stage.hold(unlike(one(trial.output, "setlinfo"), setl))
    stage.require(fen(setl["medfee_sumamt"]) == fen(stay.amount), "2304 的总额不是上传明细之和",
                  "the total of 2304 is not that of the lines")
    listed = hospital.must("4101", inpatient.settlement_list(hospital, stay, final), home=stay.patient.home).output
    stage.require("setl_list_id" in str(listed), "4101 没有返回清单流水号", "4101 answered no setl_list_id")
    reversal = inpatient.undone(hospital, stay, final)
    stage.hold(returned(setl, one(reversal.output, "setlinfo")))
    stage.same(before, year_so_far(hospital, stay.patient), "撤销后年度累计未复原", "undoing did not restore the year")
    free(stage, stay)


def free(stage: Stage, stay: Stay) -> None:
    """2405, 2302 and 2404, so that the next case may admit the person again."""
    hospital, key = stage.hospital(), {"mdtrt_id": stay.mdtrt_id, "psn_no": stay.patient.psn_no}
    hospital.must("2405", {"data": key}, home=stay.patient.home)
    hospital.must("2302", {"data": [{**key, "feedetl_sn": "0000"}]}, home=stay.patient.home)
    hospital.must("2404", {"data": key}, home=stay.patient.home)


@case("inpatient.given-back", "退费明细冲减原明细", "a line given back is taken off", needs=NEEDS,
      cure=("负数明细以 init_feedetl_sn 指明原明细，结算按净额。",
            "A negative line names its original; the settlement is of the net."))  # fmt: skip
def given_back(stage: Stage) -> None:
    """2301 with a return, then a trial."""
    hospital, stay = stage.hospital(), admitted(stage, "drug", "service")
    stay = inpatient.given_back(hospital, stay, stay.charges[0])
    stage.require(fen(stay.amount) == fen(stay.charges[1].amount), "净额计算有误", "the net is wrong")
    inpatient.discharged(hospital, stay)
    setl = one(inpatient.tried(hospital, stay).output, "setlinfo")
    stage.require(fen(setl["medfee_sumamt"]) == fen(stay.amount), "2303 没有冲减退费明细", "2303 did not take the returned line off")
    free(stage, stay)


@case("inpatient.changed", "入院信息变更、明细撤销", "admission data changed, lines undone", needs=NEEDS,
      cure=("2403 受理变更；2302 按流水号或 0000 撤销未结算明细。",
            "2403 takes changes; 2302 removes a line by serial, or all by 0000."))  # fmt: skip
def changed(stage: Stage) -> None:
    """2403, 2302 of one line, 2303 without it."""
    hospital, stay = stage.hospital(), admitted(stage, "drug", "service")
    given = inputs.admission_change(stay.patient, stay.clinic, stay.mdtrt_id, stay.number, stay.found, stage.clock())
    hospital.must("2403", given, home=stay.patient.home)
    gone = {"feedetl_sn": str(stay.charges[0].serial), "mdtrt_id": stay.mdtrt_id, "psn_no": stay.patient.psn_no}
    hospital.must("2302", {"data": [gone]}, home=stay.patient.home)
    rest = Stay(stay.patient, stay.clinic, stay.mdtrt_id, stay.number, stay.found, stay.med_type, stay.charges[1:], stay.rows[1:])
    inpatient.discharged(hospital, rest)
    setl = one(inpatient.tried(hospital, rest).output, "setlinfo")
    stage.require(fen(setl["medfee_sumamt"]) == fen(rest.amount), "撤销的明细仍在预结算中", "the undone line is still in the trial")
    free(stage, stay)


@case("inpatient.twice", "在院期间不能重复入院", "nobody is admitted twice at once", needs=NEEDS,
      cure=("同一人未办出院时再次入院登记应拒绝。", "Refuse a second admission while the first stay is open."))  # fmt: skip
def twice(stage: Stage) -> None:
    """2401 twice, then 2404."""
    hospital, stay = stage.hospital(), admitted(stage)
    given = inputs.admission(stay.patient, stay.clinic, f"{stay.number}X", inpatient.ORDINARY, stay.found, stage.clock())
    stage.refused(hospital.call("2401", given, home=stay.patient.home))
    hospital.must("2404", inpatient.simple(stay), home=stay.patient.home)
    stage.refused(hospital.call("2404", inpatient.simple(stay), home=stay.patient.home))


@case("inpatient.order", "顺序不对被拒绝", "out of order is refused", needs=NEEDS,
      cure=("有费用或已结算的住院不能撤销入院；已结算的不能撤销出院。",
            "No 2404 for a stay with lines or settled; no 2405 for a settled one."))  # fmt: skip
def order(stage: Stage) -> None:
    """2404 with lines; 2405 after settlement; then undone."""
    hospital, stay = stage.hospital(), admitted(stage, "drug")
    stage.refused(hospital.call("2404", inpatient.simple(stay), home=stay.patient.home))
    inpatient.discharged(hospital, stay)
    final = inpatient.settled(hospital, stay)
    stage.refused(hospital.call("2405", inpatient.simple(stay), home=stay.patient.home))
    inpatient.undone(hospital, stay, final)
    free(stage, stay)


CASES = (walk, given_back, changed, twice, order)
"""In the order of playing."""
