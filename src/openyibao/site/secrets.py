"""Keys 密钥: from the environment, or from files under the home folder; never in the database.

    name                    file             what it is
    OPENYIBAO_SECRET_KEY    keys/secret      signs sessions; a new one only signs everybody out
    OPENYIBAO_CIPHER_KEY    keys/cipher      32 bytes, hex: seals identity numbers 身份证件号码
    OPENYIBAO_INDEX_KEY     keys/index       32 bytes, hex: finds a sealed number again (blind index)

The files are drawn once, for a new home, and noted in `keys-made` beside the folder. Without the cipher key the identity numbers in the
database cannot be read by anybody, so a key that was there and is gone is an error and never replaced in silence.
"""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openyibao.site.home import home

KEY_BYTES = 32


class KeyProblem(Exception):
    """A key is missing, damaged, or not the one that this home was made with: the sentence in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        """Keep both sentences."""
        super().__init__(f"{zh} {en}")
        self.zh, self.en = zh, en


def secret_key() -> str:
    """Django's SECRET_KEY."""
    return os.environ.get("OPENYIBAO_SECRET_KEY") or _kept("secret").hex()


def cipher_keys() -> tuple[bytes, bytes]:
    """The key that seals identity numbers and the key of their blind index, 32 bytes each. Raises KeyProblem."""
    return person_cipher_key(), blind_index_key()


def person_cipher_key() -> bytes:
    """The key that seals identity numbers, 32 bytes. Raises KeyProblem."""
    return _given("OPENYIBAO_CIPHER_KEY") or _kept("cipher")


def blind_index_key() -> bytes:
    """The key of the blind index of identity numbers, 32 bytes. Raises KeyProblem."""
    return _given("OPENYIBAO_INDEX_KEY") or _kept("index")


def _given(name: str) -> bytes:
    """A key from the environment, or nothing."""
    text = os.environ.get(name, "")
    return _read(text, f"环境变量 {name}", f"the environment variable {name}") if text else b""


def _read(text: str, zh: str, en: str) -> bytes:
    """32 bytes from 64 hexadecimal digits."""
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyProblem(f"{zh} 不是 64 位十六进制密钥。", f"{en} is not a key of 64 hexadecimal digits.")
    return key


def _kept(name: str) -> bytes:
    """A key from its file, which is drawn if this home never had one."""
    known = _known(name)
    if not known:
        with _alone():
            known = _known(name) or _made(name)
    path = _file(name)
    if not path.exists():
        raise KeyProblem(
            f"密钥 {path} 不见了，库里的证件号码没有它就读不出。请从备份恢复 keys 目录；不要另造密钥。",
            f"The key {path} is gone, and identity numbers cannot be read without it. Restore keys/ from its backup.",
        )
    key = _key_in(path)
    if known != _mark(name, key):
        raise KeyProblem(
            f"密钥 {path} 不是本目录当初的那一把（见 {_note()}）。请从备份恢复。",
            f"The key {path} is not the one that this home was made with (see {_note()}). Restore it from its backup.",
        )
    return key


def _file(name: str) -> Path:
    """Where a key is kept."""
    return home() / "keys" / name


def _note() -> Path:
    """Where it is noted which keys this home was made with."""
    return home() / "keys-made"


def _known(name: str) -> str:
    """The mark of the key that this home was made with; empty if it never had one."""
    text = _note().read_text(encoding="ascii") if _note().exists() else ""
    return dict(line.split() for line in text.splitlines()).get(name, "")


def _mark(name: str, key: bytes) -> str:
    """What is noted of a key: enough to know it again, nothing to guess it by."""
    return hashlib.sha256(b"openyibao " + name.encode() + key).hexdigest()[:16]


def _key_in(path: Path) -> bytes:
    """The key in a file."""
    return _read(path.read_text(encoding="ascii"), f"密钥文件 {path}", f"the key file {path}")


def _made(name: str) -> str:
    """Draw a key unless its file stands already, and note it; its mark. For who is alone."""
    path = _file(name)
    if not path.exists():
        part = path.with_name(f"{path.name}.part")
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    mark = _mark(name, _key_in(path))
    with _note().open("a", encoding="ascii") as file:
        file.write(f"{name} {mark}\n")
    return mark


@contextmanager
def _alone() -> Iterator[None]:
    """One thread of one process at a time: a new home's first requests come together, and each would draw a key of its own."""
    folder = home() / "keys"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    door = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield
    finally:
        os.close(door)
