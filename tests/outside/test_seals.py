"""The seals against the worked examples of the published standards, against each other, and under threads."""

import base64
import ctypes
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openyibao.outside.seals import openssl, sm2, sm4
from openyibao.outside.seals.digests import hmac_sha1_base64, sha256_hex, sm3

# GB/T 32918.5, example with the curve now in use and the default user id
SCALAR = "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8"
POINT = (
    "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
MESSAGE = b"message digest"
SIGNATURE = (
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)
CIPHER = (
    "0404EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73"
    "E858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0"
    "59983C18F809E262923C53AEC295D30383B54E39D609D160AFCB1908D0BD8766"
    "21886CA989CA9C7D58087307CA93092D651EFA"
)
KEY = sm2.private_key(SCALAR)
BLOCK = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")


def test_sm3_of_abc_is_the_standards():
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3(b"abcd" * 16).hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


def test_sm4_block_is_the_standards():
    assert sm4.encrypted(BLOCK, BLOCK)[:16].hex() == "681edf34d206965e86b3e94f536e4246"


def test_sha256_and_hmac_sha1_are_the_published_ones():
    assert sha256_hex(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert base64.b64decode(hmac_sha1_base64(b"Jefe", b"what do ya want for nothing?")).hex() == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"


@given(st.binary(max_size=200), st.binary(min_size=16, max_size=16), st.one_of(st.none(), st.binary(min_size=16, max_size=16)))
def test_sm4_opens_what_it_closed(plain, key, iv):
    cipher = sm4.encrypted(key, plain, iv)
    assert len(cipher) == (len(plain) // 16 + 1) * 16
    assert sm4.decrypted(key, cipher, iv) == plain


@pytest.mark.parametrize("cipher", [b"", b"x" * 15, b"x" * 16, sm4.encrypted(BLOCK, b"1234")[:-1] + b"\0"])
def test_sm4_refuses_what_it_did_not_close(cipher):
    with pytest.raises(ValueError, match=r"SM4|[Pp]adding"):
        sm4.decrypted(BLOCK, cipher)


def test_sm4_keys_are_hexadecimal_or_characters():
    assert sm4.key_of("0123456789abcdeffedcba9876543210") == BLOCK
    assert sm4.key_of("1234567890abcdef") == b"1234567890abcdef"
    for wrong in ("", "123", "g" * 32, "中" * 16):
        with pytest.raises(ValueError, match="SM4 key"):
            sm4.key_of(wrong)


def test_sm2_public_key_follows_from_the_private_one():
    assert KEY.public.point.hex().upper() == POINT


def test_sm2_verifies_the_standards_signature():
    raw = bytes.fromhex(SIGNATURE)
    assert KEY.public.verifies(MESSAGE, raw)
    assert KEY.public.verifies(MESSAGE, sm2.der_of_raw(raw))
    assert sm2.raw_of_der(sm2.der_of_raw(raw)) == raw


@pytest.mark.parametrize(
    ("message", "signature", "user_id"),
    [
        (b"message digesT", bytes.fromhex(SIGNATURE), sm2.USER_ID),
        (MESSAGE, bytes.fromhex(SIGNATURE)[::-1], sm2.USER_ID),
        (MESSAGE, bytes.fromhex(SIGNATURE), b"another user"),
        (MESSAGE, b"", sm2.USER_ID),
        (MESSAGE, b"0" * 63, sm2.USER_ID),
        (MESSAGE, bytes(64), sm2.USER_ID),
    ],
)
def test_sm2_refuses_another_message_signature_or_user(message, signature, user_id):
    assert not KEY.public.verifies(message, signature, user_id)


def test_another_key_does_not_verify():
    other = sm2.new_private_key()
    signature = other.signed(MESSAGE)
    assert other.public.verifies(MESSAGE, signature)
    assert not KEY.public.verifies(MESSAGE, signature)


@given(st.binary(max_size=300), st.binary(max_size=40))
def test_sm2_verifies_what_it_signed_in_both_forms(message, user_id):
    der = KEY.signed(message, user_id)
    assert KEY.public.verifies(message, der, user_id)
    assert KEY.public.verifies(message, sm2.raw_of_der(der), user_id)
    assert not KEY.public.verifies(message + b"1", der, user_id)


def test_sm2_opens_the_standards_ciphertext():
    assert KEY.decrypted(bytes.fromhex(CIPHER)) == b"encryption standard"
    assert KEY.decrypted(bytes.fromhex(CIPHER)[1:]) == b"encryption standard"      # without the 04, though x begins with 04


@pytest.mark.parametrize("size", [1, 31, 32, 33, 128, 4000])
def test_sm2_opens_what_it_closed(size):
    plain = os.urandom(size)
    cipher = KEY.public.encrypted(plain)
    assert len(cipher) == size + 97
    assert KEY.decrypted(cipher) == plain
    with pytest.raises(ValueError, match="SM2"):
        KEY.decrypted(cipher[:-1] + bytes([cipher[-1] ^ 1]))


def test_a_key_may_be_written_in_several_ways():
    point = bytes.fromhex(POINT)
    der = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200") + point
    for text in (POINT, POINT[2:].lower(), *(base64.b64encode(raw).decode() for raw in (point, point[1:], der))):
        assert sm2.public_key(text).point == point
    for text in (SCALAR, "00" + SCALAR, base64.b64encode(bytes.fromhex(SCALAR)).decode()):
        assert sm2.private_key(text).public.point == point


@pytest.mark.parametrize("text", ["", "zz", POINT[:-2], POINT[:-2] + "14", "05" + POINT[2:]])
def test_what_is_no_public_key_is_refused(text):
    with pytest.raises(sm2.BadKey):
        sm2.public_key(text)


@pytest.mark.parametrize("text", ["", "00" * 32, "FF" * 32, SCALAR[2:]])
def test_what_is_no_private_key_is_refused(text):
    with pytest.raises(sm2.BadKey):
        sm2.private_key(text)


def test_a_private_key_does_not_show_itself():
    assert SCALAR.lower() not in repr(KEY).lower()


def test_threads_sign_and_verify_at_once():
    def both(number: int) -> bool:
        message = b"%d" % number
        return KEY.public.verifies(message, KEY.signed(message)) and not KEY.public.verifies(b"-", KEY.signed(message))

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(both, range(200)))


def test_failures_leave_nothing_in_the_threads_error_queue():
    queue = openssl.library().ERR_peek_error
    queue.restype = ctypes.c_ulong
    KEY.public.verifies(MESSAGE, b"0" * 63)
    with pytest.raises(sm2.BadKey):
        sm2.PublicKey(bytes.fromhex(POINT)[:-1] + b"\x14")
    with pytest.raises(ValueError, match="SM2"):
        KEY.decrypted(bytes.fromhex(CIPHER)[:-1] + b"\0")
    assert queue() == 0


def test_every_object_of_openssl_is_freed(monkeypatch):
    counts: dict[str, int] = {}
    real = openssl.library()

    class Counting:
        def __getattr__(self, name):
            function = getattr(real, name)
            if not name.endswith(("_new", "_free", "PUBKEY", "PrivateKey")):
                return function

            def counted(*arguments):
                result = function(*arguments)
                if name.startswith("i2d") or (not name.endswith("_free") and not result):
                    return result
                counts[name] = counts.get(name, 0) + 1
                return result
            return counted

    monkeypatch.setattr(sm2, "library", Counting)
    key = sm2.PrivateKey(bytes.fromhex(SCALAR))
    key.public.verifies(MESSAGE, key.signed(MESSAGE))
    key.public.verifies(MESSAGE, b"0" * 63)
    key.decrypted(key.public.encrypted(b"1"))
    with pytest.raises(ValueError, match="SM2"):
        key.decrypted(b"1" * 120)
    del key
    assert counts["EVP_MD_CTX_new"] == counts["EVP_MD_CTX_free"] == 3
    assert counts["EVP_PKEY_CTX_new"] == counts["EVP_PKEY_CTX_free"]
    assert counts["EVP_PKEY_free"] == counts["d2i_PUBKEY"] + counts["d2i_AutoPrivateKey"] == 2


def test_a_missing_library_says_what_was_tried_and_what_to_set(monkeypatch):
    monkeypatch.setenv(openssl.SETTING, "no-such-libcrypto.so")
    openssl.library.cache_clear()
    try:
        with pytest.raises(openssl.SealMissing, match=r"set OPENYIBAO_LIBCRYPTO.*no-such-libcrypto\.so"):
            openssl.library()
    finally:
        openssl.library.cache_clear()


def test_each_place_where_the_library_may_be_is_looked_at(monkeypatch):
    monkeypatch.delenv(openssl.SETTING, raising=False)
    found = list(openssl.candidates())
    assert "libcrypto.so.3" in found
