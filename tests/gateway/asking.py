"""A message as the door hands it to its handler, and what comes back at the wire, without the door around it."""

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from django.db import transaction

from openyibao.gateway.channels import Channel
from openyibao.gateway.describe import described
from openyibao.gateway.envelope import Envelope
from openyibao.gateway.handling import Desk, Handler, Request
from openyibao.gateway.messages.files import File
from openyibao.gateway.validate import checked, refusing
from openyibao.gateway.values import SHANGHAI
from openyibao.gateway.wire import typed_output

HOSPITAL, PHARMACY = "H42100099001", "P42100099001"
NOW = datetime(2026, 3, 10, 9, 30, tzinfo=SHANGHAI)


class NotAccepted(AssertionError):
    """The form of a message was refused before any handler saw it."""


def ask(
    handlers: dict[str, Handler], infno: str, sent: Any, *, institution: str = HOSPITAL, at: datetime = NOW, files: Path | None = None
) -> Any:
    """The reply's output to a message, as a program reads it from JSON; a File as it is."""
    message = described(infno)
    content, problems = checked(message, sent)
    if refusing(problems):
        raise NotAccepted("; ".join(problem.sentence() for problem in refusing(problems)))
    said = {"infno": infno, "fixmedins_code": institution, "mdtrtarea_admvs": "421002"}
    envelope = Envelope(**{**dict.fromkeys(Envelope._fields, ""), **said})
    request = Request(infno, envelope, Channel("test"), institution, content, at, at.date(), "1" * 30, b"", "trace")
    desk = Desk(store=None, shelf=None, cipher=None, files=files, catalogue=None)   # these handlers know the database alone
    handler = handlers[infno]
    assert handler.mode in ("read", "write")
    with transaction.atomic():
        output = handler.run(request, desk)
    if isinstance(output, File):
        return output
    return json.loads(msgspec.json.encode(typed_output(message, output)), parse_float=Decimal)
