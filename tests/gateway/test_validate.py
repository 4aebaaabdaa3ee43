"""Checking messages: lenient in form, exact in content, every problem named by its place."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import published
from openyibao.gateway.describe import described, served_numbers
from openyibao.gateway.validate import checked, refusing

SETTLE = {
    "psn_no": "43000080486291902175", "mdtrt_cert_type": "02", "mdtrt_cert_no": "990101197101012223", "med_type": "11",
    "medfee_sumamt": "120.50", "psn_setlway": "01", "mdtrt_id": "17648768", "chrg_bchno": "1001",
    "acct_used_flag": "1", "insutype": "310"}  # fmt: skip
LINE = {
    "feedetl_sn": "yp570", "mdtrt_id": "17648768", "psn_no": "1", "chrg_bchno": "1001", "fee_ocur_time": "2024-05-06 10:11:12",
    "med_list_codg": "XA01", "det_item_fee_sumamt": 12.05, "cnt": 1, "pric": "12.05",
    "bilg_dept_codg": "A01", "bilg_dr_codg": "D43"}  # fmt: skip
REQUESTS = [sample for sample in published.samples("request") if sample["infno"] in served_numbers()]
EXPECTED = {
    "029": [], "030": [], "039": [], "043": [], "044": [], "045": [],
    "031": ["data.mdtrt_cert_type", "data.mdtrt_cert_no"],
    "040": ["data.warn_type", "data.warns", "data.mdtrt_cert_no"],
}  # fmt: skip


at = datetime.fromisoformat


def settled(**changes):
    """A 2207 with some fields changed; None takes a field away."""
    row = {key: value for key, value in {**SETTLE, **changes}.items() if value is not None}
    return checked(described("2207"), {"data": row})


def lines(*changes):
    """A 2204 with one line per argument."""
    return checked(described("2204"), {"feedetail": [LINE | change for change in changes]})


def places(problems):
    """Where the problems are that refuse the message."""
    return [problem.place for problem in refusing(problems)]


@pytest.mark.skipif(not published.present(), reason=published.MISSING)
@pytest.mark.parametrize("sample", REQUESTS, ids=lambda sample: sample["id"])
def test_recorded_requests(sample):
    _, problems = checked(described(sample["infno"]), sample["body"]["input"])
    assert places(problems) == EXPECTED[sample["id"]]


def test_a_plain_settlement_comes_out_canonical():
    out, problems = settled(fulamt_ownpay_amt=0, exp_content="", pub_hosp_rfom_flag="null")
    assert problems == []
    assert out == {"data": {**SETTLE, "medfee_sumamt": Decimal("120.50"), "fulamt_ownpay_amt": Decimal(0)}}


@pytest.mark.parametrize("value", ["120.5", "120.50", " 120.500000 ", 120.5, Decimal("120.50"), "1.205E2", "+120.5"])
def test_amounts_may_be_texts_or_numbers(value):
    out, problems = settled(medfee_sumamt=value)
    assert problems == []
    assert out["data"]["medfee_sumamt"] == Decimal("120.5")
    assert isinstance(out["data"]["medfee_sumamt"], Decimal)


@pytest.mark.parametrize(("value", "kind"), [
    ("12o.5", "type"), ("120.505", "decimals"), (0.1 + 0.2, "decimals"), ("1" * 15, "length"), (True, "type"), ([], "type"), ({}, "type"),
    ("NaN", "type"), ("Infinity", "type"), ("1e99", "length"), ("1_0", "type"), ("１２", "type"), (10**400, "length"), ("9" * 100, "type"),
])
def test_a_broken_amount_is_named(value, kind):
    out, problems = settled(medfee_sumamt=value)
    assert [(problem.place, problem.name, problem.kind) for problem in problems] == [("data.medfee_sumamt", "医疗费总额", kind)]
    assert "medfee_sumamt" not in out["data"]
    assert problems[0].sentence().startswith("data.medfee_sumamt 医疗费总额：")
    assert problems[0].sentence_en().startswith("data.medfee_sumamt: ")


@pytest.mark.parametrize("empty", [None, "", " ", "null", "NULL", " null "])
def test_the_many_ways_to_say_nothing(empty):
    out, problems = settled(psn_no=empty, invono=empty, medfee_sumamt=empty)
    assert [(problem.place, problem.kind) for problem in problems] == [("data.psn_no", "missing"), ("data.medfee_sumamt", "missing")]
    assert "invono" not in out["data"]


@pytest.mark.parametrize("field", sorted(SETTLE))
def test_every_required_field_is_asked_for(field):
    _, problems = settled(**{field: None})
    assert [(problem.place, problem.kind) for problem in problems] == [(f"data.{field}", "missing")]


def test_texts_may_be_numbers():
    out, problems = settled(mdtrt_id=17648768, chrg_bchno=1001.0, insutype=310)
    assert problems == []
    assert (out["data"]["mdtrt_id"], out["data"]["chrg_bchno"], out["data"]["insutype"]) == ("17648768", "1001", "310")


@pytest.mark.parametrize(("field", "value", "kind"), [
    ("psn_no", "1" * 31, "length"), ("psn_no", True, "type"), ("psn_no", {"a": 1}, "type"), ("psn_no", "a\x00b", "type"),
    ("insutype", "999", "code"), ("acct_used_flag", "9", "code"), ("mdtrt_cert_type", "77", "code"), ("med_type", "99", "code"),
    ("invono", "\ud800", "type"),
])
def test_a_broken_text_is_named(field, value, kind):
    _, problems = settled(**{field: value})
    assert [(problem.place, problem.kind, problem.warning) for problem in problems] == [(f"data.{field}", kind, False)]


def test_local_codes_below_a_national_head_pass_and_unknown_soft_codes_only_warn():
    assert settled(med_type="1199")[1] == []
    _, problems = checked(described("1101"), {"data": {"mdtrt_cert_type": "02", "mdtrt_cert_no": "1", "psn_cert_type": "2"}})
    assert [(problem.place, problem.kind, problem.warning) for problem in problems] == [("data.psn_cert_type", "code", True)]


def test_text_with_line_ends_and_blanks_around_it_is_kept_clean():
    out, problems = checked(described("2204"), {"feedetail": [LINE | {"memo": " first\nsecond "}]})
    assert problems == []
    assert out["feedetail"][0]["memo"] == "first\nsecond"


@pytest.mark.parametrize(("sent", "meant"), [
    ("2024-05-06 07:08:09", at("2024-05-06 07:08:09")), ("2024-05-06T07:08:09", at("2024-05-06 07:08:09")),
    ("20240506070809", at("2024-05-06 07:08:09")), ("2024-05-06", at("2024-05-06 00:00:00")), ("20240506", at("2024-05-06 00:00:00")),
    (20240506, at("2024-05-06 00:00:00")), ("2024/5/6 7:08", at("2024-05-06 07:08:00")),
    ("2024-05-06T07:08:09.123", at("2024-05-06 07:08:09")),
    ("2024-05-05T23:08:09Z", at("2024-05-06 07:08:09")), ("2024-05-06T07:08:09+08:00", at("2024-05-06 07:08:09")),
])  # fmt: skip
def test_moments_in_the_spellings_met(sent, meant):
    out, problems = lines({"fee_ocur_time": sent})
    assert problems == []
    assert out["feedetail"][0]["fee_ocur_time"] == meant


@pytest.mark.parametrize("sent", [
    "2024-02-30 00:00:00", "2024-13-01", "yesterday", "2024-W05-1", "24-05-06", "99999999999999", -1, 1.5, [], True,
])  # fmt: skip
def test_what_is_no_moment_is_named(sent):
    _, problems = lines({"fee_ocur_time": sent})
    assert [(problem.place, problem.kind) for problem in problems] == [("feedetail[0].fee_ocur_time", "type")]


@pytest.mark.parametrize("sent", ["2024-05-06", "20240506", "2024-05-06 00:00:00", "2024.05.06"])
def test_days_are_days(sent):
    out, problems = checked(described("5301"), {"data": {"psn_no": "1"}})
    assert problems == []
    out, problems = checked(described("3501"), {"invinfo": {"invdate": sent}})
    assert out["invinfo"]["invdate"] == date(2024, 5, 6)


def test_the_end_of_a_period_given_as_a_day_is_its_last_second():
    out, _ = checked(described("5303"), {"data": {"begntime": "2024-05-01", "endtime": "2024-05-31"}})
    assert out["data"] == {"begntime": at("2024-05-01 00:00:00"), "endtime": at("2024-05-31 23:59:59")}
    out, _ = checked(described("5303"), {"data": {"begntime": "2024-05-01", "endtime": "2024-05-31 00:00:00"}})
    assert out["data"]["endtime"] == at("2024-05-31 00:00:00")


@pytest.mark.parametrize("content", [
    {"data": SETTLE}, {"mdtrtinfo": SETTLE}, {"data": [SETTLE]}, {"DATA": SETTLE}, SETTLE, {"data": {"mdtrtinfo": 1} | SETTLE},
    {"data": {key.upper(): value for key, value in SETTLE.items()}}, {"data": {**SETTLE, "unknown": {"deep": [1]}}, "tail": 3},
    {"data": {key.replace("_", ""): value for key, value in SETTLE.items()}},
])
def test_one_settlement_in_many_shapes(content):
    out, problems = checked(described("2207"), content)
    assert problems == []
    assert out == {"data": SETTLE | {"medfee_sumamt": Decimal("120.50")}}


def test_a_channel_may_say_how_it_names_the_node():
    assert refusing(checked(described("2207"), {"mdtrtinfo": SETTLE}, "mdtrtinfo")[1]) == []
    assert places(checked(described("2207"), {"mdtrtinfo": SETTLE}, "own")[1]) == ["data"]
    assert refusing(checked(described("2207"), {"own": SETTLE}, "own")[1]) == []


@pytest.mark.parametrize("content", [None, "", "null", {}, {"data": None}, {"data": ""}])
def test_an_empty_input_lacks_its_node(content):
    out, problems = checked(described("2207"), content)
    assert out == {}
    assert [(problem.place, problem.kind) for problem in problems] == [("data", "missing")]


@pytest.mark.parametrize("content", [[], "text", 5, True])
def test_an_input_that_is_no_object_is_told(content):
    _, problems = checked(described("2207"), content)
    assert places(problems) == ["input", "data"]


@pytest.mark.parametrize("value", ["text", 5, ["text"], [SETTLE, SETTLE], [[]]])
def test_a_node_of_another_form_is_told(value):
    _, problems = checked(described("2207"), {"data": value})
    assert refusing(problems)
    assert all(problem.place.startswith("data") for problem in problems)


def test_one_line_may_stand_for_a_list_and_problems_count_lines():
    out, problems = checked(described("2204"), {"feedetail": LINE})
    assert problems == []
    figures = {"det_item_fee_sumamt": Decimal("12.05"), "cnt": Decimal(1), "pric": Decimal("12.05")}
    assert out["feedetail"] == [LINE | figures | {"fee_ocur_time": at("2024-05-06 10:11:12")}]
    _, problems = lines({}, {}, {"cnt": "two"})
    assert places(problems) == ["feedetail[2].cnt"]
    assert places(checked(described("2204"), {"feedetail": []})[1]) == ["feedetail"]


def test_nested_nodes_are_read_where_they_stand():
    order = {"rx_id": "1", "cnt": "2", "extend_order_map": {"o_prdDays": 7}}
    visit = {"mdtrt_id": "1", "fsi_order_dtos": order, "fsi_diagnose_dtos": [{"dise_id": "1", "dise_date": "2024-05-06"}]}
    out, problems = checked(described("3101"), {"data": {"patient_dtos": [{"patn_id": "1", "fsi_encounter_dtos": [visit]}]}})
    found = out["data"]["patient_dtos"][0]["fsi_encounter_dtos"][0]
    assert found["fsi_order_dtos"][0]["cnt"] == Decimal(2)
    assert found["fsi_order_dtos"][0]["extend_order_map"] == {"o_prdDays": "7"}
    assert found["fsi_diagnose_dtos"][0]["dise_date"] == at("2024-05-06 00:00:00")
    assert "data.patient_dtos[0].fsi_encounter_dtos[0].fsi_order_dtos[0].rxno" in places(problems)


def test_trace_codes_are_read_inside_the_line_and_beside_it():
    trace = {"feedetl_sn": 1, "drug_trac_codg": "8" * 20, "trdn_flag": "0"}
    out, _ = checked(described("2102"), {"druginfo": {}, "drugdetail": [{"durg_trac_info": trace}], "durg_trac_info": [trace]})
    read = [{"feedetl_sn": "1", "drug_trac_codg": "8" * 20, "trdn_flag": "0"}]
    assert out["drugdetail"][0]["durg_trac_info"] == out["durg_trac_info"] == read


def test_the_nodes_may_stand_inside_data():
    visit = {"mdtrtinfo": {"mdtrt_id": "1"}, "diseinfo": [{"diag_code": "A00"}]}
    plain, problems = checked(described("2203"), visit)
    assert checked(described("2203"), {"data": visit}) == (plain, problems)
    assert plain["diseinfo"] == [{"diag_code": "A00"}]


def test_conditions_are_refused_or_only_remarked():
    identify = {"mdtrt_cert_type": "03", "mdtrt_cert_no": "A1"}
    assert places(checked(described("1101"), {"data": identify})[1]) == ["data.card_sn"]
    assert places(checked(described("1101"), {"data": identify | {"card_sn": "1"}})[1]) == []
    _, problems = settled(mdtrt_cert_type="03")
    assert [(problem.place, problem.warning) for problem in problems] == [("data.card_sn", True)]


def test_an_extension_may_be_an_object_and_is_kept_as_text():
    out, problems = settled(expContent={"TRUM_FLAG": "1", "n": Decimal("1.50")})
    assert problems == []
    assert out["data"]["exp_content"] == '{"TRUM_FLAG":"1","n":1.50}'


def test_the_documented_key_wins_over_another_spelling():
    for order in (("psn_no", "PSN_NO"), ("PSN_NO", "psn_no")):
        row = {key: value for key, value in SETTLE.items() if key != "psn_no"} | {key: key for key in order}
        assert checked(described("2207"), {"data": row})[0]["data"]["psn_no"] == "psn_no"


def test_fields_that_only_programs_know_never_refuse():
    out, problems = settled(psn_name="x" * 5000, mid_setl_flag="?", hcard_basinfo="card")
    assert refusing(problems) == []
    assert out["data"]["hcard_basinfo"] == "card"
    assert "psn_name" not in out["data"]


def test_aliases_mean_the_described_field():
    out, problems = checked(described("9001"), {"data": {"userid": "op1", "password": "x"}})
    assert problems == []
    assert out["signIn"]["opter_no"] == "op1"
    out, problems = checked(described("Y0001"), {"data": {"omsgid": "H1"}})
    assert (out, problems) == ({"data": {"msgid": "H1"}}, [])
    out, _ = checked(described("2601"), {"data": {"psn_no": "1", "omsgid": "H1", "oinfno": "2207"}})
    assert out["data"]["omsgid"] == "H1"


@pytest.mark.parametrize("infno", served_numbers())
def test_every_message_survives_nothing_and_nonsense(infno):
    message = described(infno)
    for content in (None, "", {}, [], {"data": {}}, {"data": [None]}, {node.name: [{}] for node in message.input}):
        out, problems = checked(message, content)
        assert isinstance(out, dict)
        assert all(problem.zh and problem.en and problem.place for problem in problems)


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.decimals(),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3), max_leaves=8)


@given(st.sampled_from(["2207", "2204", "2401", "3101", "4101", "5201"]), st.data())
def test_no_value_breaks_the_checker(infno, data):
    message = described(infno)
    node = data.draw(st.sampled_from(message.input))
    names = [field.name for field in node.fields]
    row = data.draw(st.dictionaries(st.sampled_from(names), JSON, max_size=6))
    out, problems = checked(message, {node.name: data.draw(st.sampled_from([row, [row], [row, row]]))})
    assert isinstance(out, dict)
    for problem in problems:
        assert problem.sentence()
        assert problem.sentence().isprintable()


@given(st.decimals(min_value=-(10**14) + 1, max_value=10**14 - 1, places=2))
def test_an_amount_is_read_to_the_fen(amount):
    for sent in (amount, str(amount), format(amount, "f") + "00"):
        out, problems = settled(medfee_sumamt=sent)
        assert problems == []
        assert out["data"]["medfee_sumamt"] == amount
