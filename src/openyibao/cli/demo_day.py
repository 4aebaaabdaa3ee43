"""A day at the windows of the sandbox's hospitals 演示的一天: its people come, and the hospitals speak to the door about them.

Only what a hospital has is used: its client, its keys, its books. Who comes where, and what goes wrong on the way, follows from the order
of the people, so that every run plays the same day. Amounts are fen.
"""

import csv
import itertools
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from openyibao.outside.hospital.addresses import Address
from openyibao.outside.hospital.books import Entry, sums
from openyibao.outside.hospital.cast import Cast, Clinic, Item, Person, load_cast, shipped
from openyibao.outside.hospital.client import Hospital, TurnedDown
from openyibao.outside.hospital.envelope import Exchange, one
from openyibao.outside.hospital.identities import Breach, breaches, returned, unlike
from openyibao.outside.hospital.inputs import Patient
from openyibao.outside.hospital.journeys import afterwards, inpatient, offices, outpatient, pharmacy
from openyibao.outside.hospital.journeys.people import clinic_of, known, year_so_far
from openyibao.outside.hospital.signing import Key

KEYS = {"hospital": "csb", "primary": "bearer", "pharmacy": "apikey"}
"""Clinic of the cast -> the key with which it speaks; the others sign nothing."""

WELL = ("employee", "retired", "resident", "child", "low_income", "switched", "relative", "offsite")
ILL = {"chronic": outpatient.CHRONIC, "two_disease": outpatient.TWO_DISEASE}
DEAR = ("low_income", "resident", "retired")
TURNED_AWAY = ("dead", "waiting", "arrears", "measure")
"""People of the cast: those who are settled, who come with a filed disease, who have a dear stay, who are not (or not fully) paid for."""

EQUAL = "0"
"""Result of a comparison of totals: they agree 平."""


@dataclass
class Day:
    """What was said in one city, as its hospitals saw it.

    why: refusal code -> the first text met; unwanted: walks that should have succeeded; broken: sums that do not hold in replies; unequal:
    comparisons of totals that did not agree
    """

    messages: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    why: dict[str, str] = field(default_factory=dict)
    people: set[str] = field(default_factory=set)
    institutions: set[str] = field(default_factory=set)
    books: list[tuple[str, Entry]] = field(default_factory=list)
    repeated: int = 0
    compared: int = 0
    unwanted: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    unequal: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether everything went as it should."""
        return not (self.unwanted or self.broken or self.unequal)

    def noted(self, exchange: Exchange) -> None:
        """Count an exchange, and check the sums of its reply."""
        self.messages[exchange.infno] += 1
        if exchange.ok:
            self.hold(exchange, breaches(exchange.infno, exchange.output))
            return
        code = exchange.text.partition(" ")[0]
        self.refused[code] += 1
        self.why.setdefault(code, exchange.text)

    def hold(self, exchange: Exchange, found: Iterable[Breach]) -> None:
        """Keep sums that do not hold."""
        self.broken += [f"{exchange.infno} {exchange.msgid} {breach.identity} {breach.zh} {breach.en}" for breach in found]


def together(days: Iterable[Day]) -> Day:
    """Several cities' days as one."""
    whole = Day()
    for day in days:
        for name in ("messages", "refused"):
            getattr(whole, name).update(getattr(day, name))
        whole.why = {**day.why, **whole.why}
        whole.people |= day.people
        whole.institutions |= day.institutions
        for name in ("books", "unwanted", "broken", "unequal"):
            getattr(whole, name).extend(getattr(day, name))
        whole.repeated += day.repeated
        whole.compared += day.compared
    return whole


def plain_people(file: Path, area: str) -> list[Person]:
    """The people of a city who have no story, as its hospitals know them: by their identity card."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["psn_no"].startswith(area) and not row["memo"]]
    return [Person(row["certno"], row["psn_name"]) for row in rows if not row["died_on"]]


class City:
    """One city's day being played. stop: set to end it after the walk in progress."""

    def __init__(self, url: str, city: str, people: Path, stop: threading.Event) -> None:
        """Nothing is connected yet."""
        self.cast: Cast = load_cast(shipped(), city)
        self.address = Address(url, city=city)
        self.people = plain_people(people, self.cast.area)
        self.stop, self.day = stop, Day()
        self.hospitals: dict[str, Hospital] = {}

    def played(self) -> Day:
        """The whole day. Raises NoAnswer when the door is gone."""
        try:
            for walk in self.walks():
                if self.stop.is_set():
                    break
                self.walked(walk)
        finally:
            for hospital in self.hospitals.values():
                hospital.close()
                self.day.books += [(hospital.institution.code, entry) for entry in hospital.books]
        return self.day

    def walked(self, walk: Callable[[], None]) -> None:
        """One walk; a refusal that it did not expect is kept."""
        try:
            walk()
        except TurnedDown as refusal:
            self.day.unwanted.append(str(refusal))

    def walks(self) -> Iterator[Callable[[], None]]:
        """Everything that happens, in order."""
        for number, person in enumerate(self.people):
            if number % 6 == 5:
                yield partial(self.bought, person, number)
            elif number % 8 == 3:
                yield partial(self.lay, person, number)
            else:
                yield partial(self.visited, person, number)
        for role in WELL:
            yield partial(self.visited, self.cast.people[role], 1)
        for role in DEAR:
            yield partial(self.lay, self.cast.people[role], 3)
        for role, kind in ILL.items():
            yield partial(self.visited, self.cast.people[role], 1, kind)
        for role in TURNED_AWAY:
            yield partial(self.turned_away, self.cast.people[role])
        yield from (self.stopped_clinics, self.stopped_doctor, self.expired_code, self.wrong_key, self.same_id_other_content)
        for role in tuple(KEYS):
            yield partial(self.month_end, role)

    def at(self, role: str) -> tuple[Hospital, Clinic]:
        """A clinic of the cast and its connection."""
        clinic = self.cast.clinics[role]
        if role not in self.hospitals:
            key = self.cast.keys[KEYS[role]] if role in KEYS else Key()
            self.hospitals[role] = Hospital(self.address, clinic.institution, key, seen=self.day.noted)
            self.day.institutions.add(clinic.institution.code)
        return self.hospitals[role], clinic

    def items(self, *roles: str) -> list[Item]:
        """Items of the cast."""
        return [self.cast.items[role] for role in roles]

    def known(self, hospital: Hospital, person: Person) -> Patient:
        """A person, identified."""
        self.day.people.add(person.certno)
        return known(hospital, person)

    def visited(self, person: Person, number: int, kind: str = outpatient.ORDINARY) -> None:
        """An outpatient visit, tried and settled; then, by the number, what can happen to a bill."""
        role = "primary" if number % 3 == 2 and kind == outpatient.ORDINARY else "hospital"
        hospital, clinic = self.at(role)
        patient = self.known(hospital, person)
        wanted = ("two_disease_drug",) if kind == outpatient.TWO_DISEASE else ("drug", "service", "class_c", "drug_b")[: 2 + number % 3]
        if role == "primary":
            wanted = ("drug", "service")
        visit = outpatient.opened(hospital, clinic, patient, self.items(*wanted), [self.cast.diagnoses["ordinary"]], med_type=kind,
                                  count=1 + number % 4)  # fmt: skip
        trial, msgid = outpatient.tried(hospital, visit), hospital.new_message_id()
        settlement = outpatient.settled(hospital, visit, msgid=msgid)
        self.day.hold(settlement, unlike(one(trial.output, "setlinfo"), one(settlement.output, "setlinfo")))
        if number % 10 == 6:
            self.sent_again(hospital, "2207", visit.bill(), msgid, settlement, patient)
        if number % 13 == 7:
            self.answer_lost(hospital, patient, msgid, settlement)
        elif number % 9 == 4:
            reversal = outpatient.undone(hospital, visit, settlement)
            self.day.hold(reversal, returned(one(settlement.output, "setlinfo"), one(reversal.output, "setlinfo")))
        if number % 5 == 0:
            year_so_far(hospital, patient)

    def bought(self, person: Person, number: int) -> None:
        """Medicines at the pharmacy; every third purchase is taken back."""
        hospital, clinic = self.at("pharmacy")
        patient = self.known(hospital, person)
        basket = pharmacy.basket(hospital, clinic, patient, self.items("pharmacy_drug", "pharmacy_drug_b"), 1 + number % 3)
        trial = pharmacy.tried(hospital, patient, basket)
        settlement = pharmacy.settled(hospital, patient, basket)
        self.day.hold(settlement, unlike(one(trial.output, "setlinfo"), one(settlement.output, "setlinfo")))
        if number % 18 == 11:
            reversal = pharmacy.undone(hospital, patient, settlement)
            self.day.hold(reversal, returned(one(settlement.output, "setlinfo"), one(reversal.output, "setlinfo")))

    def lay(self, person: Person, number: int) -> None:
        """A stay of some days, dear enough to pass the deductible; every fourth is undone and settled anew."""
        hospital, clinic = self.at("hospital")
        patient = self.known(hospital, person)
        stay = inpatient.admitted(hospital, clinic, patient, [self.cast.diagnoses["stay"]])
        wanted, count = (("drug", "service", "class_c"), 20 + 10 * (number % 7)) if number % 16 != 3 else (("drug", "capped"), 3)
        stay = inpatient.charged(hospital, stay, self.items(*wanted), count)
        inpatient.discharged(hospital, stay)
        trial = inpatient.tried(hospital, stay)
        settlement = inpatient.settled(hospital, stay)
        self.day.hold(settlement, unlike(one(trial.output, "setlinfo"), one(settlement.output, "setlinfo")))
        if number % 4 == 1:
            reversal = inpatient.undone(hospital, stay, settlement)
            self.day.hold(reversal, returned(one(settlement.output, "setlinfo"), one(reversal.output, "setlinfo")))
            inpatient.settled(hospital, stay)

    def sent_again(self, hospital: Hospital, infno: str, given: Any, msgid: str, first: Exchange, patient: Patient) -> None:
        """The same message a second time: the same answer."""
        second = hospital.must(infno, given, msgid=msgid, home=patient.home)
        self.day.repeated += 1
        if second.output != first.output:
            self.day.broken.append(f"{infno} {msgid} 重发的应答不同 the repeat's answer differs")

    def answer_lost(self, hospital: Hospital, patient: Patient, msgid: str, settlement: Exchange) -> None:
        """The window asks what became of its message, and takes the bill back by the message's id."""
        state = str(afterwards.fate(hospital, msgid)["state"])
        afterwards.reversed_by_id(hospital, patient, msgid, settlement.infno)
        entry = next(entry for entry in hospital.books if entry.msgid == msgid)
        opposite = {name: -getattr(entry, name) for name in ("total", "funds", "account", "cash")}
        hospital.books.append(replace(entry, **opposite, refund=True, original=entry.setl_id))
        if (state, str(afterwards.fate(hospital, msgid)["state"])) != (afterwards.COMMITTED, afterwards.REVERSED):
            self.day.broken.append(f"Y0001 {msgid}: {state}")

    def turned_away(self, person: Person) -> None:
        """Somebody for whom nothing, or not everything, is paid comes all the same; the walk may end anywhere."""
        hospital, clinic = self.at("hospital")
        try:
            self.short_visit(hospital, clinic, self.known(hospital, person))
        except TurnedDown:
            return

    def refused(self, walk: Callable[[], object], what: str) -> None:
        """Something that has to be refused."""
        try:
            walk()
        except TurnedDown:
            return
        self.day.unwanted.append(f"{what} 没有被拒绝 was not refused")

    def stopped_clinics(self) -> None:
        """Institutions whose agreement ended, or whose settlement is suspended."""
        for role in ("ended", "suspended"):
            if role in self.cast.clinics:
                hospital, clinic = self.at(role)
                patient = self.known(self.at("hospital")[0], self.cast.people["employee"])
                self.refused(partial(self.short_visit, hospital, clinic, patient), role)

    def short_visit(self, hospital: Hospital, clinic: Clinic, patient: Patient) -> None:
        """One medicine, settled."""
        visit = outpatient.opened(hospital, clinic, patient, self.items("drug"), [self.cast.diagnoses["ordinary"]])
        outpatient.settled(hospital, visit)

    def stopped_doctor(self) -> None:
        """A doctor who may not treat the insured."""
        hospital, clinic = self.at("hospital")
        doctor = clinic_of(clinic, doctor=clinic.suspended_doctor, name=clinic.suspended_doctor_name)
        patient = self.known(hospital, self.cast.people["employee"])
        self.refused(lambda: outpatient.opened(hospital, doctor, patient, self.items("drug"), [self.cast.diagnoses["ordinary"]]), "doctor")

    def expired_code(self) -> None:
        """A code that was replaced years ago."""
        hospital, clinic = self.at("hospital")
        patient = self.known(hospital, self.cast.people["resident"])
        self.refused(lambda: outpatient.opened(hospital, clinic, patient, self.items("expired"), [self.cast.diagnoses["ordinary"]]), "code")

    def wrong_key(self) -> None:
        """A program that signs with another secret."""
        clinic = self.cast.clinics["hospital"]
        key = replace(self.cast.keys["csb"], secret="not the secret")
        with Hospital(self.address, clinic.institution, key, seen=self.day.noted) as hospital:
            self.refused(lambda: known(hospital, self.cast.people["employee"]), "key")

    def same_id_other_content(self) -> None:
        """One message id for two purchases."""
        hospital, clinic = self.at("pharmacy")
        patient, msgid = self.known(hospital, self.cast.people["retired"]), hospital.new_message_id()
        first, second = (pharmacy.basket(hospital, clinic, patient, self.items("pharmacy_drug"), count) for count in (1, 2))
        pharmacy.settled(hospital, patient, first, msgid)
        self.refused(lambda: pharmacy.settled(hospital, patient, second, msgid), "msgid")

    def month_end(self, role: str) -> None:
        """The institution's totals of the day against the bureau's 3201, by scheme and clearing category."""
        hospital, _ = self.at(role)
        kind = {entry.setl_id: (entry.insutype, entry.clr_type, entry.day) for entry in hospital.books}
        rows = sorted(hospital.books, key=lambda entry: kind[entry.setl_id])
        for (insutype, clr_type, day), group in itertools.groupby(rows, key=lambda entry: kind[entry.setl_id]):
            given = offices.statement(insutype, clr_type, hospital.institution.area, hospital.clock().date(), sums(group))
            given["data"] |= {"refd_setl_flag": "", "stmt_begndate": day, "stmt_enddate": day}
            answer = one(hospital.must("3201", given).output, "stmtinfo")
            self.day.compared += 1
            if str(answer.get("stmt_rslt")) != EQUAL:
                self.day.unequal.append(f"{hospital.institution.code} {insutype} {clr_type}: {answer.get('stmt_rslt_dscr')}")
