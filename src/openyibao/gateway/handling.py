"""What a handler is given and what it is 报文处理: one short function per message, grouped by family in gateway/messages."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

from openyibao.bureau.codes.catalogue import Catalogue
from openyibao.bureau.enrolment.cipher import Cipher
from openyibao.bureau.policydesk.queries import Shelf
from openyibao.bureau.settlement.actions import Said
from openyibao.bureau.settlement.store.pool import Store
from openyibao.gateway.channels import Channel
from openyibao.gateway.envelope import Envelope

Mode = Literal["read", "write", "look", "hot"]
"""read, write: a plain function with the ORM in a worker thread, write inside one transaction with the message's row;
look, hot: a coroutine on the settlement store, hot writes the message's row itself."""


class Request(NamedTuple):
    """One message as the door has checked it."""

    infno: str
    envelope: Envelope
    channel: Channel
    institution: str  # fixmedins_code
    input: dict[str, Any]  # node -> fields in their types (gateway/validate.py)
    at: datetime  # aware
    day: date  # of `at` in the city
    msgid: str
    digest: bytes  # content hash
    trace: str


@dataclass(frozen=True)
class Desk:
    """What handlers work with; made once by the runtime."""

    store: Store
    shelf: Shelf
    cipher: Cipher
    files: Path  # files of 9101 and 9102
    catalogue: Callable[[], Catalogue]  # as it stands now


Output = Mapping[str, Any] | bytes | Said
"""A handler's output: by wire names; of a hot one the bytes it has kept, or the first answer of a message id that comes again."""

Run = Callable[[Request, Desk], Any] | Callable[[Request, Desk], Awaitable[Output]]


class Handler(NamedTuple):
    """A message's function and how it runs."""

    run: Run
    mode: Mode
