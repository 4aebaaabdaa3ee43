"""Identity numbers are unreadable in the tables, and found by every writing of them."""

import pytest

from openyibao.bureau.enrolment.cipher import Cipher, Unreadable, masked

ONE = Cipher(b"a" * 32, b"b" * 32)
NUMBER = "99010119800520101X"


def test_a_number_is_sealed_anew_each_time_and_opened():
    first, second = ONE.seal(NUMBER), ONE.seal(NUMBER)
    assert first != second and NUMBER.encode() not in first
    assert ONE.open(first) == ONE.open(memoryview(second)) == NUMBER


def test_every_writing_has_one_index():
    assert ONE.index(NUMBER) == ONE.index(" 990101 19800520101x ") == ONE.index("９９０１０１１９８００５２０１０１Ｘ")
    assert ONE.index(NUMBER) != ONE.index(NUMBER[:-1] + "0") and len(ONE.index(NUMBER)) == 32
    assert ONE.index(NUMBER) != Cipher(b"a" * 32, b"c" * 32).index(NUMBER)


def test_another_key_or_a_damaged_seal_opens_nothing():
    sealed = ONE.seal(NUMBER)
    with pytest.raises(Unreadable):
        Cipher(b"x" * 32, b"b" * 32).open(sealed)
    for place in (0, 5, len(sealed) - 1):
        damaged = bytearray(sealed)
        damaged[place] ^= 1
        with pytest.raises(Unreadable):
            ONE.open(bytes(damaged))


def test_keys_have_32_bytes():
    with pytest.raises(ValueError, match="32 bytes"):
        Cipher(b"short", b"b" * 32)


def test_a_masked_number_tells_area_and_end_only():
    assert masked(NUMBER) == "990101**********1X" and masked("12345678") == "********"
