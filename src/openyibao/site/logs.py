"""Logging of the server process 运行日志: one JSON object per line on standard error, with the trace id of the request.

Whoever answers a request binds its id once, `structlog.contextvars.bind_contextvars(trace=...)`, and every line of that request carries
it. No line carries a person: keys that hold personal data are left out, and identity numbers and the values of database rows are
blacked out wherever they stand, since texts of exceptions come from anywhere.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

PERSONAL = frozenset({
    "certno", "cert_no", "mdtrt_cert_no", "psn_name", "psn_cert_no", "name", "tel", "mob", "addr", "patn_name", "agnter_name",
    "agnter_certno", "agnter_tel", "agnter_addr", "card_sn", "brdy", "coner_name", "begndate_certno", "input", "body", "password", "cainfo",
})
"""Keys whose values are left out."""

NUMBER = re.compile(r"(?<!\d)\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)")
"""An identity number 公民身份号码: area, birth date, order, check digit; longer numbers, such as message ids, are not."""

ROW = re.compile(r"(\([^()]*\))=\([^()]*\)|(Failing row contains) \(.*?\)(?=[.\\\"]|$)")
"""PostgreSQL's `Key (certno)=(...)` and `Failing row contains (...)`."""

LEFT_OUT = "…"


def without_persons(text: str) -> str:
    """A text in which identity numbers and the values of rows are blacked out."""
    return NUMBER.sub(LEFT_OUT, ROW.sub(lambda found: f"{found[1]}=({LEFT_OUT})" if found[1] else f"{found[2]} ({LEFT_OUT})", text))


def configure(level: str = "info", stream: TextIO | None = None) -> None:
    """Arrange logging for this process: our own lines, uvicorn's and Django's alike. Replaces what was arranged before."""
    ours: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=False),
    ]
    structlog.configure(
        processors=[*ours, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*ours, structlog.stdlib.ExtraAdder()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _leave_out_persons,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
    ))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "django", "django.server"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True


def _leave_out_persons(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The last step before a line is written."""
    event.pop("color_message", None)        # uvicorn's line once more, for terminals
    cleaned: MutableMapping[str, Any] = _cleaned(event)
    return cleaned


def _cleaned(value: Any) -> Any:
    """A value, and whatever is in it, without personal data."""
    if isinstance(value, str):
        return without_persons(value)
    if isinstance(value, MutableMapping):
        return {key: LEFT_OUT if str(key).lower() in PERSONAL else _cleaned(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_cleaned(inner) for inner in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return without_persons(str(value))
