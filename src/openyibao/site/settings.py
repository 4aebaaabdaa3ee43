"""Django's settings 站点配置. From the environment:

    DATABASE_URL            the database; without it the embedded one of the home folder, if there is one (`openyibao serve` starts it)
    OPENYIBAO_HOME          the home folder (`site/home.py`)
    OPENYIBAO_HOSTS         host names under which the site is reached, with commas; loopback names always are
    OPENYIBAO_..._KEY       keys (`site/secrets.py`)
    OPENYIBAO_LOG           debug, info (default), warning
"""

import os
from typing import Any

from django.utils.functional import lazy

from openyibao.outside import postgres
from openyibao.site import secrets
from openyibao.site.database import parsed
from openyibao.site.home import home


def _database() -> dict[str, Any]:
    """The database that is named or that was made before; none while a new home has not been started."""
    url = os.environ.get("DATABASE_URL", "")
    if not url and (home() / "db" / "port").exists():
        url = postgres.url_of(home() / "db")
    return parsed(url) if url else {"ENGINE": "django.db.backends.dummy"}


HOME = home()
"""The home folder."""

ROOMS = ("staff", "fund", "codes", "policydesk", "enrolment", "providers", "entitlement", "settlement")
"""The desks of the bureau, from the lowest: a room may use those before it."""

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.postgres",
    *(f"openyibao.bureau.{room}" for room in ROOMS),
]
AUTH_USER_MODEL = "staff.Officer"
DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CIPHER_KEYS = secrets.cipher_keys
"""A function: the keys of identity numbers, read when they are first needed. Lower floors reach them here."""

SECRET_KEY = lazy(secrets.secret_key, str)()
"""Read when it is first needed, so that a command that signs nothing makes no key."""

DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *filter(None, os.environ.get("OPENYIBAO_HOSTS", "").split(","))]
ROOT_URLCONF = "openyibao.site.urls"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
]
TEMPLATES: list[dict[str, Any]] = []
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]

USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
LANGUAGE_CODE = "zh-hans"

LOGGING_CONFIG = None
"""`site/logs.py` arranges logging for the server process; a command keeps Python's own."""
