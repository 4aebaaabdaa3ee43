"""Account numbers of claimants 收款账号: sealed as identity numbers are (enrolment/cipher.py)."""

from django.conf import settings

from openyibao.bureau.enrolment.cipher import Cipher

TAIL = 4


def cipher() -> Cipher:
    """With this server's keys."""
    return Cipher(*settings.CIPHER_KEYS())


def seal(text: str) -> bytes:
    """A text sealed."""
    return cipher().seal(text)


def opened(sealed: bytes | None) -> str:
    """A text again; empty for none."""
    return cipher().open(bytes(sealed)) if sealed else ""


def tail(account: str) -> str:
    """What a list may show of an account."""
    return account[-TAIL:]
