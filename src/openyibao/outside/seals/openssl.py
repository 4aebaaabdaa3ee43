"""Finding OpenSSL 3 密码库: `cryptography` has no SM2, so the signature itself is asked of libcrypto through ctypes.

Nothing is loaded until a seal is first needed. Every call goes out without Python's lock held, and every object of OpenSSL that is made for
one operation is freed at its end, so that threads may sign and verify at once.
"""

import ctypes
import ctypes.util
import hashlib  # loads the libcrypto that Python itself is linked with, so that it stands among the mapped files below
import os
import re
import site
import sys
from collections.abc import Iterator
from ctypes import POINTER, c_char_p, c_int, c_long, c_size_t, c_ubyte, c_ulong, c_void_p
from functools import cache
from pathlib import Path

OLDEST = 0x30000000
SETTING = "OPENYIBAO_LIBCRYPTO"
_NAMES = ("libcrypto.so.3", "libcrypto.3.dylib", "libcrypto-3-x64.dll", "libcrypto-3.dll", "libcrypto.so")
_TEXT, _SIZE, _DER = c_char_p, c_size_t, POINTER(c_char_p)
_SIGNATURES: dict[str, tuple[object, list[object]]] = {
    "OpenSSL_version_num": (c_ulong, []),
    "ERR_clear_error": (None, []),
    "d2i_AutoPrivateKey": (c_void_p, [c_void_p, _DER, c_long]),
    "d2i_PUBKEY": (c_void_p, [c_void_p, _DER, c_long]),
    "i2d_PUBKEY": (c_int, [c_void_p, POINTER(POINTER(c_ubyte))]),
    "EVP_PKEY_free": (None, [c_void_p]),
    "EVP_PKEY_CTX_new": (c_void_p, [c_void_p, c_void_p]),
    "EVP_PKEY_CTX_free": (None, [c_void_p]),
    "EVP_PKEY_CTX_set1_id": (c_int, [c_void_p, _TEXT, c_int]),
    "EVP_MD_CTX_new": (c_void_p, []),
    "EVP_MD_CTX_free": (None, [c_void_p]),
    "EVP_MD_CTX_set_pkey_ctx": (None, [c_void_p, c_void_p]),
    "EVP_sm3": (c_void_p, []),
    "EVP_DigestSignInit": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p]),
    "EVP_DigestSign": (c_int, [c_void_p, _TEXT, POINTER(_SIZE), _TEXT, _SIZE]),
    "EVP_DigestVerifyInit": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p]),
    "EVP_DigestVerify": (c_int, [c_void_p, _TEXT, _SIZE, _TEXT, _SIZE]),
    "EVP_PKEY_encrypt_init": (c_int, [c_void_p]),
    "EVP_PKEY_encrypt": (c_int, [c_void_p, _TEXT, POINTER(_SIZE), _TEXT, _SIZE]),
    "EVP_PKEY_decrypt_init": (c_int, [c_void_p]),
    "EVP_PKEY_decrypt": (c_int, [c_void_p, _TEXT, POINTER(_SIZE), _TEXT, _SIZE]),
}


class SealMissing(RuntimeError):
    """No libcrypto with SM2 国密算法库 was found; the text says what was tried and how to name one."""


def candidates() -> Iterator[str]:
    """Where libcrypto may be, best first: the one named by OPENYIBAO_LIBCRYPTO, the one Python is linked with, the system's, a wheel's."""
    if named := os.environ.get(SETTING):
        yield named
        return
    hashlib.new("sha256")
    mapped = Path("/proc/self/maps")
    if mapped.exists():
        yield from dict.fromkeys(re.findall(r"\S*/libcrypto[^/\s]*\.so\S*", mapped.read_text(encoding="utf-8", errors="replace")))
    if found := ctypes.util.find_library("crypto"):
        yield found
    for name in _NAMES:
        yield name
        beside = Path(sys.base_prefix) / "lib" / name
        if beside.exists():
            yield str(beside)
    for folder in site.getsitepackages():       # a driver's wheel may bring its own, as psycopg's does
        yield from map(str, sorted(Path(folder).glob("*.libs/libcrypto*.so.3")))


@cache
def library() -> ctypes.CDLL:
    """libcrypto of OpenSSL 3 or later, its functions typed. Raises SealMissing."""
    tried = []
    for candidate in candidates():
        try:
            return _typed(ctypes.CDLL(candidate))
        except (OSError, AttributeError, SealMissing) as wrong:
            tried.append(f"{candidate}: {wrong}")
    raise SealMissing(f"SM2 needs libcrypto of OpenSSL 3; set {SETTING} to its file. Tried: " + "; ".join(tried))


def _typed(found: ctypes.CDLL) -> ctypes.CDLL:
    """The library with argument and result types set, without which ctypes would cut pointers to 32 bits."""
    for name, (result, arguments) in _SIGNATURES.items():
        function = getattr(found, name)
        function.restype, function.argtypes = result, arguments
    if (version := found.OpenSSL_version_num()) < OLDEST:
        raise SealMissing(f"version {version:#x} is older than OpenSSL 3")
    if not found.EVP_sm3():
        raise SealMissing("built without SM3")
    return found
