"""Whose is it: an institution sees and changes nothing of another's, by any served number; a channel speaks for nobody but its own.

For every number, the other institution sends what the owner had sent, and inputs drawn from the description that name the owner's visits,
settlements, files, messages and sign-ins. Nothing of the owner's may come back, and no row of the owner's may change.
"""

import json
import secrets
from datetime import datetime
from random import Random

import psycopg
import pytest

from openyibao.gateway.describe import served_numbers
from openyibao.outside.hospital.addresses import Address
from openyibao.outside.hospital.client import Hospital
from openyibao.outside.hospital.envelope import BEIJING, envelope
from openyibao.outside.hospital.journeys import inpatient, outpatient
from openyibao.outside.hospital.journeys.people import known
from openyibao.outside.hospital.signing import Key
from security import hostile
from security.drawing import Memory, drawn_input
from security.oracles import Reply, faults
from security.town import NARROW, SECRET

NUMBERS = served_numbers()
DRAWS = 2
MARK = "QZMARK"
PRIVATE = ("mdtrt_id", "setl_id", "file_qury_no", "diag_info_id", "sign_no", "omsgid", "setl_list_id")
"""Fields whose values the bureau, or the owner for itself, made: nobody else's rows carry them."""

EVERYBODYS = {"5205": "the drugs of a person's chronic bills, wherever they were bought: the national query is over all institutions"}
"""Numbers that answer other institutions' rows because that is what they are for."""

OWN = (
    ("settlement_encounter", "fixmedins_code = %s"), ("settlement_settlement", "fixmedins_code = %s"),
    ("settlement_message", "fixmedins_code = %s"), ("settlement_deposit", "fixmedins_code = %s"),
    ("settlement_review", "fixmedins_code = %s"), ("settlement_statement", "fixmedins_code = %s"),
    ("settlement_billlist", "fixmedins_code = %s"), ("codes_mapping", "fixmedins_code = %s"),
    ("providers_department", "fixmedins_code = %s"), ("providers_practitioner", "fixmedins_code = %s"),
    ("providers_stockmove", "fixmedins_code = %s"), ("providers_signin", "fixmedins_code = %s"),
    ("entitlement_filing", "filed_by LIKE %s || '/%%'"),
    ("settlement_line", "mdtrt_id IN (SELECT mdtrt_id FROM settlement_encounter WHERE fixmedins_code = %s)"),
    ("settlement_diagnosis", "mdtrt_id IN (SELECT mdtrt_id FROM settlement_encounter WHERE fixmedins_code = %s)"),
    ("settlement_standing", "mdtrt_id IN (SELECT mdtrt_id FROM settlement_encounter WHERE fixmedins_code = %s)"),
)  # fmt: skip
"""Tables with rows that are an institution's, and which."""

DIGEST = "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"


class Owner:
    """The institution whose things they are, with an open visit, a settled one, a stay, a file, a mapping, a department, a sign-in."""

    def __init__(self, town, cast, corpus) -> None:
        """Everything planted, and its private values known."""
        self.clinic, self.memory, self.town = cast.clinics["hospital"], Memory(), town
        own = self.clinic.institution.code
        self.sent = {infno: [given for institution, given in kept if institution.code == own] for infno, kept in corpus.items()}
        with Hospital(Address(town.url), self.clinic.institution, seen=self.learn) as hospital:
            items, ordinary = list(cast.items.values())[:2], [cast.diagnoses["ordinary"]]
            self.visit = outpatient.opened(hospital, self.clinic, known(hospital, cast.people["employee"]), items, ordinary)
            done = outpatient.opened(hospital, self.clinic, known(hospital, cast.people["retired"]), items, ordinary)
            settled = outpatient.settled(hospital, done)
            self.setl_id, self.mdtrt_id, self.msgid = settled.output["setlinfo"]["setl_id"], done.mdtrt_id, settled.msgid
            admitted = inpatient.admitted(hospital, self.clinic, known(hospital, cast.people["resident"]), ordinary)
            self.stay = inpatient.charged(hospital, admitted, items)
            hospital.sign_in()
            self.file = hospital.upload(f"{MARK}.txt", MARK.encode() * 20).output["file_qury_no"]
        with Hospital(Address(town.url), self.clinic.institution) as hospital:      # unheard: the other does not know the code
            day = f"{hospital.clock():%Y-%m-%d}"
            hospital.must("3301", {"data": [{"fixmedins_hilist_id": MARK, "fixmedins_hilist_name": MARK, "list_type": "101",
                                             "med_list_codg": items[0].code, "begndate": day, "enddate": "2099-12-31"}]})  # fmt: skip
        for rows in self.sent.values():
            for given in rows:
                self.memory.learn(given)
        self.private = {str(value) for name in PRIVATE for value in self.memory.seen.get(name, ()) if len(str(value)) > 3} | {MARK}

    def learn(self, exchange) -> None:
        """What the owner said and was told."""
        self.memory.learn(exchange.request["input"])
        self.memory.learn(exchange.output)
        for name in ("msgid", "omsgid"):
            self.memory.note(name, exchange.request["msgid"])

    def recall(self, random, field):
        """A value of the owner's for a field."""
        return self.memory.recall(random, field.name)

    def rows(self) -> dict[str, str]:
        """A digest of the owner's rows, table by table."""
        code = self.clinic.institution.code
        with psycopg.connect(self.town.address(), autocommit=True) as connection:
            return {
                table: connection.execute(f"{DIGEST} FROM {table} t WHERE {whose}", [code]).fetchone()[0]
                for table, whose in OWN
            }  # fmt: skip


@pytest.fixture(scope="module")
def owner(town, cast, honest):
    """The owner."""
    return Owner(town, cast, honest[1])


@pytest.fixture(scope="module")
def other(town, cast):
    """Another institution's connection."""
    with Hospital(Address(town.url), cast.clinics["second"].institution) as hospital:
        yield hospital


def asked(hospital, infno, given):
    """(what was sent, the reply as text, the exchange) of a message as somebody sends it."""
    msgid = f"{hospital.institution.code}{secrets.token_hex(9)}"
    message = envelope(hospital.institution, infno, given, msgid=msgid, at=hospital.clock())
    body = hostile.encoded(message)
    exchange = hospital.send(message, body=body)
    return body.decode(), exchange.content.decode(errors="replace"), exchange


def test_every_number_leaves_anothers_things_alone(owner, other):
    random, wrong = Random(3), []
    before = owner.rows()
    for infno in NUMBERS:
        tries = [hostile.copied(given) for given in owner.sent.get(infno, [])[-DRAWS:]]
        tries += [drawn_input(random, infno, owner.recall, datetime.now(BEIJING)) for _ in range(DRAWS)]
        for given in tries:
            sent, told, exchange = asked(other, infno, given)
            reply = Reply(exchange.status, exchange.content_type, exchange.content, 0)
            wrong += [f"{infno}: {fault}" for fault in faults(reply, [], sent.encode())]
            shown = sorted((owner.private & values_in(told)) - values_in(sent))
            if shown and infno not in EVERYBODYS:
                wrong.append(f"{infno} shows {shown[:3]}: {told[:300]} to {sent[-300:]}")
        after = owner.rows()
        changed = [table for table in after if after[table] != before[table]]
        if changed:
            wrong.append(f"{infno} changed {changed}")
            before = after
    assert wrong == []
    assert len(owner.sent) > 60


def values_in(text: str) -> set[str]:
    """Every scalar of a JSON text, as text; of a file its first bytes."""
    try:
        tree = json.loads(text)
    except ValueError:
        return {text[: len(MARK)]}
    return {str(container[key]) for container, key in hostile.places(tree) if not isinstance(container[key], dict | list)}


EVER = {"begntime": "2020-01-01 00:00:00", "endtime": "2099-01-01 00:00:00"}
READS = {
    "5201": lambda owner: {"data": {"psn_no": owner.visit.patient.psn_no, "mdtrt_id": owner.visit.mdtrt_id, **EVER}},
    "5202": lambda owner: {"data": {"psn_no": owner.visit.patient.psn_no, "mdtrt_id": owner.visit.mdtrt_id}},
    "5203": lambda owner: {"data": {"psn_no": "", "setl_id": owner.setl_id, "mdtrt_id": ""}},
    "5204": lambda owner: {"data": {"psn_no": owner.visit.patient.psn_no, "mdtrt_id": owner.mdtrt_id, "setl_id": owner.setl_id}},
    "5303": lambda owner: {"data": {"psn_no": owner.stay.patient.psn_no, **EVER}},
    "9102": lambda owner: {"fsDownloadIn": {"file_qury_no": owner.file, "filename": f"{MARK}.txt", "fixmedins_code": "plc"}},
    "1317": lambda owner: {"data": {"medins_list_codg": MARK, "page_num": 1, "page_size": 10}},
}  # fmt: skip


@pytest.mark.parametrize("infno", READS)
def test_the_owner_reads_it_and_the_other_does_not(owner, other, town, infno):
    given = READS[infno](owner)
    with Hospital(Address(town.url), owner.clinic.institution) as hospital:
        _, _, mine = asked(hospital, infno, hostile.copied(given))
    _, _, theirs = asked(other, infno, hostile.copied(given))
    assert mine.ok
    assert content(mine)
    assert not theirs.ok or not content(theirs)


def content(exchange):
    """The rows of an answer, or a file's bytes."""
    if exchange.is_file:
        return exchange.content
    output = exchange.output
    named = () if isinstance(output, list) else ("mdtrtinfo", "diseinfo", "setlinfo", "data", "feedetail")
    rows = [output.get(node) for node in named] or [output]
    return [row for row in rows if row]


def test_a_message_is_told_to_its_sender_alone(owner, other, town):
    with Hospital(Address(town.url), owner.clinic.institution) as hospital:
        _, _, mine = asked(hospital, "Y0001", {"data": {"msgid": owner.msgid}})
    _, _, theirs = asked(other, "Y0001", {"data": {"msgid": owner.msgid}})
    assert mine.output["data"]["state"] == "committed"
    assert theirs.output["data"]["state"] == "unknown"


KEYS = {
    "csb": Key("csb", "narrow-ak", SECRET), "tif": Key("tif", "narrow-paas", SECRET), "apikey": Key("apikey", secret=SECRET),
    "bearer": Key("bearer", "narrow-client", SECRET, user="narrow", password=SECRET),
}  # fmt: skip


@pytest.mark.parametrize("scheme", KEYS)
def test_a_channel_speaks_for_no_other_institution(cast, town, scheme):
    with Hospital(Address(town.url), cast.clinics["hospital"].institution, KEYS[scheme]) as hospital:
        codes = {infno: hospital.call(infno, {"data": {}}).text.partition(" ")[0] for infno in NUMBERS}
    assert set(codes.values()) == {"DOOR-22"}, codes


@pytest.mark.parametrize("scheme", KEYS)
def test_a_narrow_channel_speaks_for_its_own(cast, town, scheme):
    own = cast.clinics["hospital"].institution.__class__(NARROW, "x", "530402")
    with Hospital(Address(town.url), own, KEYS[scheme]) as hospital:
        assert hospital.call("1201", {"medinsinfo": {"fixmedins_type": "1", "fixmedins_code": NARROW}}).ok


@pytest.mark.parametrize("infno", ["1101", "2207", "5201", "9001", "9999"])
def test_the_open_channel_does_not_speak_for_who_has_a_signed_one(cast, town, infno):
    own = cast.clinics["hospital"].institution.__class__(NARROW, "x", "530402")
    with Hospital(Address(town.url), own) as hospital:
        exchange = hospital.call(infno, {"data": {}})
    assert (exchange.status, exchange.text[:7]) == (401, "DOOR-11")


def test_a_closed_channel_lets_nobody_in(cast, town):
    own = cast.clinics["hospital"].institution.__class__(NARROW, "x", "530402")
    with Hospital(Address(town.url), own, Key("csb", "closed-ak", SECRET)) as hospital:
        assert hospital.call("1101", {"data": {}}).text.startswith("DOOR-16")


LOOKS = {
    "1101": lambda psn, certno: {"data": {"mdtrt_cert_type": "02", "mdtrt_cert_no": certno, "psn_cert_type": "01", "certno": certno}},
    "2001": lambda psn, certno: {"data": {"psn_no": psn, "insutype": "310", "med_type": "11", "begntime": "2026-06-01 08:00:00"}},
    "5206": lambda psn, certno: {"data": {"psn_no": psn, "cum_ym": ""}},
    "5301": lambda psn, certno: {"data": {"psn_no": psn}},
    "5302": lambda psn, certno: {"data": {"psn_no": psn, "biz_appy_type": "01"}},
    "5304": lambda psn, certno: {"data": {"psn_no": psn, "begntime": "2026-01-01 00:00:00", "endtime": "2026-12-31 00:00:00"}},
    "5205": lambda psn, certno: {"data": {"psn_no": psn, "begntime": "2026-01-01 00:00:00", "endtime": "2026-12-31 00:00:00"}},
}  # fmt: skip


@pytest.mark.parametrize("infno", LOOKS)
def test_who_looks_at_a_person_is_noted(owner, other, town, infno):
    patient = owner.visit.patient
    count = "SELECT count(*) FROM staff_look WHERE psn_no = %s AND purpose = %s AND officer LIKE %s"
    values = (patient.psn_no, infno, f"{other.institution.code}/%")
    before = town.rows(count, *values)[0][0]
    _, told, exchange = asked(other, infno, LOOKS[infno](patient.psn_no, patient.person.certno))
    assert exchange.ok, told
    assert town.rows(count, *values)[0][0] == before + 1


def test_identity_numbers_are_nowhere_in_the_log(owner, cast, town):
    log = town.log()
    assert [person.certno for person in cast.people.values() if person.certno in log] == []


def test_what_is_private_is_known(owner):
    assert len(owner.private) > 30
    assert json.dumps(sorted(owner.private))
