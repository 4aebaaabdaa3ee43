"""Signing in 登录: throttling, the second factor, when a session ends. Pages ask; what counts as too often stands here.

A login or an address that was wrong too often waits; the wait doubles, so that nobody is locked out for good by somebody else's tries.
Codes follow RFC 6238; a code is taken once.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

import pyotp
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.crypto import salted_hmac

from openyibao.bureau.staff.models import Officer, SignIn

FREE = 5
"""Wrong tries before one has to wait."""
WAIT = timedelta(seconds=30)
LONGEST = timedelta(minutes=15)
WINDOW = timedelta(hours=1)
ADDRESS_FREE = 50
"""Wrong tries of one address: a hospital's windows share one."""
STEP = 30
"""Seconds of a code."""
DRIFT = 1
"""Steps before and after that are taken too."""
IDLE = timedelta(minutes=30)
WHOLE = timedelta(hours=10)
"""A session ends after so long without a request, and in any case after a working day."""
FRESH = timedelta(minutes=15)
"""How long a look's purpose, once given for a person, holds for the same officer."""

BEGAN, SEEN, FACTOR, SECRET = "began", "seen", "factor", "new-secret"
"""What a session keeps: when it began, when it was last used, whether the second factor was shown, a factor that is being set up."""


class Wait(NamedTuple):
    """Whether a try may be made now; `seconds` until it may."""

    seconds: int


def wait_of(login: str, address: str, now: datetime) -> Wait:
    """How long this login from this address has to wait 登录节流, 0 = not at all."""
    return Wait(max(waiting(wrong("login", login, now), FREE, now), waiting(wrong("address", address, now), ADDRESS_FREE, now)))


def wrong(field: str, value: str, now: datetime) -> list[datetime]:
    """The wrong tries of the last hour since the last right one, newest first."""
    found = []
    rows = SignIn.objects.filter(**{field: value}, at__gt=now - WINDOW).order_by("-at", "-id").values_list("at", "outcome")
    for at, outcome in rows[:200]:
        if outcome == "in" and field == "login":
            break
        if outcome in ("wrong", "factor"):
            found.append(at)
    return found


def waiting(tries: list[datetime], free: int, now: datetime) -> int:
    """Seconds still to wait after so many wrong tries: none up to `free`, then WAIT, doubled with each further one."""
    over = len(tries) - free
    if over < 0 or not tries:
        return 0
    length = min(WAIT * 2 ** min(over, 10), LONGEST)
    return max(int((tries[0] + length - now).total_seconds()) + 1, 0) if tries[0] + length > now else 0


def noted(*, login: str, address: str, outcome: str, at: datetime) -> None:
    """Write a try down."""
    SignIn.objects.create(login=login[:60], address=address[:45], outcome=outcome, at=at)


def must_change(officer: Officer) -> bool:
    """Whether the password is one for a single use, to be changed before anything else."""
    return officer.password_at is None and not officer.demo


# ---- the second factor ----


def new_secret() -> str:
    """A secret to be shown once, as a QR code and in letters."""
    return str(pyotp.random_base32())


def address_of(secret: str, login: str, issuer: str) -> str:
    """The otpauth address that an authenticator reads."""
    return str(pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=login, issuer_name=issuer))


def keep_secret(officer: Officer, secret: str) -> None:
    """Seal the secret into the officer's row."""
    nonce = salted_hmac("openyibao.factor.nonce", f"{officer.pk}:{secret}", algorithm="sha256").digest()[:12]
    officer.factor = nonce + AESGCM(factor_key()).encrypt(nonce, secret.encode(), str(officer.pk).encode())
    officer.factor_used = 0
    officer.save(update_fields=["factor", "factor_used"])


def secret_of(officer: Officer) -> str:
    """The officer's secret; empty without one."""
    sealed = bytes(officer.factor or b"")
    return AESGCM(factor_key()).decrypt(sealed[:12], sealed[12:], str(officer.pk).encode()).decode() if sealed else ""


def factor_key() -> bytes:
    """The key of the secrets, drawn from the server's own."""
    return salted_hmac("openyibao.factor", settings.SECRET_KEY, algorithm="sha256").digest()


def is_code(officer: Officer, code: str, now: datetime) -> bool:
    """Whether a six-digit code is right now and was not used before; a right one is used up."""
    secret, digits = secret_of(officer), code.strip().replace(" ", "")
    if not secret or len(digits) != 6:
        return False
    step = int(now.timestamp()) // STEP
    for place in range(step - DRIFT, step + DRIFT + 1):
        if place > officer.factor_used and pyotp.TOTP(secret, interval=STEP).at(place * STEP) == digits:
            taken = Officer.objects.filter(pk=officer.pk, factor_used__lt=place).update(factor_used=place)
            return taken == 1
    return False


def proves(secret: str, code: str, now: datetime) -> bool:
    """Whether a code shows that the secret is in the officer's hands."""
    return bool(pyotp.TOTP(secret, interval=STEP).verify(code.strip().replace(" ", ""), for_time=now, valid_window=DRIFT))
