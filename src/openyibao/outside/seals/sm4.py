"""SM4 block cipher 分组密码 (GB/T 32907), ECB and CBC with PKCS#7 padding, by the `cryptography` library."""

import re

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB
from cryptography.hazmat.primitives.padding import PKCS7

BLOCK = 16      # bytes of a block and of a key


def key_of(text: str) -> bytes:
    """The 16 bytes of a key written as 32 hexadecimal digits or as 16 ASCII characters. Raises ValueError."""
    if re.fullmatch(r"[0-9A-Fa-f]{32}", text):
        return bytes.fromhex(text)
    if len(text) == BLOCK and text.isascii():
        return text.encode("ascii")
    raise ValueError("an SM4 key is 32 hexadecimal digits or 16 characters")


def encrypted(key: bytes, plain: bytes, iv: bytes | None = None) -> bytes:
    """The ciphertext 密文: ECB without `iv` (16 bytes), CBC with it; the IV is not put in front."""
    encryptor = Cipher(SM4(key), ECB() if iv is None else CBC(iv)).encryptor()
    padder = PKCS7(BLOCK * 8).padder()
    return encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()


def decrypted(key: bytes, cipher: bytes, iv: bytes | None = None) -> bytes:
    """The plaintext 明文. Raises ValueError when the length or the padding is wrong: another key, another mode, or changed bytes."""
    if not cipher or len(cipher) % BLOCK:
        raise ValueError(f"SM4 ciphertext is whole blocks of {BLOCK} bytes, this is {len(cipher)} bytes")
    decryptor = Cipher(SM4(key), ECB() if iv is None else CBC(iv)).decryptor()
    unpadder = PKCS7(BLOCK * 8).unpadder()
    return unpadder.update(decryptor.update(cipher) + decryptor.finalize()) + unpadder.finalize()
