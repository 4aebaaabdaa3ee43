"""Django's settings 站点配置. From the environment:

    DATABASE_URL            the database; without it the embedded one of the home folder, if there is one (`openyibao serve` starts it)
    OPENYIBAO_HOME          the home folder (`site/home.py`)
    OPENYIBAO_HOSTS         host names under which the site is reached, with commas; loopback names always are
    OPENYIBAO_..._KEY       keys (`site/secrets.py`)
    OPENYIBAO_LOG           debug, info (default), warning
    OPENYIBAO_CITY          the city whose pages are shown first, such as jishou (its folder below policies/)
    OPENYIBAO_DEMO          1: the accounts of the demo may sign in; never on a server with anybody's data
    OPENYIBAO_HTTPS         0: cookies go over plain HTTP too; the default for loopback names alone
    OPENYIBAO_PROXY         1: a proxy stands before the server and says who asks (X-Forwarded-For, X-Forwarded-Proto)
"""

import os
from pathlib import Path
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

ROOMS = (
    "staff", "fund", "codes", "policydesk", "enrolment", "providers", "entitlement", "settlement", "statement", "claims", "policymaking",
    "simulation", "planning", "monitoring", "frontdesk",
)
"""The desks of the bureau, from the lowest: a room may use those before it."""

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "openyibao.bureau.pages",
    "openyibao.site",
    *(f"openyibao.bureau.{room}" for room in ROOMS),
    "openyibao.gateway.window",
    "procrastinate.contrib.django",
]
AUTH_USER_MODEL = "staff.Officer"
DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CIPHER_KEYS = secrets.cipher_keys
"""A function: the keys of identity numbers, read when they are first needed. Lower floors reach them here."""

SECRET_KEY = lazy(secrets.secret_key, str)()
"""Read when it is first needed, so that a command that signs nothing makes no key."""

DEBUG = False
DEMO = os.environ.get("OPENYIBAO_DEMO", "") == "1"
"""Demo mode: invented people, accounts whose password everybody knows."""
CITY = os.environ.get("OPENYIBAO_CITY", "jishou")
"""The city whose pages are shown where nothing else says one: its folder below policies/."""
BEHIND_PROXY = os.environ.get("OPENYIBAO_PROXY", "") == "1"
HOSTS = [*filter(None, os.environ.get("OPENYIBAO_HOSTS", "").split(","))]
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *HOSTS]
ROOT_URLCONF = "openyibao.site.urls"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "openyibao.site.static_files.StaticFiles",
    "openyibao.site.headers.policed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "openyibao.site.signed.signed",
]
TEMPLATES: list[dict[str, Any]] = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "OPTIONS": {"context_processors": [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
        "openyibao.site.signed.frame",
    ]},
}]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("login", "name")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# --- sessions, cookies, transport -----------------------------------------------------------------------------------

HTTPS = os.environ.get("OPENYIBAO_HTTPS", "1" if HOSTS else "0") == "1"
"""Off where only loopback names are served: a demo on one's own machine."""
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 36_000
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz", r"^metrics"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
LOGIN_URL = "sign-in"
MESSAGE_TAGS = {40: "danger"}
"""Django calls it an error, the style sheet a danger."""

# --- static files: ours and those of frontend/, served from here ----------------------------------------------------

VENDOR = Path(__file__).resolve().parents[1] / "_vendor"
STATIC_URL = "static/"
STATICFILES_DIRS = [place for place in (VENDOR,) if place.is_dir()]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3_600

USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [Path(__file__).with_name("locale")]

LOGGING_CONFIG = None
"""`site/logs.py` arranges logging for the server process; a command keeps Python's own."""
