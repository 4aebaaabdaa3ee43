"""Loading the enrolment desk's tables 参保导入: employers, persons, relations, dues, opening balances of accounts, family shares."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

from openyibao.bureau.enrolment.cipher import Cipher
from openyibao.bureau.enrolment.models import BASIC, Account, AccountMove, Due, Employer, Person, Relation, Share
from openyibao.bureau.loading.problems import Rejected, contradicts, not_there
from openyibao.bureau.loading.sift import Loaded, Row
from openyibao.bureau.loading.storing import CHUNK, copied, midnight, present, stored

VOID = "3"
OPENING = "opening"
FAR = date.max


def load_employers(rows: Sequence[Row]) -> Loaded:
    """Employers 参保单位."""
    wanted = {
        (values["emp_no"],): {
            "uscc": values["uscc"], "name": values["emp_name"], "admdvs": values["admdvs"], "closed_on": values["closed_on"],
        } for _, values in rows
    }  # fmt: skip
    return stored(Employer.objects.all(), ("emp_no",), wanted)


def load_people(rows: Sequence[Row], cipher: Cipher) -> Loaded:
    """Persons 参保人, their numbers sealed.

    A number that a file gives another certificate, and a certificate that another number has, are set aside: which of them is right is for
    the desk to say (merging), not for a file. What a file leaves out of `detail` stays as it was.
    """
    sealed = {line: cipher.index(values["certno"]) for line, values in rows}
    holder = holders(set(sealed.values()))
    standing = {person.psn_no: person for person in Person.objects.filter(psn_no__in={values["psn_no"] for _, values in rows})}
    rejected: list[Rejected] = []
    wanted: dict[tuple[Any, ...], dict[str, Any]] = {}
    for line, values in rows:
        psn_no, index = values["psn_no"], sealed[line]
        before = standing.get(psn_no)
        other = holder.setdefault((values["psn_cert_type"], index), psn_no)
        if other != psn_no:
            rejected.append(contradicts(line, "certno", "", f"这个证件已登记为人员 {other}；是否同一人，请到窗口合并。",
                                        f"This certificate is person {other}'s: if both are one person, merge them at the desk."))
            continue
        if before is not None and bytes(before.certno_index) != index:
            rejected.append(contradicts(line, "certno", "", f"人员 {psn_no} 登记的是另一个证件号码；更正请到窗口办理。",
                                        f"Person {psn_no} is registered with another certificate: correct it at the desk."))
            continue
        if before is not None and before.name != values["psn_name"]:
            rejected.append(contradicts(line, "psn_name", values["psn_name"], f"人员 {psn_no} 登记的姓名不同；更正请到窗口办理。",
                                        f"Person {psn_no} is registered under another name: correct it at the desk."))
            continue
        wanted[psn_no,] = {
            "psn_cert_type": values["psn_cert_type"], "certno_index": index, "name": values["psn_name"], "gend": values["gend"],
            "certno_cipher": cipher.seal(values["certno"]),
            "naty": values["naty"], "brdy": values["brdy"], "died_on": values["died_on"], "admdvs": values["admdvs"],
            "register_admdvs": values["register_admdvs"], "household": values["household"],
            "detail": {**(before.detail if before else {}), **({"memo": values["memo"]} if values["memo"] else {})},
        }  # fmt: skip
    return stored(Person.objects.all(), ("psn_no",), wanted, along=("certno_cipher",))._replace(rejected=rejected)


def holders(indexes: set[bytes]) -> dict[tuple[str, bytes], str]:
    """Which person holds a certificate, by its type and blind index."""
    found: dict[tuple[str, bytes], str] = {}
    asked = list(indexes)
    for first in range(0, len(asked), CHUNK):
        rows = Person.objects.filter(certno_index__in=asked[first:first + CHUNK], merged_into="")
        for kind, index, psn_no in rows.values_list("psn_cert_type", "certno_index", "psn_no"):
            found[kind, bytes(index)] = psn_no
    return found


def of_known_people(rows: Sequence[Row], column: str = "psn_no") -> tuple[list[Row], list[Rejected]]:
    """Rows of persons that are there, and the rest with its reason."""
    known = present(Person.objects.all(), "psn_no", (values[column] for _, values in rows))
    sound = [row for row in rows if row.values[column] in known]
    return sound, [not_there(line, column, values[column], "参保人", "person") for line, values in rows if values[column] not in known]


def load_relations(rows: Sequence[Row]) -> Loaded:
    """Spans of insurance 参保关系. A span is known by person, scheme and first day; two basic ones on one day are set aside."""
    sound, rejected = of_known_people(rows)
    wanted: dict[tuple[Any, ...], dict[str, Any]] = {}
    taken = basic_spans({values["psn_no"] for _, values in sound})
    for _, values in sound:         # spans that this file closes make room, in whatever order its rows come
        known = taken[values["psn_no"]]
        if (values["insutype"], values["starts"]) in known:
            known[values["insutype"], values["starts"]] = (values["starts"], values["ends"] or FAR)
    for line, values in sound:
        key = (values["psn_no"], values["insutype"], values["starts"])
        span = (values["starts"], values["ends"] or FAR)
        if values["insutype"] in BASIC and values["psn_insu_stas"] != VOID:
            mine = taken[values["psn_no"]]
            clash = next((other for other, held in mine.items() if other != key[1:] and span[0] < held[1] and held[0] < span[1]), None)
            if clash is not None:
                rejected.append(contradicts(
                    line, "starts", str(values["starts"]),
                    f"与该人自 {clash[1]} 起的 {clash[0]} 关系重叠；同一天只能有一种基本医保，请先终止前一段。",
                    f"Overlaps this person's {clash[0]} relation from {clash[1]}: one basic scheme a day; end the other first.",
                ))
                continue
            mine[key[1:]] = span
        wanted[key] = {
            "admdvs": values["admdvs"], "emp_no": values["emp_no"], "psn_type": values["psn_type"], "state": values["psn_insu_stas"],
            "ends": values["ends"], "benefit_from": values["benefit_from"] or values["starts"],
            "benefit_to": values["benefit_to"] or values["ends"], "wait_until": values["wait_until"],
            "suspended_from": values["suspended_from"], "suspended_to": values["suspended_to"], "paid_through": values["paid_through"],
            "civil_servant": values["cvlserv_flag"], "maternity": values["maternity"], "added": values["added"], "source": "load",
        }  # fmt: skip
    loaded = stored(Relation.objects.exclude(state=VOID), ("psn_no", "insutype", "starts"), wanted)
    return loaded._replace(rejected=rejected)


def basic_spans(people: set[str]) -> dict[str, dict[tuple[str, date], tuple[date, date]]]:
    """Basic relations that stand: person -> (scheme, first day) -> span."""
    found: dict[str, dict[tuple[str, date], tuple[date, date]]] = defaultdict(dict)
    asked = sorted(people)
    for first in range(0, len(asked), CHUNK):
        standing = Relation.objects.filter(psn_no__in=asked[first:first + CHUNK], insutype__in=BASIC).exclude(state=VOID)
        for psn_no, insutype, starts, ends in standing.values_list("psn_no", "insutype", "starts", "ends"):
            found[psn_no][insutype, starts] = (starts, ends or FAR)
    return found


def load_dues(rows: Sequence[Row]) -> Loaded:
    """Contributions due 应缴, by bill number."""
    sound, rejected = of_known_people(rows)
    wanted = {(values["bill_no"],): {field: value for field, value in values.items() if field != "bill_no"} for _, values in sound}
    return stored(Due.objects.all(), ("bill_no",), wanted)._replace(rejected=rejected)


def load_accounts(rows: Sequence[Row]) -> Loaded:
    """Opening balances 期初余额 of personal accounts: one opening move each, and the balance raised by it. An opening is stated once."""
    sound, rejected = of_known_people(rows)
    people = {values["psn_no"] for _, values in sound}
    opened = dict(AccountMove.objects.filter(kind=OPENING, psn_no__in=people).values_list("psn_no", "fen"))
    fresh: list[AccountMove] = []
    same = 0
    for line, values in sound:
        psn_no, fen = values["psn_no"], values["balc"]
        if psn_no not in opened:
            fresh.append(AccountMove(psn_no=psn_no, at=midnight(values["as_of"]), kind=OPENING, fen=fen, ref=OPENING))
        elif opened[psn_no] == fen:
            same += 1
        else:
            stands = yuan(opened[psn_no])
            rejected.append(contradicts(line, "balc", yuan(fen), f"期初余额已导入为 {stands}，不能改写；差额请记调整。",
                                        f"The opening balance is {stands} already and stays: book the difference as an adjustment."))
    Account.objects.bulk_create([Account(psn_no=psn_no) for psn_no in sorted(people)], ignore_conflicts=True)
    copied(AccountMove, fresh)
    raise_balances(fresh)
    return Loaded(len(fresh), 0, same, rejected)


def yuan(fen: int) -> str:
    """Fen as yuan text."""
    return f"{fen // 100}.{fen % 100:02d}"


def raise_balances(moves: Sequence[AccountMove]) -> None:
    """Add moves to the balances they belong to, in the database, so that a payment of the same moment is not lost."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE enrolment_account a SET balance = a.balance + m.fen FROM unnest(%s::text[], %s::bigint[]) AS m (psn_no, fen) "
            "WHERE a.psn_no = m.psn_no",
            [[move.psn_no for move in moves], [move.fen for move in moves]],
        )


def load_shares(rows: Sequence[Row]) -> Loaded:
    """Family shares of accounts 家庭共济."""
    owners, rejected = of_known_people(rows, "owner")
    sound, more = of_known_people(owners, "relative")
    wanted = {
        (values["owner"], values["relative"], values["starts"]): {
            "relation": values["relation"], "ends": values["ends"], "place": values["place"], "limit": values["limit"],
        } for _, values in sound
    }  # fmt: skip
    return stored(Share.objects.all(), ("owner", "relative", "starts"), wanted)._replace(rejected=[*rejected, *more])
