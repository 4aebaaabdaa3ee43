"""SM2 elliptic-curve signatures and encryption 椭圆曲线公钥密码 (GB/T 32918), with SM3 and a user id, by OpenSSL 3.

A key is made once and kept: `public_key` and `private_key` remember what they were given. Signatures are made and read in both forms met on
the wire: DER (a sequence of r and s) and raw (r and s of 32 bytes each). Ciphertexts are C1 C3 C2 with the 04 in front, as the standard
now has it.
"""

import base64
import binascii
import ctypes
import re
import secrets
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from openyibao.outside.seals.openssl import library

USER_ID = b"1234567812345678"       # 默认用户标识, for whoever agreed on no other
SIDE = 32                           # bytes of a coordinate, of r and of s
ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_CURVE = bytes.fromhex("301306072a8648ce3d020106082a811ccf5501822d")
_PUBLIC_HEAD = bytes.fromhex("3059") + _CURVE + bytes.fromhex("034200")
_PRIVATE_HEAD = bytes.fromhex("3041020100") + _CURVE + bytes.fromhex("042730250201010420")


class BadKey(ValueError):
    """Not a key of the SM2 curve 密钥有误."""


class PublicKey:
    """A public key 公钥: verifies and encrypts. `point` is 04, x, y: 65 bytes."""

    def __init__(self, point: bytes) -> None:
        """point: 65 bytes beginning with 04, or 64 without it. Raises BadKey when it is not on the curve."""
        if len(point) == 2 * SIDE:
            point = b"\x04" + point
        if len(point) != 2 * SIDE + 1 or point[0] != 4:
            raise BadKey("an SM2 public key is 04, x and y: 65 bytes")
        self.point = point
        self._key = _loaded(self, "d2i_PUBKEY", _PUBLIC_HEAD + point)

    def verifies(self, message: bytes, signature: bytes, user_id: bytes = USER_ID) -> bool:
        """Whether the signature 签名 (DER or raw, told apart by shape) was made over this message under this user id."""
        der = der_of_raw(signature) if len(signature) == 2 * SIDE else signature
        crypto = library()
        with _digest_context(self._key, user_id) as context:
            if crypto.EVP_DigestVerifyInit(context, None, crypto.EVP_sm3(), None, self._key) != 1:
                raise _failed("verify")
            good: bool = crypto.EVP_DigestVerify(context, der, len(der), message, len(message)) == 1
        if not good:
            crypto.ERR_clear_error()        # the queue belongs to the thread: TLS would take what is left in it for its own
        return good

    def encrypted(self, plain: bytes) -> bytes:
        """The ciphertext 密文 C1 C3 C2 of 1 or more bytes: 97 bytes longer than the plaintext."""
        if not plain:
            raise ValueError("SM2 encrypts at least one byte")
        c1x, c1y, c3, c2 = _items(_transformed(self._key, "encrypt", plain))
        return b"\x04" + _side(c1x) + _side(c1y) + c3 + c2


class PrivateKey:
    """A private key 私钥: signs and decrypts; `public` is its public half."""

    def __init__(self, scalar: bytes) -> None:
        """scalar: 32 bytes, big-endian, 1 <= d <= n-2. Raises BadKey."""
        if len(scalar) != SIDE or not 1 <= int.from_bytes(scalar) <= ORDER - 2:
            raise BadKey("an SM2 private key is 32 bytes, from 1 to the order of the curve less 2")
        self._key = _loaded(self, "d2i_AutoPrivateKey", _PRIVATE_HEAD + scalar)
        self._scalar = scalar
        self.public = PublicKey(_point_of(self._key))

    def signed(self, message: bytes, user_id: bytes = USER_ID) -> bytes:
        """The signature 签名 in DER, 70 to 72 bytes; another one each time, as k is drawn anew."""
        crypto = library()
        with _digest_context(self._key, user_id) as context:
            if crypto.EVP_DigestSignInit(context, None, crypto.EVP_sm3(), None, self._key) != 1:
                raise _failed("sign")
            room = ctypes.create_string_buffer(80)
            size = ctypes.c_size_t(len(room))
            if crypto.EVP_DigestSign(context, room, ctypes.byref(size), message, len(message)) != 1:
                raise _failed("sign")
        return room.raw[: size.value]

    def decrypted(self, cipher: bytes) -> bytes:
        """The plaintext 明文 of a ciphertext C1 C3 C2, with or without the 04 in front. Raises ValueError."""
        if cipher[:1] == b"\x04" and len(cipher) > 3 * SIDE + 1:
            try:
                return self._opened(cipher[1:])
            except ValueError:      # a coordinate may begin with 04 too, in a ciphertext that comes without the mark
                return self._opened(cipher)
        return self._opened(cipher)

    def _opened(self, body: bytes) -> bytes:
        if len(body) <= 3 * SIDE:
            raise ValueError("an SM2 ciphertext is longer than 96 bytes")
        parts = (_integer(body[:SIDE]), _integer(body[SIDE:2 * SIDE]), _octets(body[2 * SIDE:3 * SIDE]), _octets(body[3 * SIDE:]))
        return _transformed(self._key, "decrypt", _wrapped(0x30, b"".join(parts)))

    def hex(self) -> str:
        """The scalar in hexadecimal 十六进制, for a key file. Secret."""
        return self._scalar.hex()

    def __repr__(self) -> str:
        return f"PrivateKey(of {self.public.point.hex()[:18]}…)"


def new_private_key() -> PrivateKey:
    """A new key pair 密钥对, from the system's source of randomness."""
    return PrivateKey((secrets.randbelow(ORDER - 2) + 1).to_bytes(SIDE))


@lru_cache(maxsize=1024)
def public_key(text: str) -> PublicKey:
    """The public key written in hexadecimal or Base64, with or without its 04, or as a SubjectPublicKeyInfo. Raises BadKey."""
    raw = _bytes_of(text)
    return PublicKey(raw[len(_PUBLIC_HEAD):] if raw.startswith(_PUBLIC_HEAD) else raw)


@lru_cache(maxsize=64)
def private_key(text: str) -> PrivateKey:
    """The private key written in hexadecimal or Base64: 32 bytes, or 33 with the leading 00 that some programs add. Raises BadKey."""
    raw = _bytes_of(text)
    return PrivateKey(raw[1:] if len(raw) == SIDE + 1 and raw[0] == 0 else raw)


def signature_of(text: str) -> bytes:
    """The bytes of a signature written in hexadecimal or Base64, DER or raw. Raises ValueError."""
    return _bytes_of(text)


def raw_of_der(der: bytes) -> bytes:
    """A signature as r and s of 32 bytes each, from DER. Raises ValueError."""
    parts = _items(der)
    if len(parts) != 2:
        raise ValueError("an SM2 signature is r and s")
    return _side(parts[0]) + _side(parts[1])


def der_of_raw(raw: bytes) -> bytes:
    """A signature in DER, from r and s of 32 bytes each."""
    return _wrapped(0x30, _integer(raw[:SIDE]) + _integer(raw[SIDE:]))


# --- OpenSSL's objects -----------------------------------------------------------------------------------------------


def _loaded(owner: object, reader: str, der: bytes) -> int:
    """OpenSSL's key read from DER, freed when its owner goes. Raises BadKey."""
    crypto = library()
    key: int | None = getattr(crypto, reader)(None, ctypes.byref(ctypes.c_char_p(der)), len(der))
    if not key:
        crypto.ERR_clear_error()
        raise BadKey("not a point of the SM2 curve")
    free: Callable[[int], None] = crypto.EVP_PKEY_free
    weakref.finalize(owner, free, key).atexit = False      # at exit the process's memory goes anyway, and OpenSSL may be gone before
    return key


def _point_of(key: int) -> bytes:
    """The public point of a key: the last 65 bytes of its SubjectPublicKeyInfo."""
    crypto = library()
    room = (ctypes.c_ubyte * 256)()
    end = ctypes.cast(room, ctypes.POINTER(ctypes.c_ubyte))
    size = crypto.i2d_PUBKEY(key, ctypes.byref(end))
    if size != len(_PUBLIC_HEAD) + 2 * SIDE + 1:
        raise _failed("read the public half")
    return bytes(room[:size])[-2 * SIDE - 1:]


@contextmanager
def _digest_context(key: int, user_id: bytes) -> Iterator[int]:
    """A digest context with the user id set, freed at the end."""
    crypto = library()
    outer = crypto.EVP_MD_CTX_new()
    inner = crypto.EVP_PKEY_CTX_new(key, None)
    try:
        if not outer or not inner or crypto.EVP_PKEY_CTX_set1_id(inner, user_id, len(user_id)) != 1:
            raise _failed("set the user id")
        crypto.EVP_MD_CTX_set_pkey_ctx(outer, inner)
        yield outer
    finally:
        crypto.EVP_MD_CTX_free(outer)
        crypto.EVP_PKEY_CTX_free(inner)


def _transformed(key: int, way: str, data: bytes) -> bytes:
    """What EVP_PKEY_encrypt or EVP_PKEY_decrypt makes of the data. Raises ValueError when it does not open."""
    crypto = library()
    context = crypto.EVP_PKEY_CTX_new(key, None)
    try:
        act = getattr(crypto, f"EVP_PKEY_{way}")
        size = ctypes.c_size_t()
        if getattr(crypto, f"EVP_PKEY_{way}_init")(context) != 1 or act(context, None, ctypes.byref(size), data, len(data)) != 1:
            raise _failed(way)
        room = ctypes.create_string_buffer(size.value)
        if act(context, room, ctypes.byref(size), data, len(data)) != 1:
            raise _failed(way)
        return room.raw[: size.value]
    finally:
        crypto.EVP_PKEY_CTX_free(context)


def _failed(act: str) -> ValueError:
    """The error to raise when OpenSSL refuses; its queue of errors is emptied."""
    library().ERR_clear_error()
    return ValueError(f"SM2: could not {act}")


# --- text and DER ----------------------------------------------------------------------------------------------------


def _bytes_of(text: str) -> bytes:
    """Bytes written in hexadecimal or Base64. Raises BadKey."""
    text = "".join(text.split())
    if re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", text) and len(text) >= 2 * SIDE:
        return bytes.fromhex(text)
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as wrong:
        raise BadKey(f"neither hexadecimal nor Base64: {wrong}") from wrong


def _wrapped(tag: int, content: bytes) -> bytes:
    size = len(content)
    head = bytes([size]) if size < 0x80 else bytes([0x80 + (size.bit_length() + 7) // 8]) + size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag]) + head + content


def _integer(big_endian: bytes) -> bytes:
    content = big_endian.lstrip(b"\x00") or b"\x00"
    return _wrapped(0x02, b"\x00" + content if content[0] & 0x80 else content)


def _octets(content: bytes) -> bytes:
    return _wrapped(0x04, content)


def _side(integer: bytes) -> bytes:
    """An integer of DER as 32 bytes."""
    content = integer.lstrip(b"\x00")
    if len(content) > SIDE:
        raise ValueError("longer than a coordinate")
    return content.rjust(SIDE, b"\x00")


def _element(data: bytes, at: int) -> tuple[bytes, int]:
    """The content of the DER element at a place, and where the next one begins."""
    size, start = data[at + 1], at + 2
    if size & 0x80:
        count = size & 0x7F
        size, start = int.from_bytes(data[start:start + count]), start + count
    if start + size > len(data):
        raise ValueError("DER ends too early")
    return data[start:start + size], start + size


def _items(der: bytes) -> list[bytes]:
    """The contents of the elements of a DER sequence. Raises ValueError."""
    try:
        content, end = _element(der, 0)
        if der[0] != 0x30 or end != len(der):
            raise ValueError("not a DER sequence")
        found, at = [], 0
        while at < len(content):
            item, at = _element(content, at)
            found.append(item)
    except IndexError as wrong:
        raise ValueError("DER ends too early") from wrong
    return found
