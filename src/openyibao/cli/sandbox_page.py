"""What `openyibao sandbox` prints 沙箱说明: the address, who is there, the keys, and what to try first."""

import csv
from collections.abc import Iterator
from pathlib import Path

from rich.table import Table

from openyibao.cli.demo_words import tell
from openyibao.outside.hospital.addresses import SINGLE
from openyibao.outside.hospital.cast import load_cast, shipped
from openyibao.outside.hospital.client import now
from openyibao.outside.hospital.envelope import encoded, envelope, message_id
from openyibao.outside.hospital.inputs import identify

PEOPLE = ("employee", "retired", "resident", "chronic", "low-income")
CLINICS = ("hospital", "primary", "pharmacy")
Part = Table | str


def page(lang: str, url: str, home: Path, city: str, folder: Path, *, brief: bool) -> Iterator[Part]:
    """The whole of it; brief: without people, hospitals and keys, which `openyibao sandbox` shows."""
    yield ""
    yield tell(lang, "address", url=f"{url}/{SINGLE}")
    if not brief:
        yield ""
        yield from (tell(lang, "people"), people(lang, folder, load_cast(shipped(), city).area))
        yield from ("", tell(lang, "clinics"), clinics(lang, city))
        yield from ("", tell(lang, "keys"), keys(lang, folder))
    yield ""
    yield tell(lang, "first")
    yield f"    curl -sS -H 'Content-Type: application/json' --data @{home / 'first.json'} {url}/{SINGLE}"
    yield ""
    yield tell(lang, "next")
    yield f"    openyibao conformance {url}    # {tell(lang, 'next_conformance')}"
    yield f"    openyibao verify --home {home}    # {tell(lang, 'next_verify')}"
    yield f'    psql "$(openyibao database url --home {home})"    # {tell(lang, "next_psql")}'
    yield f"    {url}/metrics    # {tell(lang, 'next_metrics')}"
    yield tell(lang, "pages", log=home / "log" / "server.log")


def grid(heads: str) -> Table:
    """A table without lines; heads between bars."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in heads.split("|"):
        table.add_column(head, overflow="fold")
    return table


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a file of the sandbox."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def people(lang: str, folder: Path, area: str) -> Table:
    """Five people of a city and what is special about them."""
    table = grid(tell(lang, "people_heads"))
    for row in rows_of(folder / "people.csv"):
        role, _, words = row["memo"].partition("：")
        if row["psn_no"].startswith(area) and role in PEOPLE:
            table.add_row(row["psn_name"], row["certno"], row["psn_no"], words if lang == "zh" else role)
    return table


def clinics(lang: str, city: str) -> Table:
    """Three institutions of a city, each with a department and a doctor who may treat there."""
    table, cast = grid(tell(lang, "clinic_heads")), load_cast(shipped(), city)
    for role in CLINICS:
        one = cast.clinics[role]
        table.add_row(one.institution.code, one.institution.name, one.institution.area, one.department, f"{one.doctor} {one.doctor_name}")
    return table


def keys(lang: str, folder: Path) -> Table:
    """The channels, what they sign with, and their keys."""
    table = grid(tell(lang, "key_heads"))
    for row in rows_of(folder / "channels.csv"):
        more = " ".join(filter(None, (row["username"], row["password"])))
        table.add_row(row["code"], row["scheme"], row["key_id"], row["secret"], more)
    return table


def first_message(city: str) -> bytes:
    """A first message that any program can send as it stands: 1101, who is this, from the city's hospital, unsigned."""
    cast, at = load_cast(shipped(), city), now()
    institution = cast.clinics["hospital"].institution
    msgid = message_id(institution.code, at, 1)
    return encoded(envelope(institution, "1101", identify(cast.people["employee"], at), msgid=msgid, at=at)) + b"\n"
