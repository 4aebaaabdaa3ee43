"""Filings 备案: filed, found by the query, withdrawn."""

from openyibao.outside.hospital.conformance.case import case
from openyibao.outside.hospital.conformance.stage import Stage
from openyibao.outside.hospital.envelope import many
from openyibao.outside.hospital.inputs import Node, Patient
from openyibao.outside.hospital.journeys import filings

CHRONIC_CODE, CHRONIC_NAME = "M06900", "类风湿关节炎"
"""A disease for which nobody of the cast is filed."""


def kept(stage: Stage, patient: Patient, numbers: tuple[str, str, str], given: Node, query: Node, node: str,
         wanted: tuple[str, str]) -> None:
    """File, find, withdraw, find no more. numbers: of filing, withdrawal and query; wanted: field and value in the query's rows."""
    hospital = stage.hospital()
    infno, undo, ask = numbers
    field, value = wanted

    def rows() -> int:
        """Rows of the query that show the filing."""
        found = many(hospital.must(ask, query, home=patient.home).output, node)
        return sum(1 for row in found if str(row.get(field)) == value)

    before = rows()
    number = filings.filed(hospital, patient, infno, given)
    stage.require(rows() == before + 1, f"{ask} 查不到刚作的备案", f"{ask} does not show the filing")
    hospital.must(undo, filings.withdrawal(patient, number), home=patient.home)
    stage.require(rows() == before, f"撤销后 {ask} 仍有该备案", f"{ask} still shows the withdrawn filing")
    stage.refused(hospital.call(undo, filings.withdrawal(patient, number), home=patient.home))


@case("filings.transfer", "转院备案、查询、撤销", "a transfer filed, found, withdrawn",
      needs=("clinics.hospital", "clinics.second", "people.resident", "diagnoses.stay"),
      cure=("2501、5304、2502 配套。", "2501, 5304 and 2502 belong together."))  # fmt: skip
def transfer(stage: Stage) -> None:
    """2501, 5304, 2502."""
    patient, target = stage.patient("resident"), stage.clinic("second")
    given = filings.transfer(stage.hospital(), patient, stage.diagnosis("stay"), target)
    query = {"data": {"psn_no": patient.psn_no, "begntime": f"{stage.clock():%Y-%m-%d} 00:00:00",
                      "endtime": f"{stage.clock():%Y-%m-%d} 23:59:59"}}
    kept(stage, patient, ("2501", "2502", "5304"), given, query, "refmedin", ("reflin_medins_no", target.institution.code))


@case("filings.chronic", "慢特病备案、查询、撤销", "a chronic disease filed, found, withdrawn",
      needs=("clinics.hospital", "people.employee"),
      cure=("2503、5301、2504 配套。", "2503, 5301 and 2504 belong together."))  # fmt: skip
def chronic(stage: Stage) -> None:
    """2503, 5301, 2504."""
    patient = stage.patient()
    given = filings.chronic(stage.hospital(), patient, stage.clinic(), CHRONIC_CODE, CHRONIC_NAME)
    kept(stage, patient, ("2503", "2504", "5301"), given, {"data": {"psn_no": patient.psn_no}}, "feedetail",
         ("opsp_dise_code", CHRONIC_CODE))


@case("filings.chosen", "定点备案、查询、撤销", "a chosen institution filed, found, withdrawn",
      needs=("clinics.hospital", "clinics.second", "people.resident"),
      cure=("2505、5302、2506 配套。", "2505, 5302 and 2506 belong together."))  # fmt: skip
def chosen(stage: Stage) -> None:
    """2505, 5302, 2506."""
    patient, target = stage.patient("resident"), stage.clinic("second")
    given = filings.chosen(stage.hospital(), patient, target)
    query = {"data": {"psn_no": patient.psn_no, "biz_appy_type": "03"}}
    kept(stage, patient, ("2505", "2506", "5302"), given, query, "psnfixmedin", ("fixmedins_code", target.institution.code))


CASES = (transfer, chronic, chosen)
"""In the order of playing."""
