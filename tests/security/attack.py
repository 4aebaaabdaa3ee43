"""The fuzzer of the door: what is sent next, drawn from one Random; every reply judged; failures kept once each.

A failure is known by its number, its words and the last line that the server logged under its trace.
"""

import http.client
import json
import re
import secrets
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from openyibao.gateway.describe import Field, served_numbers
from openyibao.outside.hospital import inputs
from openyibao.outside.hospital.addresses import Address
from openyibao.outside.hospital.cast import Cast, Clinic
from openyibao.outside.hospital.client import Hospital, TurnedDown
from openyibao.outside.hospital.envelope import BEIJING, Exchange, Institution, envelope, message_id
from openyibao.outside.hospital.journeys import inpatient, outpatient
from openyibao.outside.hospital.journeys.inpatient import Stay
from openyibao.outside.hospital.journeys.people import known
from openyibao.outside.hospital.signing import Key, headers
from security import hostile, rawly
from security.drawing import Memory, drawn_input
from security.oracles import Reply, code_of, faults

SINGLE = "/fsi/api/rsfComIfsService/callService"
TRACE = re.compile(r"\(([0-9a-f]{16})\)\"?")
TIMEOUT = 60.0
EVERY = 25
"""After so many requests an honest visit is begun, so that there is something to attack."""

MOST_SLOW = 12
"""Slowest requests that are told."""

OUTPATIENTS, INPATIENTS = ("employee", "retired", "resident", "chronic", "two_disease"), ("child", "low_income", "relative")


@dataclass
class Findings:
    """What a run has seen."""

    requests: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    numbers: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)
    slowest: list[tuple[float, str, str]] = field(default_factory=list)
    failures: dict[str, dict[str, Any]] = field(default_factory=dict)

    def noted(self, way: str, infno: str, sent: bytes, reply: Reply, wrong: list[str]) -> None:
        """One request and its reply."""
        code = code_of(reply)
        self.requests += 1
        self.codes[code] += 1
        self.ways[way] += 1
        self.numbers[infno] += 1
        if code in ("ok", "file"):
            self.accepted[infno] += 1
        if len(self.slowest) < MOST_SLOW or reply.seconds > self.slowest[-1][0]:
            entry = (round(reply.seconds, 3), f"{way} {infno} {code}, {len(sent)} bytes", sent[:1_000].decode(errors="replace"))
            self.slowest = sorted([*self.slowest, entry], reverse=True)[:MOST_SLOW]
        for words in wrong:
            trace = TRACE.search(words)
            name = f"{infno} {TRACE.sub('', words)}"
            kept = self.failures.setdefault(name, {"times": 0, "way": way, "traces": [], "sent": sent[:6_000].decode(errors="replace")})
            kept["times"] += 1
            if trace and len(kept["traces"]) < 40:
                kept["traces"].append(trace[1])


class Attacker:
    """One attacking program: its own Random and connection; memory and corpus are shared."""

    def __init__(self, port: int, cast: Cast, memory: Memory, corpus: dict[str, list[Any]], findings: Findings, seed: int) -> None:
        """Nothing sent yet. corpus: number -> who sent it and the input, of honest programs, the late ones last."""
        self.port, self.cast, self.memory, self.corpus, self.findings = port, cast, memory, corpus, findings
        self.random = Random(seed)
        self.wire: http.client.HTTPConnection | None = None
        self.clinics = [clinic.institution for clinic in cast.clinics.values()]
        self.last: list[tuple[str, bytes, dict[str, str]]] = []
        self.ripe: list[tuple[str, Institution, Any]] = []
        self.stay: tuple[Clinic, Stay] | None = None
        self.serial = 0
        self.persons = [person.certno for person in cast.people.values()]
        self.numbers = (*served_numbers(), "5401", "P0001", "9999", "2207B", "22 07", "2207'", "0", "")

    def run(self, until: Callable[[], bool]) -> None:
        """Send until told to stop."""
        ways: list[tuple[int, Callable[[], None]]] = [
            (32, self.played), (12, self.unripe), (30, self.drawn), (7, self.outer), (6, self.bytes_bent), (7, self.signed),
            (3, self.oddly), (3, self.again),
        ]  # fmt: skip
        weights = [weight for weight, _ in ways]
        count = 0
        while not until():
            if count % EVERY == 0:
                self.honest()
            count += 1
            self.random.choices(ways, weights)[0][1]()
        if self.wire is not None:
            self.wire.close()

    # --- ways -------------------------------------------------------------------------------------------------------------

    def played(self) -> None:
        """What an honest program sent, bent."""
        infno = self.random.choice(sorted(self.corpus))
        institution, given = self.honest_input(infno)
        sender = institution if self.random.random() < 0.75 else None
        self.send("played", infno, self.envelope(infno, self.bent(self.rebound(given)), sender))

    def unripe(self) -> None:
        """A step of an open visit, out of its order or bent."""
        if not self.ripe:
            return
        infno, institution, given = self.random.choice(self.ripe)
        given = hostile.copied(given)
        if self.random.random() < 0.7:
            hostile.bent(self.random, given)
        self.send("unripe", infno, self.envelope(infno, given, institution))

    def drawn(self) -> None:
        """An input drawn from the description, often bent."""
        infno = self.random.choice(served_numbers())
        given = self.bent(drawn_input(self.random, infno, self.recall, self.now()))
        self.send("drawn", infno, self.envelope(infno, given))

    def outer(self) -> None:
        """The envelope bent."""
        infno = self.random.choice(self.numbers)
        institution, given = self.honest_input(infno)
        message = self.envelope(infno, None, institution)
        for _ in range(self.random.choice((1, 1, 2))):
            hostile.bent(self.random, message)
        message["input"] = self.random.choice((given, json.dumps(given, default=str), hostile.value(self.random)))
        self.send("outer", infno, message)

    def bytes_bent(self) -> None:
        """Bytes that are hardly a message."""
        infno = self.random.choice(sorted(self.corpus))
        body = self.honest_body(infno)
        self.post("bytes", infno, hostile.spoilt(self.random, body), {})

    def signed(self) -> None:
        """A scheme's headers, right or bent, used for this body or for another before."""
        infno = self.random.choice(sorted(self.corpus))
        key = self.random.choice(list(self.cast.keys.values()))
        token = str(self.memory.recall(self.random, "access_token") or "e30.e30")
        at = self.now() + timedelta(seconds=self.random.choice((0, 0, 0, -1_700, 1_900, -10**6, 10**6)))
        head = headers(key, infno, at, secrets.token_hex(16), token)
        if key.scheme == "bearer" and self.random.random() < 0.3:
            self.ask_token(key)
        if head and self.random.random() < 0.6:
            name = self.random.choice(list(head))
            text = self.random.choice((*hostile.TEXTS, head[name][:-1], head[name].lower(), "0" * 13, "9" * 13, "²" * 13, ""))
            head[name] = "".join(letter for letter in text if letter not in "\r\n").encode("utf-8")[:4_000].decode("latin-1")
        if head and self.random.random() < 0.1:
            head.pop(self.random.choice(list(head)))
        institution, given = self.honest_input(infno)
        message = self.envelope(infno, given, institution)
        if self.random.random() < 0.4:
            message["cainfo"] = self.random.choice(("AAAA", "30" * 70, secrets.token_hex(64), "x" * 2_048, "="))
            message["signtype"] = self.random.choice(("SM2", "SM3", "x"))
        if self.random.random() < 0.3:
            message["enc_type"], message["input"] = "SM4", self.random.choice(("AAAA", secrets.token_hex(32), "{}", "A" * 4_096, "=" * 9))
        self.post("signed", infno, hostile.encoded(message), head)

    def oddly(self) -> None:
        """HTTP that no library writes."""
        infno = self.random.choice(sorted(self.corpus))
        body = self.honest_body(infno)
        way, request, strict = rawly.request(self.random, body)
        reply = rawly.exchanged(self.port, request, TIMEOUT, hang_up=way in rawly.UNFINISHED)
        wrong = faults(reply, self.persons, request) if strict else rawly.faults_of_http(reply)
        self.findings.noted(f"http {way}", infno, request, reply, wrong)

    def again(self) -> None:
        """A request sent before: as it was, or its msgid with other content."""
        if not self.last:
            return
        infno, body, head = self.random.choice(self.last)
        if self.random.random() < 0.5:
            body = body.replace(b"1", b"2", 1) if self.random.random() < 0.5 else body + b" "
        self.post("again", infno, body, head)

    def honest(self) -> None:
        """An honest visit or stay; its next steps are ripe for attack. The stay before is brought to its end."""
        clinic = self.cast.clinics[self.random.choice(("hospital", "second"))]
        with Hospital(Address(f"http://127.0.0.1:{self.port}"), clinic.institution, seen=self.overheard) as hospital:
            try:
                if self.random.random() < 0.4:
                    self.finish_stay()
                    self.begin_stay(hospital, clinic)
                else:
                    self.begin_visit(hospital, clinic)
            except TurnedDown as refusal:           # attacks have left the person where honest care is refused
                self.findings.codes[f"honest: {refusal.exchange.text.partition(' ')[0]}"] += 1

    def begin_visit(self, hospital: Hospital, clinic: Clinic) -> None:
        """An outpatient visit up to its lines, sometimes to its settlement."""
        found = [self.cast.diagnoses["ordinary"]]
        patient = known(hospital, self.cast.people[self.random.choice(OUTPATIENTS)])
        visit = outpatient.registered(hospital, clinic, patient)
        outpatient.described(hospital, visit, found)
        visit = outpatient.charged(hospital, visit, list(self.cast.items.values())[:3])
        alone = inputs.undo(patient, visit.mdtrt_id, "")
        lines = inputs.outpatient_lines(patient, clinic, visit.mdtrt_id, visit.batch, visit.charges, self.now())
        told = inputs.visit(patient, clinic, visit.mdtrt_id, visit.med_type, found, self.now())
        steps = [("2206", visit.bill()), ("2207", visit.bill()), ("2205", alone), ("2202", alone), ("2204", lines), ("2203", told)]
        if self.random.random() < 0.5:
            output = outpatient.settled(hospital, visit).output
            undo = inputs.undo(patient, visit.mdtrt_id, str(output["setlinfo"]["setl_id"]))
            steps += [(infno, undo) for infno in ("2208", "2305", "2103", "5203", "5204", "5202")]
        self.ripen(clinic, steps)

    def begin_stay(self, hospital: Hospital, clinic: Clinic) -> None:
        """A stay up to its lines."""
        patient = known(hospital, self.cast.people[self.random.choice(INPATIENTS)])
        found = [self.cast.diagnoses["stay"]]
        stay = inpatient.charged(hospital, inpatient.admitted(hospital, clinic, patient, found), list(self.cast.items.values())[:3])
        self.stay = (clinic, stay)
        bill, alone = inpatient.bill(hospital, stay), inpatient.simple(stay)
        lines = inputs.inpatient_lines(patient, clinic, stay.mdtrt_id, stay.med_type, stay.charges, self.now())
        change = inputs.admission_change(patient, clinic, stay.mdtrt_id, stay.number, found, self.now())
        leave = inputs.discharge(patient, clinic, stay.mdtrt_id, found, self.now())
        steps = [("2301", lines), ("2303", bill), ("2304", bill), ("2403", change), ("2402", leave), ("2404", alone), ("2405", alone)]
        self.ripen(clinic, steps)

    def finish_stay(self) -> None:
        """Discharge and settle the stay that was begun, if attacks have left it so that it can be."""
        if self.stay is None:
            return
        (clinic, stay), self.stay = self.stay, None
        with Hospital(Address(f"http://127.0.0.1:{self.port}"), clinic.institution, seen=self.overheard) as hospital:
            try:
                inpatient.discharged(hospital, stay)
                settled = inpatient.settled(hospital, stay)
                told = inpatient.settlement_list(hospital, stay, settled)
                self.ripen(clinic, [("4101", told), ("4101A", told), ("2405", inpatient.simple(stay))])
            except TurnedDown:
                hospital.call("2302", {"data": [{**inpatient.simple(stay)["data"], "feedetl_sn": "0000"}]})
                hospital.call("2404", inpatient.simple(stay))

    def ripen(self, clinic: Clinic, steps: list[tuple[str, Any]]) -> None:
        """Steps that would be right now."""
        self.ripe = [(infno, clinic.institution, given) for infno, given in steps] + self.ripe[:30]

    # --- making and sending -----------------------------------------------------------------------------------------------

    def overheard(self, exchange: Exchange) -> None:
        """An honest exchange: learnt from, and judged like any other."""
        overheard(self.memory, self.corpus, exchange)
        reply = Reply(exchange.status, exchange.content_type, exchange.content, exchange.seconds)
        self.findings.noted("honest", exchange.infno, exchange.body, reply, faults(reply, self.persons, exchange.body))

    def honest_input(self, infno: str) -> tuple[Institution | None, Any]:
        """Who sent an honest input of a number, and a copy of it."""
        kept = self.corpus.get(infno)
        if not kept:
            return None, {}
        institution, given = self.random.choice(kept)
        return institution, hostile.copied(given)

    def honest_body(self, infno: str) -> bytes:
        """An honest message of a number."""
        institution, given = self.honest_input(infno)
        return hostile.encoded(self.envelope(infno, given, institution))

    def recall(self, random: Random, described: Field) -> Any:
        """A known value of a field."""
        return self.memory.recall(random, described.name)

    def rebound(self, tree: Any) -> Any:
        """The tree with some of its numbers of documents and persons changed for others that exist."""
        for container, name in hostile.places(tree):
            if isinstance(name, str) and name in REBOUND and self.random.random() < 0.3:
                container[name] = self.memory.recall(self.random, name) or container[name]
        return tree

    def bent(self, tree: Any) -> Any:
        """None to three things bent."""
        for _ in range(self.random.choice((0, 1, 1, 1, 2, 3))):
            hostile.bent(self.random, tree)
        return tree

    def envelope(self, infno: str, given: Any, institution: Institution | None = None) -> dict[str, Any]:
        """A right envelope, of one of the institutions."""
        chosen = institution or self.random.choice(self.clinics)
        self.serial += 1
        msgid = message_id(chosen.code, self.now(), self.serial)[:-6] + secrets.token_hex(3)
        return envelope(chosen, infno, given, msgid=msgid, at=self.now())

    def now(self) -> datetime:
        """The clock on the wall."""
        return datetime.now(BEIJING)

    def send(self, way: str, infno: str, message: dict[str, Any]) -> None:
        """A message through the open channel."""
        self.post(way, infno, hostile.encoded(message), {})

    def post(self, way: str, infno: str, body: bytes, head: dict[str, str]) -> None:
        """The round trip, judged."""
        reply = self.trip(SINGLE, body, head)
        wrong = faults(reply, self.persons, body)
        if reply.status == 200 and code_of(reply) == "ok":
            self.memory.learn(json.loads(reply.content).get("output"))
        self.last = [*self.last[-30:], (infno, body, head)]
        self.findings.noted(way, infno, body, reply, wrong)

    def trip(self, path: str, body: bytes, head: dict[str, str]) -> Reply:
        """One POST over the kept connection."""
        begun = time.perf_counter()
        try:
            if self.wire is None:
                self.wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
            self.wire.request("POST", path, body, {"Content-Type": "application/json", **head})
            answer = self.wire.getresponse()
            content = answer.read()
            return Reply(answer.status, answer.headers.get("content-type", ""), content, time.perf_counter() - begun)
        except (OSError, http.client.HTTPException) as error:
            if self.wire is not None:
                self.wire.close()
            self.wire = None
            return Reply(0, "", repr(error).encode(), time.perf_counter() - begun)

    def ask_token(self, key: Key) -> None:
        """A token of the bearer scheme, asked rightly or wrongly."""
        form = self.random.choice((
            f"grant_type=password&client_id={key.key_id}&client_secret={key.secret}&username={key.user}&password={key.password}",
            "grant_type=password&username=x&password=y", "grant_type=%00", "a=" + "b&" * 50, "%ff%fe=1", "", f"client_id={'a' * 64}",
        ))  # fmt: skip
        reply = self.trip("/oauth/token", form.encode(), {"Content-Type": "application/x-www-form-urlencoded"})
        if reply.status == 200:
            self.memory.learn(json.loads(reply.content))
        self.findings.noted("token", "token", form.encode(), reply, faults(reply, self.persons, form.encode()))


REBOUND = frozenset({
    "mdtrt_id", "setl_id", "psn_no", "file_qury_no", "sign_no", "omsgid", "msgid", "trt_dcla_detl_sn", "feedetl_sn", "chrg_bchno", "certno",
    "mdtrt_cert_no", "fixmedins_code", "insutype", "med_type",
})  # fmt: skip
"""Fields whose values are changed for others that exist."""


def overheard(memory: Memory, corpus: dict[str, list[Any]], exchange: Exchange) -> None:
    """Keep an honest exchange's input, and what both sides said."""
    given = exchange.request.get("input")
    if isinstance(given, dict) and exchange.infno in served_numbers():
        kept = corpus.setdefault(exchange.infno, [])
        code, name, area = (str(exchange.request.get(key, "")) for key in ("fixmedins_code", "fixmedins_name", "mdtrtarea_admvs"))
        kept.append((Institution(code, name, area), given))
        del kept[:-12]
    memory.learn({name: value for name, value in exchange.request.items() if name in ("msgid", "sign_no")})
    memory.learn(given)
    memory.learn(exchange.output)
    for row in (exchange.request, *(given.values() if isinstance(given, dict) else ())):
        if isinstance(row, dict) and row.get("msgid"):
            memory.note("omsgid", row["msgid"])
