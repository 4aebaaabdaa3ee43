"""Hospitals that never give up: each window settles bills, takes some back, and sends a message again, the same, until it is answered."""

import csv
import random
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from crash_parts.city import SANDBOX
from openyibao.outside.hospital import inputs
from openyibao.outside.hospital.addresses import address_of
from openyibao.outside.hospital.cast import Cast, Person, load_cast, shipped
from openyibao.outside.hospital.client import Hospital, NoAnswer
from openyibao.outside.hospital.envelope import Exchange, many, one
from openyibao.outside.hospital.inputs import Patient
from openyibao.outside.hospital.journeys import outpatient
from openyibao.outside.hospital.journeys.outpatient import Visit
from openyibao.outside.hospital.journeys.people import charges, known

CITY, AREA = "jishou", "4331"
AGAIN = ("DOOR-42", "DOOR-51", "DOOR-52", "DOOR-99", "BUSY-01")
"""Refusals that ask for the same message again."""

TAKEN_BACK = 0.3
"""Share of the bills that are taken back; half of them at once, half of them later, when others stand behind them."""


class Answered(NamedTuple):
    """A message that was answered: what it made."""

    infno: str
    msgid: str
    setl_id: int  # of the settlement, or of the mirror
    of: int  # the settlement that a mirror takes back, else 0
    psn_no: str


def patients_of(hospital: Hospital, count: int) -> list[Patient]:
    """People of the sandbox's city who can be settled today."""
    with (SANDBOX / "relations.csv").open(encoding="utf-8") as stream:
        sound = {row["psn_no"] for row in csv.DictReader(stream) if row["admdvs"].startswith(AREA) and row["psn_insu_stas"] == "1"
                 and not (row["ends"] or row["benefit_to"] or row["suspended_from"] or row["wait_until"])}  # fmt: skip
    with (SANDBOX / "measures.csv").open(encoding="utf-8") as stream:
        sound -= {row["target"] for row in csv.DictReader(stream) if "target" in row}
    with (SANDBOX / "people.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["psn_no"] in sound and not row["died_on"] and "role" not in row["memo"]]
    return [known(hospital, Person(row["certno"], row["psn_name"])) for row in rows if "measure" not in row["memo"]][:count]


class Storm:
    """Some windows at work. `open` and `close` the gate: closed, each window finishes its message and waits."""

    def __init__(self, url: str, *, windows: int, people: int, seed: int) -> None:
        """Threads that wait at the gate."""
        self.address, self.rng = address_of(url), random.Random(seed)
        self.cast: Cast = load_cast(shipped(), CITY)
        self.answered: list[Answered] = []
        self.repeats = 0
        self.refused: list[str] = []
        self.gate, self.ended, self.lock = threading.Event(), threading.Event(), threading.Lock()
        self.busy = 0
        clinic = self.cast.clinics["hospital"]
        with Hospital(self.address, clinic.institution) as hospital:
            self.patients = patients_of(hospital, people)
        seeds = [self.rng.random() for _ in range(windows)]
        self.windows = [
            threading.Thread(target=self._window, args=(random.Random(one), number), daemon=True) for number, one in enumerate(seeds)
        ]
        for window in self.windows:
            window.start()

    def open(self) -> None:
        """Let the windows work."""
        self.gate.set()

    def close(self) -> None:
        """Let every window finish its message and wait until all have."""
        self.gate.clear()
        while True:
            with self.lock:
                if self.busy == 0:
                    return
            time.sleep(0.01)

    def end(self) -> None:
        """Send the windows home."""
        self.ended.set()
        self.gate.set()
        for window in self.windows:
            window.join()

    def _window(self, rng: random.Random, number: int) -> None:
        """One window: bill after bill."""
        clinic = self.cast.clinics["hospital" if number % 2 else "second"]
        mine: list[tuple[Visit, int]] = []
        with Hospital(self.address, clinic.institution) as hospital:
            while not self.ended.is_set():
                try:
                    visit = self._visit(hospital, clinic, rng.choice(self.patients), rng)
                    settled = self._settled(hospital, visit)
                    mine.append((visit, settled))
                    while mine and rng.random() < TAKEN_BACK:
                        visit, settled = mine.pop(-1 if rng.random() < 0.5 else rng.randrange(len(mine)))
                        self._undone(hospital, visit, settled)
                except Refusal as refusal:
                    with self.lock:
                        self.refused.append(str(refusal))

    def _visit(self, hospital: Hospital, clinic: Any, patient: Patient, rng: random.Random) -> Visit:
        """A visit up to its lines; its numbers are the window's own."""
        at = hospital.clock()
        number = f"M{rng.getrandbits(60):016x}"
        answer = self._sent(hospital, "2201", inputs.register(patient, clinic, number, at), patient)
        visit = Visit(patient, clinic, str(one(answer.output, "data", "result")["mdtrt_id"]), number, f"B{number[1:]}")
        given = inputs.visit(patient, clinic, visit.mdtrt_id, visit.med_type, [self.cast.diagnoses["ordinary"]], at)
        self._sent(hospital, "2203", given, patient)
        lines = charges(self._items(rng), at, rng.choice((1, 3, 20)))
        answer = self._sent(hospital, "2204", inputs.outpatient_lines(patient, clinic, visit.mdtrt_id, visit.batch, lines, at), patient)
        return replace(visit, charges=tuple(lines), rows=tuple(many(answer.output, "result")))

    def _items(self, rng: random.Random) -> Sequence[Any]:
        """What is charged."""
        names = ("drug_second", "service_second", "class_c")
        return [self.cast.items[name] for name in names[: rng.randint(1, len(names))]]

    def _settled(self, hospital: Hospital, visit: Visit) -> int:
        """2207; the setl_id."""
        answer = self._sent(hospital, "2207", visit.bill(), visit.patient)
        setl_id = int(one(answer.output, "setlinfo")["setl_id"])
        self._note(Answered("2207", str(answer.request["msgid"]), setl_id, 0, visit.patient.psn_no))
        return setl_id

    def _undone(self, hospital: Hospital, visit: Visit, settled: int) -> None:
        """2208."""
        answer = self._sent(hospital, "2208", inputs.undo(visit.patient, visit.mdtrt_id, str(settled)), visit.patient)
        mirror = int(one(answer.output, "setlinfo")["setl_id"])
        self._note(Answered("2208", str(answer.request["msgid"]), mirror, settled, visit.patient.psn_no))

    def _note(self, answered: Answered) -> None:
        """Remember an answer."""
        with self.lock:
            self.answered.append(answered)

    def _sent(self, hospital: Hospital, infno: str, given: Mapping[str, Any], patient: Patient) -> Exchange:
        """One message, sent again unchanged until it is answered; waits at the gate before it."""
        self._enter()
        try:
            request = hospital.request(infno, given, home=patient.home)
            while True:
                try:
                    answer = hospital.send(request)
                except NoAnswer:
                    answer = None
                if answer is not None and answer.ok:
                    return answer
                if answer is not None and not any(code in answer.text for code in AGAIN):
                    raise Refusal(f"{infno} {answer.status} {answer.text}")
                with self.lock:
                    self.repeats += 1
                time.sleep(0.05)
        finally:
            with self.lock:
                self.busy -= 1

    def _enter(self) -> None:
        """Pass the gate."""
        while True:
            self.gate.wait()
            with self.lock:
                if self.gate.is_set():
                    self.busy += 1
                    return


class Refusal(Exception):
    """A message was refused for good: in this storm nothing should be."""


__all__ = ["Answered", "Refusal", "Storm", "outpatient"]
