"""A town to play in: the sandbox loaded once into a template, a copy of it behind a real door, and a hospital that writes to it.

    town = playing.town        in a test module: one copy of the sandbox and one running door for the module

The door runs on an event loop of its own in a thread; `Town.call` and `Town.together` hand it whole HTTP requests. Its clock stands
still at `Town.now` until a test moves it. Tests of one module share a database, so each takes persons of its own (`Town.newcomer`).
"""

import asyncio
import csv
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import msgspec
import psycopg
import pytest
from django.conf import settings
from django.db import connections

from database import TEMPLATE, drop_database, new_database, point_django_at
from openyibao.bureau.loading.columns import Asked
from openyibao.bureau.settlement.clock import BEIJING
from openyibao.cli import loaders
from openyibao.gateway.door import door
from openyibao.gateway.runtime import Runtime
from openyibao.kernel.year import Year
from openyibao.outside import postgres

SANDBOX = Path(__file__).resolve().parents[2] / "examples" / "sandbox"
ADDRESS = "http://door/fsi/api/rsfComIfsService/callService"
LOADED = "openyibao_sandbox"
NOW = datetime(2025, 3, 10, 9, 30, tzinfo=BEIJING)

serials = count(500_001)
loaded: set[Path] = set()


@cache
def table(name: str) -> list[dict[str, str]]:
    """A file of the sandbox, row by row."""
    with (SANDBOX / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def items() -> dict[str, list[dict[str, str]]]:
    """Drugs, services and consumables by code, in the order of their days."""
    found: dict[str, list[dict[str, str]]] = {}
    for name in ("drugs", "services", "consumables"):
        for row in table(name):
            found.setdefault(row["med_list_codg"], []).append(row)
    return found


def load_sandbox(server: Path) -> None:
    """The sandbox in a template database of this server, once in a session."""
    if server in loaded:
        return
    new_database(server, LOADED, template=TEMPLATE)
    with pytest.MonkeyPatch.context() as patch:
        point_django_at(postgres.url_of(server, database=LOADED), patch)
        for kind, path in loaders.files_of(SANDBOX).items():
            report = loaders.load_file(kind, path, asked=Asked(date(2026, 1, 1), True), at=NOW, officer="test")
            assert not report.rejected, (kind, report.rejected[:3])
        loaders.tell_planner()
        connections.close_all()
    loaded.add(server)


class Said(NamedTuple):
    """A reply, read as a hospital reads it: amounts are Decimal."""

    status: int
    body: dict[str, Any]

    @property
    def fine(self) -> bool:
        """Whether the message succeeded."""
        return self.status == 200 and str(self.body.get("infcode")) == "0"

    @property
    def output(self) -> Any:
        """The output of a message that had to succeed."""
        assert self.fine, self.body
        return self.body["output"]

    @property
    def why(self) -> str:
        """The words of a message that had to be refused."""
        assert str(self.body.get("infcode")) == "-1", self.body
        return str(self.body["err_msg"])


class Call(NamedTuple):
    """One message to send: number, input, who sends it, under which id."""

    infno: str
    given: Any
    institution: str
    msgid: str = ""
    home: str = ""


@dataclass
class Town:
    """A running door over a copy of the sandbox."""

    url: str
    home: Path
    now: datetime = NOW
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    runtimes: list[Any] = field(default_factory=list)
    clients: list[Any] = field(default_factory=list)
    turn: Any = field(default_factory=count)

    def run(self, work: Any) -> Any:
        """Wait for a coroutine on the door's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=120)

    @property
    def runtime(self) -> Any:
        """The first door's runtime."""
        return self.runtimes[0]

    async def opened(self) -> None:
        """Start a door; each further one is as another process on the same database, and messages go to them in turn."""
        runtime = Runtime(self.url, self.home, settings.CIPHER_KEYS(), clock=lambda: self.now, seals=not self.runtimes)
        await runtime.startup()
        self.runtimes.append(runtime)
        self.clients.append(httpx.AsyncClient(transport=httpx.ASGITransport(app=door(runtime)), timeout=60))

    async def closed(self) -> None:
        """End every door."""
        while self.runtimes:
            await self.clients.pop().aclose()
            await self.runtimes.pop().shutdown()

    def again(self) -> None:
        """Another door process on the same database, as after a restart."""
        self.run(self.closed())
        self.run(self.opened())

    def new_id(self, institution: str) -> str:
        """A message id that nobody has used."""
        return f"{institution}{self.now:%Y%m%d}{next(serials):010d}"

    def envelope(self, call: Call) -> dict[str, Any]:
        """The whole message."""
        area = area_of(call.institution)
        return {
            "infno": call.infno,
            "msgid": call.msgid or self.new_id(call.institution),
            "mdtrtarea_admvs": area,
            "insuplc_admdvs": call.home or area,
            "recer_sys_code": "TEST",
            "dev_no": "",
            "dev_safe_info": "",
            "cainfo": "",
            "signtype": "",
            "infver": "V1.0",
            "opter_type": "1",
            "opter": "0001",
            "opter_name": "收费员",
            "inf_time": f"{self.now:%Y-%m-%d %H:%M:%S}",
            "fixmedins_code": call.institution,
            "fixmedins_name": "示例",
            "sign_no": "",
            "input": call.given,
        }

    async def sent(self, message: Any) -> Said:
        """Send a message as it is; the reply."""
        body = message if isinstance(message, bytes) else msgspec.json.Encoder(decimal_format="number").encode(message)
        client = self.clients[next(self.turn) % len(self.clients)]
        answer = await client.post(ADDRESS, content=body, headers={"content-type": "application/json;charset=utf-8"})
        return Said(answer.status_code, json.loads(answer.content, parse_float=Decimal, parse_int=int))

    def post(self, message: Any) -> Said:
        """Send a whole message."""
        return self.run(self.sent(message))

    def call(self, infno: str, given: Any, institution: str, *, msgid: str = "", home: str = "") -> Said:
        """Send one message."""
        return self.post(self.envelope(Call(infno, given, institution, msgid, home)))

    def together(self, calls: Sequence[Call]) -> list[Said]:
        """Send all at once; the replies in order."""

        async def all_of() -> list[Said]:
            return list(await asyncio.gather(*(self.sent(self.envelope(call)) for call in calls)))

        return self.run(all_of())

    def rows(self, query: str, *values: Any) -> list[Any]:
        """What the database has."""
        with psycopg.connect(self.url, autocommit=True, row_factory=psycopg.rows.dict_row) as connection:
            answer = connection.execute(query, values)
            return answer.fetchall() if answer.description else []

    def one(self, query: str, *values: Any) -> Any:
        """The one row."""
        (row,) = self.rows(query, *values)
        return row

    def newcomer(self, like: str, **relation: Any) -> str:
        """A person with the register's facts of another: relations, account, filings, identities, shares in accounts."""
        number = f"{like[:6]}{next(serials):020d}"
        certno = self.runtime.cipher.index(number).hex()
        self.copied("enrolment_person", like, psn_no=number, certno_index=f"\\x{certno}")
        self.copied("enrolment_relation", like, psn_no=number, **relation)
        for name in ("entitlement_filing", "entitlement_identity", "enrolment_account"):
            self.copied(name, like, psn_no=number)
        return number

    def copied(self, name: str, like: str, key: str = "psn_no", **changes: Any) -> None:
        """Copy a person's rows of a table with changes."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            own = {"entitlement_filing": "sn", "enrolment_person": "", "enrolment_account": ""}.get(name, "id")
            number = f"|| jsonb_build_object('{own}', nextval(pg_get_serial_sequence('{name}', '{own}')))" if own else ""
            connection.execute(
                f"INSERT INTO {name} SELECT (jsonb_populate_record(t, %s::jsonb {number})).* FROM {name} t WHERE {key} = %s",
                (json.dumps(changes), like),
            )

    def share(self, owner: str, relative: str, **more: Any) -> None:
        """Let a relative spend from an account."""
        self.rows(
            'INSERT INTO enrolment_share (owner, relative, relation, starts, place, "limit") VALUES (%s, %s, %s, %s, %s, %s)',
            owner,
            relative,
            "2",
            "2020-01-01",
            more.get("place", 1),
            more.get("limit"),
        )

    def balance(self, psn_no: str) -> int:
        """The account as it stands, fen."""
        return int(self.one("SELECT balance FROM enrolment_account WHERE psn_no = %s", psn_no)["balance"])

    def year(self, psn_no: str, insutype: str, number: int = 2025) -> Year | None:
        """The year as kept, without the accounts' copies."""
        found = self.rows("SELECT figures FROM settlement_year WHERE psn_no = %s AND insutype = %s AND year = %s", psn_no, insutype, number)
        return Year(*found[0]["figures"])._replace(account=0, family=0) if found else None


def area_of(institution: str) -> str:
    """The division of an institution."""
    return next((row["admdvs"] for row in table("institutions") if row["fixmedins_code"] == institution), "433101")


@contextmanager
def playing(server: Path, folder: Path) -> Iterator[Town]:
    """A town, closed at the end."""
    load_sandbox(server)
    name = f"town_{next(serials)}"
    new_database(server, name, template=LOADED)
    with pytest.MonkeyPatch.context() as patch:
        point_django_at(postgres.url_of(server, database=name), patch)
        town = Town(postgres.url_of(server, database=name), folder / name)
        thread = threading.Thread(target=town.loop.run_forever)
        thread.start()
        try:
            town.run(town.opened())
            try:
                yield town
            finally:
                town.run(town.closed())
        finally:
            town.loop.call_soon_threadsafe(town.loop.stop)
            thread.join()
            town.loop.close()
            connections.close_all()
    drop_database(server, name)


@pytest.fixture(scope="module")
def town(migrated_template: Path, session_folder: Path) -> Iterator[Town]:
    """A town of the module's own."""
    with playing(migrated_template, session_folder) as found:
        yield found


@pytest.fixture
def today(town: Town) -> Iterator[None]:
    """The clock put back after the test."""
    yield
    town.now = NOW
