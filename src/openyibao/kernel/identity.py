"""Numbers of persons and units 公民身份号码 (GB 11643), 统一社会信用代码 (GB 32100): what a number says, and why one is impossible.

A doubt says what is wrong in words a clerk can act on. A number that passes may still be another's, or nobody's: only the register knows.
"""

from typing import NamedTuple

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
PROVINCES = frozenset({
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44", "45", "46",
    "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83",
})  # fmt: skip
"""First two digits of areas that numbers were issued in; old county codes live on in numbers, so the rest is not checked."""

NEVER_GIVEN = "99"
"""First two digits of no area: numbers for training and samples, nobody's by construction."""

UNIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
UNIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
MALE, FEMALE = 1, 2
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
FIRST_BIRTH = 1850_00_00


class Doubt(NamedTuple):
    """Why a number is impossible: a stable code and the sentence in both languages."""

    code: str
    zh: str
    en: str


def check_sign(first: str) -> str:
    """The 18th sign 校验码 of a person's number from its first 17 digits."""
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(first, WEIGHTS, strict=True)) % 11]


def upgraded(number: str) -> str:
    """A number of 15 digits as one of 18: 19 before the year of birth, and the check sign. Another number is returned as it is."""
    if len(number) != 15 or not is_digits(number):
        return number
    first = f"{number[:6]}19{number[6:]}"
    return first + check_sign(first)


def birth_of(number: str) -> int:
    """Day of birth, yyyymmdd, as an 18-digit number states it; it may be no day of the calendar."""
    return int(number[6:14])


def sex_of(number: str) -> int:
    """MALE or FEMALE by the 17th digit."""
    return MALE if int(number[16]) % 2 else FEMALE


def is_day(day: int) -> bool:
    """Whether a yyyymmdd integer is a day of the calendar."""
    year, month, date = day // 10_000, day // 100 % 100, day % 100
    if not 1 <= month <= 12 or year < 1:
        return False
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 1 <= date <= MONTH_DAYS[month - 1] + leap


def is_digits(text: str) -> bool:
    """Whether a text is one or more of the digits 0-9 (other scripts' digits are none)."""
    return text != "" and all(sign in "0123456789" for sign in text)


def person_doubt(number: str, day: int, sex: int = 0, birth: int = 0, training: bool = False) -> Doubt | None:
    """Why a person's 18-sign number is impossible on a day (yyyymmdd); None when nothing speaks against it.

    sex       what the register says, MALE or FEMALE; 0 = not compared
    birth     the day of birth the register says, yyyymmdd; 0 = not compared
    training  numbers of area 99, which was never given out, are taken
    """
    shape = shape_doubt(number, training)
    if shape is not None:
        return shape
    born = birth_of(number)
    if not is_day(born) or born < FIRST_BIRTH:
        return Doubt("ID-03", f"身份证号第 7 至 14 位 {number[6:14]} 不是日期。", f"Digits 7 to 14, {number[6:14]}, are no date of birth.")
    if born > day:
        return Doubt("ID-04", f"身份证号的出生日期 {born} 晚于 {day}。", f"The date of birth {born} lies after {day}.")
    if check_sign(number[:17]) != number[17]:
        return Doubt("ID-05", "身份证号校验码不符。请对照证件逐位核对。", "The check sign does not fit: compare it with the card.")
    if sex in (MALE, FEMALE) and sex_of(number) != sex:
        return Doubt("ID-06", f"性别与身份证号第 17 位 {number[16]}（奇男偶女）不符。", f"The sex does not fit digit 17, {number[16]}.")
    if birth and birth != born:
        return Doubt("ID-07", f"出生日期 {birth} 与身份证号中的 {born} 不符。", f"Born on {birth}, but {born} in the number.")
    return None


def shape_doubt(number: str, training: bool) -> Doubt | None:
    """What is wrong with a person's number before its date and check sign are looked at."""
    if len(number) == 15 and is_digits(number):
        return Doubt("ID-01", "这是 15 位旧号码，请先升为 18 位。", "This is an old number of 15 digits: upgrade it to 18 first.")
    if len(number) != 18:
        return Doubt("ID-01", f"身份证号应为 18 位，现为 {len(number)} 位。", f"A number has 18 signs; this one has {len(number)}.")
    if not is_digits(number[:17]) or number[17] not in "0123456789X":
        wrong = next(place for place, sign in enumerate(number, 1) if sign not in ("0123456789" if place < 18 else "0123456789X"))
        return Doubt("ID-01", f"身份证号第 {wrong} 位不是数字（末位可为 X）。", f"Sign {wrong} is no digit (the last may be X).")
    if number[:2] == NEVER_GIVEN and not training:
        return Doubt("ID-02", "区划 99 从未发放，是培训用号码，不能登记。", "Area 99 was never given out: a training number.")
    if number[:2] not in PROVINCES and number[:2] != NEVER_GIVEN:
        return Doubt("ID-02", f"身份证号前两位 {number[:2]} 没有这个省份。", f"No province has the code {number[:2]}.")
    if number[14:17] == "000":
        return Doubt("ID-08", "身份证号顺序码 000 从未使用。", "The order number 000 is never given.")
    return None


def unit_check_sign(first: str) -> str:
    """The 18th sign of a unit's code from its first 17."""
    total = sum(UNIT_SIGNS.index(sign) * weight for sign, weight in zip(first, UNIT_WEIGHTS, strict=True))
    return UNIT_SIGNS[(31 - total % 31) % 31]


def unit_doubt(code: str) -> Doubt | None:
    """Why a unit's 统一社会信用代码 is impossible; None when nothing speaks against it."""
    if len(code) != 18:
        return Doubt("USCC-01", f"统一社会信用代码应为 18 位，现为 {len(code)} 位。", f"A credit code has 18 signs, this {len(code)}.")
    for place, sign in enumerate(code, 1):
        if sign not in UNIT_SIGNS:
            return Doubt(
                "USCC-02", f"统一社会信用代码第 {place} 位“{sign}”不在字符集内（无 I O S V Z，字母大写）。",
                f"Sign {place}, '{sign}', is not used in credit codes (capitals, without I O S V Z).",
            )
    if unit_check_sign(code[:17]) != code[17]:
        return Doubt("USCC-03", "统一社会信用代码校验码不符，请核对证照。", "The check sign does not fit: see the licence.")
    return None
