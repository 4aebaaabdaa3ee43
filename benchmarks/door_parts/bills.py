"""The bills 单据: people and items of the sandbox, visits opened through the door, and the settling requests as bytes, ready to be sent."""

import csv
import itertools
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import msgspec

from door_parts.server import SANDBOX
from openyibao.outside.hospital import inputs
from openyibao.outside.hospital.addresses import Address
from openyibao.outside.hospital.cast import Cast, Clinic, Diagnosis, Item, Person, load_cast, shipped
from openyibao.outside.hospital.client import Hospital, now
from openyibao.outside.hospital.envelope import encoded, envelope, message_id
from openyibao.outside.hospital.inputs import Charge, Patient
from openyibao.outside.hospital.journeys.people import known
from openyibao.outside.hospital.pipe import Pipe, packed

CITIES = {"jishou": "4331", "ankang": "6109", "jingzhou": "4210", "wuhan": "4201", "yuxi": "5304"}
LINES = 10
"""Charge lines of a bill."""

DEAREST = 60
"""Yuan a line costs at most."""

SERIALS = itertools.count(1)


class Refused(Exception):
    """The door refused what it had to take."""


@dataclass(frozen=True)
class Place:
    """A city's hospital, its items, and the people who come."""

    clinic: Clinic
    items: tuple[Item, ...]
    found: Diagnosis
    patients: tuple[Patient, ...]


@dataclass(frozen=True)
class Desk:
    """One patient at one hospital of one door."""

    url: str
    clinic: Clinic
    items: tuple[Item, ...]
    found: Diagnosis
    patient: Patient

    def request(self, infno: str, given: Any) -> bytes:
        """A whole request as bytes."""
        at = now()
        msgid = message_id(self.clinic.institution.code, at, 0)[:26] + f"{next(SERIALS):x}"[-4:].rjust(4, "0")
        made = envelope(self.clinic.institution, infno, given, msgid=msgid, at=at, home=self.patient.home)
        return packed(self.url, encoded(made))

    async def ask(self, pipe: Pipe, infno: str, given: Any) -> Any:
        """Send and take the output. Raises Refused."""
        return output(await pipe.post(self.request(infno, given)), infno)


def output(answer: bytes, infno: str) -> Any:
    """The output of a successful reply. Raises Refused."""
    reply = msgspec.json.decode(answer)
    if str(reply.get("infcode")) != "0":
        raise Refused(f"{infno}: {reply.get('err_msg') or reply}")
    return reply.get("output") or {}


def places(url: str, people_per_city: int) -> list[Place]:
    """Every city's hospital with people who are insured there, asked of the door by 1101."""
    with (SANDBOX / "people.csv").open(encoding="utf-8") as file:
        people = [row for row in csv.DictReader(file) if not row["memo"]]
    found = []
    for city, prefix in CITIES.items():
        cast = load_cast(shipped(), city)
        clinic = cast.clinics["hospital"]
        own = [row for row in people if row["psn_no"].startswith(prefix)][:people_per_city]
        with Hospital(Address(url), clinic.institution) as hospital:
            patients = tuple(known(hospital, Person(row["certno"], row["psn_name"])) for row in own)
        found.append(Place(clinic, items_of(cast), cast.diagnoses["ordinary"], tuple(one for one in patients if one.insutype)))
    return found


def items_of(cast: Cast) -> tuple[Item, ...]:
    """Ten charge lines from what the hospital maps: cheap items of classes A and B."""
    listed: dict[str, dict[str, str]] = {}
    for name in ("drugs.csv", "services.csv"):
        with (SANDBOX / name).open(encoding="utf-8") as file:
            listed |= {row["med_list_codg"]: row for row in csv.DictReader(file)}
    with (SANDBOX / "mappings.csv").open(encoding="utf-8") as file:
        own = [row for row in csv.DictReader(file) if row["fixmedins_code"] == cast.clinics["hospital"].institution.code]
    found = []
    for row in own:
        item = listed.get(row["med_list_codg"])
        plain = item and not item["enddate"] and item["lmt_used_flag"] == "0" and item["chrgitm_lv"] in ("01", "02")
        if item and plain and Decimal(item["ref_pric"]) < DEAREST:
            found.append(Item(row["med_list_codg"], row["fixmedins_hilist_id"], item["hilist_name"], Decimal(item["ref_pric"]),
                              row["list_type"]))
    return tuple(found[:LINES])


def desks(url: str, cities: list[Place]) -> "itertools.cycle[Desk]":
    """Everybody in turn, city by city, so that neighbours in the row are different people."""
    door = Address(url).url("2207")
    rows = [[Desk(door, place.clinic, place.items, place.found, patient) for patient in place.patients] for place in cities]
    mixed = [desk for together in itertools.zip_longest(*rows) for desk in together if desk is not None]
    return itertools.cycle(mixed)


async def opened(pipe: Pipe, desk: Desk) -> tuple[str, str, list[Charge], Any]:
    """2201, 2203, 2204 with ten lines: the visit, its batch, its lines, and what the door made of them."""
    at, number = now(), f"{next(SERIALS):012d}"
    visit = await desk.ask(pipe, "2201", inputs.register(desk.patient, desk.clinic, f"M{number}", at))
    mdtrt_id = str(visit["data"]["mdtrt_id"])
    await desk.ask(pipe, "2203", inputs.visit(desk.patient, desk.clinic, mdtrt_id, "11", [desk.found], at))
    charges = [Charge(place, item, Decimal(1), item.price) for place, item in enumerate(desk.items, 1)]
    batch = f"B{number}"
    lines = await desk.ask(pipe, "2204", inputs.outpatient_lines(desk.patient, desk.clinic, mdtrt_id, batch, charges, at))
    return mdtrt_id, batch, charges, lines["result"]


def bill(desk: Desk, mdtrt_id: str, batch: str, charges: list[Charge], rows: Any) -> Any:
    """The input of 2206 and 2207."""
    return inputs.outpatient_bill(desk.patient, mdtrt_id, batch, "11", inputs.total(charges), inputs.four_sums(rows))


async def prepared(pipe: Pipe, desk: Desk) -> bytes:
    """The 2207 of a fresh visit, as bytes."""
    return desk.request("2207", bill(desk, *await opened(pipe, desk)))


async def chain(pipe: Pipe, desk: Desk) -> None:
    """2201, 2203, 2204, 2206, 2207."""
    given = bill(desk, *await opened(pipe, desk))
    await desk.ask(pipe, "2206", given)
    await desk.ask(pipe, "2207", given)


def at_least(cities: list[Place]) -> list[Place]:
    """The places that have people. Raises SystemExit when none has."""
    found = [replace(place) for place in cities if place.patients]
    if not found:
        raise SystemExit("nobody of the sandbox is insured: was it loaded?")
    return found
