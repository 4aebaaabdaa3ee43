"""Identity numbers 证件号码 at rest: sealed with AES-256-GCM and found again by a keyed index; a copy of the tables shows nobody's number.

A sealed number is one byte of form, 12 bytes of nonce, the ciphertext and its 16-byte tag; the same number sealed twice looks different.
The blind index is HMAC-SHA256 of the number as it is compared: without blanks, letters in upper case, so that `…00x` finds `…00X`.
"""

import hmac
import os
import unicodedata
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORM = b"\x01"
NONCE = 12


class Unreadable(ValueError):
    """A sealed number that this key does not open: another key sealed it, or the bytes are damaged."""


def compared(text: str) -> str:
    """A number as two writings of it are compared 归一: full-width signs narrowed, blanks gone, letters in upper case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


class Cipher:
    """Seals, opens and indexes identity numbers 证件号码加密. Both keys are 32 bytes; threads may share one."""

    def __init__(self, cipher_key: bytes, index_key: bytes) -> None:
        """cipher_key seals, index_key finds; they are different keys. Raises ValueError for keys of another length."""
        if len(cipher_key) != 32 or len(index_key) != 32:
            raise ValueError("both keys are 32 bytes")
        self._seal, self._index_key = AESGCM(cipher_key), index_key

    def seal(self, text: str) -> bytes:
        """The number sealed, for Person.certno_cipher; other bytes each time."""
        nonce = os.urandom(NONCE)
        return FORM + nonce + self._seal.encrypt(nonce, text.encode(), FORM)

    def open(self, sealed: bytes) -> str:
        """The number again. Raises Unreadable."""
        sealed = bytes(sealed)
        if sealed[:1] != FORM:
            raise Unreadable("not a sealed identity number")
        try:
            return self._seal.decrypt(sealed[1:1 + NONCE], sealed[1 + NONCE:], FORM).decode()
        except InvalidTag as wrong:
            raise Unreadable("this key did not seal the identity number; restore keys/ from its backup") from wrong

    def index(self, text: str) -> bytes:
        """The blind index 盲索引 of a number, 32 bytes; the same for every writing that is `compared` as equal."""
        return hmac.digest(self._index_key, compared(text).encode(), sha256)


def masked(certno: str) -> str:
    """A number for a page or a log 脱敏: the first six and the last two signs; one of eight signs or fewer shows nothing."""
    return certno[:6] + "*" * (len(certno) - 8) + certno[-2:] if len(certno) > 8 else "*" * len(certno)
