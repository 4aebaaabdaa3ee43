"""Pharmacies 药店: trial, settlement, undoing."""

from openyibao.outside.hospital.conformance.case import case
from openyibao.outside.hospital.conformance.stage import Stage
from openyibao.outside.hospital.envelope import one
from openyibao.outside.hospital.identities import returned, unlike
from openyibao.outside.hospital.journeys import pharmacy
from openyibao.outside.hospital.journeys.people import year_so_far

NEEDS = ("clinics.pharmacy", "people.employee", "items.pharmacy_drug", "items.pharmacy_drug_b")


@case("pharmacy.walk", "药店购药：预结算、结算、撤销", "a purchase: trial, settlement, undoing", needs=NEEDS,
      cure=("2101 与 2102 金额一致；2103 逐分复原年度累计与账户。",
            "2101 and 2102 agree; 2103 restores the year and the account to the fen."))  # fmt: skip
def walk(stage: Stage) -> None:
    """2101, 2102, 2103."""
    hospital = stage.hospital("pharmacy")
    patient = stage.patient("employee", hospital)
    before = year_so_far(hospital, patient)
    bought = pharmacy.basket(hospital, stage.clinic("pharmacy"), patient, stage.items("pharmacy_drug", "pharmacy_drug_b"))
    trial, final = pharmacy.tried(hospital, patient, bought), pharmacy.settled(hospital, patient, bought)
    stage.hold(unlike(one(trial.output, "setlinfo"), one(final.output, "setlinfo")))
    reversal = pharmacy.undone(hospital, patient, final)
    stage.hold(returned(one(final.output, "setlinfo"), one(reversal.output, "setlinfo")))
    stage.same(before, year_so_far(hospital, patient), "撤销后年度累计未复原", "undoing did not restore the year")
    stage.require(stage.patient("employee", hospital).balance == patient.balance, "撤销后账户余额未复原",
                  "undoing did not restore the account")


@case("pharmacy.twice", "同一购药报文重发只扣一次", "a purchase sent twice is paid once", needs=NEEDS,
      cure=("2102 按 msgid 幂等。", "2102 is idempotent by msgid."))  # fmt: skip
def twice(stage: Stage) -> None:
    """2102 twice under one id."""
    hospital = stage.hospital("pharmacy")
    patient = stage.patient("employee", hospital)
    bought = pharmacy.basket(hospital, stage.clinic("pharmacy"), patient, stage.items("pharmacy_drug"))
    msgid = hospital.new_message_id()
    first, second = (pharmacy.settled(hospital, patient, bought, msgid) for _ in range(2))
    stage.require(one(first.output, "setlinfo")["setl_id"] == one(second.output, "setlinfo")["setl_id"], "重发另结了一笔",
                  "the repeat settled again")  # fmt: skip
    pharmacy.undone(hospital, patient, first)


CASES = (walk, twice)
"""In the order of playing."""
