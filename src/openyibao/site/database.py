"""Django's DATABASES entry from an address 数据库连接."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SCHEMES = ("postgres", "postgresql")


def parsed(url: str) -> dict[str, Any]:
    """The entry for `postgresql://user:password@host:port/name?option=value`; other options go to the driver as they are.

    A host in the query (`?host=/a/folder`) is the folder of a unix socket. Raises ValueError, which does not repeat the password.
    """
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES:
        raise ValueError(f"DATABASE_URL: {parts.scheme or 'nothing'}:// is not served; write postgresql://user:password@host:port/name")
    options = dict(parse_qsl(parts.query))
    name = unquote(parts.path.lstrip("/")) or options.pop("dbname", "")
    if not name:
        raise ValueError("DATABASE_URL names no database: postgresql://user:password@host:port/name")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or options.pop("user", "")),
        "PASSWORD": unquote(parts.password or options.pop("password", "")),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(options.pop("port", "") or parts.port or ""),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,     # a restarted database is noticed before a request fails on it
        "OPTIONS": {"application_name": "openyibao", **options},
    }
