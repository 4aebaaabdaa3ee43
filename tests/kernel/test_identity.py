"""Identity numbers and credit codes: every single wrong digit is found, and each impossibility is named."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openyibao.kernel.identity import (
    CHECKS,
    FEMALE,
    MALE,
    UNIT_SIGNS,
    birth_of,
    check_sign,
    is_day,
    person_doubt,
    sex_of,
    unit_check_sign,
    unit_doubt,
    upgraded,
)

TODAY = 2025_06_30
SOUND = "420100198001010017"
UNIT = "91420100MA4K00000Q"
BIRTHS = st.dates(min_value=date(1900, 1, 1), max_value=date(2025, 6, 30))


def numbered(area: str, birth: str, order: int) -> str:
    first = f"{area}{birth}{order:03d}"
    return first + check_sign(first)


def code_of(number: str, **more: int) -> str:
    doubt = person_doubt(number, TODAY, **more)
    return doubt.code if doubt else ""


def test_the_worked_examples():
    assert person_doubt(SOUND, TODAY, MALE, 1980_01_01) is None
    assert unit_doubt(UNIT) is None
    assert check_sign("99010119840312011") == "X"


@given(BIRTHS, st.integers(1, 999), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(birth, order, place, shift):
    number = numbered("433101", f"{birth:%Y%m%d}", order)
    assert person_doubt(number, TODAY) is None
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1:]
    assert person_doubt(wrong, TODAY) is not None


@given(BIRTHS, st.integers(1, 999))
def test_only_one_check_sign_fits(birth, order):
    first = numbered("433101", f"{birth:%Y%m%d}", order)[:17]
    assert sum(person_doubt(first + sign, TODAY) is None for sign in CHECKS) == 1


@given(BIRTHS, st.integers(1, 999))
def test_a_number_tells_birth_and_sex(birth, order):
    number = numbered("433101", f"{birth:%Y%m%d}", order)
    assert birth_of(number) == int(f"{birth:%Y%m%d}")
    assert sex_of(number) == (MALE if order % 2 else FEMALE)
    other = FEMALE if order % 2 else MALE
    assert code_of(number, sex=other) == "ID-06"
    assert code_of(number, birth=int(f"{birth:%Y%m%d}") + 1) == "ID-07"


@pytest.mark.parametrize(("number", "code"), [
    ("", "ID-01"),
    ("42010019800101001", "ID-01"),
    ("4201001980010100177", "ID-01"),
    ("42010019800101001x", "ID-01"),
    ("４20100198001010017", "ID-01"),
    ("420100800101001", "ID-01"),
    (numbered("990101", "19840312", 11), "ID-02"),
    (numbered("010101", "19840312", 11), "ID-02"),
    (numbered("433101", "19840230", 11), "ID-03"),
    (numbered("433101", "18490101", 11), "ID-03"),
    (numbered("433101", "20250701", 11), "ID-04"),
    ("420100198001010018", "ID-05"),
    (numbered("433101", "19840312", 0), "ID-08"),
])  # fmt: skip
def test_each_impossibility_is_named(number, code):
    assert code_of(number) == code


def test_a_birth_on_the_day_itself_is_possible():
    assert code_of(numbered("433101", "20250630", 11)) == ""


def test_training_numbers_are_taken_only_when_asked():
    number = numbered("990101", "19840312", 11)
    assert code_of(number, training=True) == ""
    assert code_of(number[:-1] + ("0" if number[-1] != "0" else "1"), training=True) == "ID-05"


def test_an_old_number_becomes_a_new_one():
    assert upgraded("420100800101001") == "420100198001010017"
    assert upgraded(SOUND) == SOUND
    assert upgraded("４20100800101001") == "４20100800101001"


@pytest.mark.parametrize(("day", "there"), [(2024_02_29, True), (2023_02_29, False), (2000_02_29, True), (1900_02_29, False),
                                            (2024_04_31, False), (2024_13_01, False), (2024_00_10, False), (2024_01_00, False)])
def test_days_of_the_calendar(day, there):
    assert is_day(day) is there


@given(st.text(UNIT_SIGNS, min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 30))
def test_one_wrong_sign_of_a_unit_is_always_found(first, place, shift):
    code = first + unit_check_sign(first)
    assert unit_doubt(code) is None
    sign = UNIT_SIGNS[(UNIT_SIGNS.index(code[place]) + shift) % 31]
    assert unit_doubt(code[:place] + sign + code[place + 1:]).code == "USCC-03"


@pytest.mark.parametrize(("code", "why"), [
    ("91420100MA4K0000", "USCC-01"),
    ("91420100MA4K0000IQ", "USCC-02"),
    ("91420100ma4k00000Q", "USCC-02"),
    ("91420100MA4K00000R", "USCC-03"),
])  # fmt: skip
def test_each_impossible_unit_is_named(code, why):
    assert unit_doubt(code).code == why
