"""Figures at the wire: exact both ways, never rounded, and replies that carry every documented key in its type."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import published
from openyibao.gateway import wire
from openyibao.gateway.describe import described, served_numbers

FEN = st.integers(-(10**16), 10**16)
RETURNED = [sample for sample in published.samples("reply") if sample["infno"] in served_numbers() and sample["body"].get("output")]
MISPRINTED = {"032": "its own table shows insuinfo as a list"}


@given(FEN)
def test_fen_go_out_and_come_back(fen):
    raw = bytes(wire.yuan(fen)).decode()
    assert wire.fen(raw) == wire.fen(Decimal(raw)) == fen
    assert raw == wire.yuan_text(fen)
    assert len(raw.partition(".")[2]) == 2
    assert json.loads(raw, parse_float=Decimal) * 100 == fen


@given(FEN, st.sampled_from([2, 4, 6]), st.integers(0, 5))
def test_any_figure_goes_out_and_comes_back_with_zeros_behind(value, decimals, zeros):
    text = wire.decimal_text(value, decimals)
    assert wire.scaled(text + "0" * zeros, decimals) == value
    assert wire.scaled(Decimal(text + "0" * zeros), decimals) == value


@given(st.integers(-(10**12), 10**12))
def test_whole_numbers_need_no_point(number):
    assert wire.fen(number) == wire.fen(str(number)) == wire.fen(Decimal(number)) == number * 100


@given(st.decimals(-(10**9), 10**9, places=3).filter(lambda number: number * 100 != int(number * 100)))
def test_a_third_decimal_is_refused_not_rounded(number):
    with pytest.raises(ValueError, match="decimals"):
        wire.fen(number)
    with pytest.raises(ValueError, match="decimals"):
        wire.fen(format(number, "f"))


@pytest.mark.parametrize(("value", "fen"), [
    ("4.5", 450), ("4.50000", 450), (4.52, 452), (0, 0), ("-0.05", -5), ("007", 700), (Decimal("1E+3"), 100_000),
])  # fmt: skip
def test_amounts_as_programs_write_them(value, fen):
    assert wire.fen(value) == fen


@pytest.mark.parametrize("value", [
    "", "abc", "1,000.00", "1e3", "٣", "4.", "+1", " 1", "NaN", Decimal("NaN"), Decimal("Infinity"),
    Decimal("1e999999999"), Decimal("1e-999999999"), 0.1 + 0.2,
])  # fmt: skip
def test_what_is_no_amount_is_refused(value):
    with pytest.raises(ValueError, match=r"plain number|decimals"):
        wire.fen(value)


def test_ratios_quantities_and_prices():
    assert wire.rate("0.0500") == 500
    assert bytes(wire.wire_rate(500)) == b"0.0500"
    assert wire.quantity("1.5") == 15_000
    assert bytes(wire.wire_quantity(-15_000)) == b"-1.5000"
    assert wire.price("4.520001") == 4_520_001
    assert bytes(wire.wire_price(4_520_001)) == b"4.520001"


@given(st.dates(date(1800, 1, 1), date(9999, 12, 31)))
def test_days_turn_into_numbers_and_back(day):
    assert wire.day_of(wire.day_number(day)) == day
    assert wire.day_text(day) == day.isoformat()


def test_no_day_is_zero():
    assert wire.day_number(None) == 0
    assert wire.day_of(0) is None
    with pytest.raises(ValueError, match=r"day|month"):
        wire.day_of(20230230)


@pytest.mark.parametrize(("born", "day", "age"), [
    (date(2000, 5, 20), date(2024, 5, 19), b"23.9"), (date(2000, 5, 20), date(2024, 5, 20), b"24.0"),
    (date(2000, 5, 20), date(2024, 11, 20), b"24.5"), (date(2024, 2, 29), date(2025, 2, 28), b"0.9"),
    (date(2024, 3, 1), date(2024, 2, 1), b"0.0"),
])
def test_age_in_years_and_tenths(born, day, age):
    assert bytes(wire.age(born, day)) == age


def test_an_output_is_filled_and_typed():
    message = described("2207")
    shaped = wire.typed_output(message, {"setlinfo": {
        "medfee_sumamt": wire.yuan(450), "psn_no": 17, "brdy": date(1986, 1, 1), "setl_time": datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC),
        "age": Decimal("35.0"), "balc": "12.50", "acct_pay": "", "our_own": 1}})
    row = json.loads(msgspec.json.encode(shaped))["setlinfo"]
    assert row["medfee_sumamt"] == 4.5
    assert row["psn_no"] == "17"
    assert (row["brdy"], row["setl_time"]) == ("1986-01-01", "2024-05-06 07:08:09")
    assert (row["age"], row["balc"], row["acct_pay"]) == (35.0, 12.5, None)
    assert row["our_own"] == 1
    assert row["hifp_pay"] is None
    assert {field.name for field in message.output[0].fields} <= set(row)
    assert shaped["setldetail"] == []


def test_shaping_changes_nothing_of_what_it_was_given():
    output = {"setlinfo": {"psn_no": 1}}
    wire.typed_output(described("2207"), output)
    wire.typed_output(described("2207"), {})
    assert output == {"setlinfo": {"psn_no": 1}}
    assert wire.typed_output(described("2207"), {})["setlinfo"]["psn_no"] is None


def test_a_text_in_the_place_of_a_number_is_told():
    with pytest.raises(ValueError, match="number"):
        wire.typed_output(described("2207"), {"setlinfo": {"medfee_sumamt": "much"}})


def test_a_list_without_a_node_comes_under_data_or_bare():
    message = described("5204")
    shaped = wire.typed_output(message, [{"mdtrt_id": 1, "cnt": "2.0000"}])
    assert shaped["data"][0]["mdtrt_id"] == "1"
    assert wire.as_list(message, shaped) is shaped["data"]
    assert wire.as_list(described("2207"), shaped) is shaped


def test_fields_without_a_node_stand_at_the_top():
    shaped = wire.typed_output(described("1301"), {"file_qury_no": "f1"})
    assert shaped["file_qury_no"] == "f1"
    assert shaped["filename"] is None
    assert wire.typed_output(described("9002"), {"sign_time": "x", "signoutoutb": {"sign_time": "y"}}) == {
        "sign_time": "x", "signoutoutb": {"sign_time": "y"}}


def test_nested_output_is_shaped_where_it_stands():
    shaped = wire.typed_output(described("3101"), {"result": {"jr_id": 5, "judge_result_detail_dtos": [{"jrd_id": 6}]}})
    assert "judge_result_detail_dtos" not in shaped
    assert shaped["result"][0]["judge_result_detail_dtos"][0]["jrd_id"] == "6"
    assert wire.typed_output(described("3101"), {}) == {"result": []}


@pytest.mark.skipif(not published.present(), reason=published.MISSING)
@pytest.mark.parametrize("sample", [sample for sample in RETURNED if sample["id"] not in MISPRINTED], ids=lambda sample: sample["id"])
def test_replies_carry_the_keys_and_types_of_the_recorded_ones(sample):
    message, recorded = described(sample["infno"]), sample["body"]["output"]
    bare = {name: [{}] if isinstance(rows, list) else {} for name, rows in recorded.items() if isinstance(rows, dict | list)}
    empty = json.loads(msgspec.json.encode(wire.typed_output(message, bare)))
    filled = json.loads(msgspec.json.encode(wire.typed_output(message, recorded)))
    same_keys(recorded, empty, sample["infno"])
    same_types(recorded, filled, sample["infno"])


def same_keys(recorded, ours, place):
    """Every recorded key is among ours."""
    for key, value in recorded.items():
        assert key in ours, f"{place}: no {key}"
        if isinstance(value, dict):
            same_keys(value, ours[key], f"{place}.{key}")
        elif isinstance(value, list) and value:
            same_keys(value[0], ours[key][0], f"{place}.{key}[]")


def same_types(recorded, ours, place):
    """Numbers stay numbers and texts texts; an empty text where a number belongs is null."""
    if isinstance(recorded, dict):
        for key, value in recorded.items():
            same_types(value, ours[key], f"{place}.{key}")
    elif isinstance(recorded, list):
        for first, second in zip(recorded, ours, strict=True):
            same_types(first, second, f"{place}[]")
    elif recorded not in (None, ""):
        assert isinstance(recorded, str) == isinstance(ours, str), f"{place}: {recorded!r} became {ours!r}"
        assert recorded == ours or str(recorded) == ours
