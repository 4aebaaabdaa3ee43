"""The check of a draft: green where nothing is wrong, else the question, the entry and the limit are named; today's own faults are not."""

from openyibao.bureau.policydesk.laid import Laid
from openyibao.bureau.policymaking.drafted import Change, text_of
from openyibao.bureau.policymaking.findings import EFFECT, FORM, GAPS, LIST, checked

NOTHING = Laid()
KEY = "outpatient.employee.ratio.active.L3"
RATIO = Change(KEY, "三级医院门诊在职支付比例", "Ratio", "ratio", 20270101, "0.65", "草案", "illustrative")


def states(*changes, city="jishou", laid=NOTHING):
    """The state of each question, and what was found."""
    found = checked(city, laid, text_of(city, "草案", "draft", changes))
    return {one.code: one.state for one in found.questions}, found


def test_a_sound_change_is_green():
    found, check = states(RATIO)
    assert set(found.values()) == {"fine"} and not check.findings and check.standing > 0


def test_below_the_national_list_names_entry_limit_and_source():
    low = RATIO._replace(value="0.4")
    found, check = states(low)
    (one,) = [one for one in check.findings if one.question == LIST]
    assert found[LIST] in ("warned", "failed") and one.key == "outpatient.employee.ratio.active.L3"
    assert "40%" in one.words["zh"] and "benefit_list." in one.words["zh"] and "50%" in one.words["zh"] and one.words["en"]


def test_a_benefit_that_begins_without_its_figures_is_a_gap_and_stops_the_draft():
    begins = Change("civil_servant.resident.present", "有公务员补助", "Has", "yes_no", 20270101, True, "草案", "illustrative")
    only = Change("civil_servant.resident.ratio", "补助比例", "Ratio", "ratio", 20270101, "0.5", "草案", "illustrative")
    found, check = states(begins, only)
    assert found[GAPS] == "failed" and all("2027-01-01" in one.words["zh"] and one.key for one in check.errors)


def test_a_parameter_that_nobody_reads_or_that_stays_is_said():
    same = RATIO._replace(value="0.6")
    assert states(same)[0][EFFECT] == "warned"
    unread = Change("ltc.both.status", "长护险", "Long-term care", "text", 20270101, "试点", "草案", "illustrative")
    _, check = states(unread)
    assert "结算不读取" in check.findings[0].words["zh"] and not check.errors
    assert states()[1].errors


def test_a_file_with_a_fault_names_the_line():
    text = text_of("jishou", "草案", "draft", [RATIO]).replace('"0.65"', '"1.65"')
    found = checked("jishou", NOTHING, text)
    assert [one.code for one in found.questions if one.state == "failed"] == [FORM] and "本草案:" in found.errors[0].place


def test_a_later_value_of_the_files_that_would_be_covered_is_said():
    early = Change("outpatient.employee.present", "有普通门诊统筹", "Has", "yes_no", 20220101, True, "草案", "illustrative")
    _, check = states(early)
    assert any("2022-12-01" in one.words["zh"] for one in check.findings)


def test_the_check_is_over_what_was_approved_already():
    first = text_of("jishou", "一", "one", [RATIO])
    found, _ = states(RATIO, laid=Laid((("amendments/0001.yaml", first),)))
    assert found[EFFECT] == "warned"
