"""A store into the database 年度库入库: registers, then persons by the chunk, each chunk whole in one transaction, then the seals.

A chunk that is there already is not written again, so that a load that was stopped goes on where it was. The chunks are independent, and
run under any runner of whole-city runs. No models are imported here: a worker process needs no Django, only the address and the keys.
"""

import gc
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import psycopg

from openyibao.bureau.archive.bills import (
    Bill,
    Holder,
    Standing,
    Writer,
    Year1,
    claims_of,
    results_of,
    standing_of,
)
from openyibao.bureau.archive.city import City, city_of, columns_of
from openyibao.bureau.archive.copying import Sheets, date_text, numbers
from openyibao.bureau.archive.invented import name_of
from openyibao.bureau.archive.keeping import Beside, Progress, unswept
from openyibao.bureau.archive.persons import OPEN, SOURCE, Paid, Person, Set, Span, rows_as, write_dues, write_person
from openyibao.bureau.enrolment.cipher import Cipher
from openyibao.warehouse.run.credits import credits_of
from openyibao.warehouse.run.runner import Runner
from openyibao.warehouse.tables.store import Store

PERSONS = 1_000
"""Persons of a chunk."""
MONTHS = 12


THERE = "SELECT 1 FROM enrolment_relation WHERE psn_no = ANY(%s) AND source = %s LIMIT 1"
"""Whether a chunk was loaded: a person of it has a relation that a load wrote. Others' persons of the same number are a clash."""


class Chunk(NamedTuple):
    """Some persons of a bucket, and where their rows go."""

    root: str
    form: str
    years: tuple[int, ...]
    bucket: int
    first: int  # rows of `person`
    stop: int
    url: str
    keys: tuple[bytes, bytes]


class Done(NamedTuple):
    """What became of a chunk."""

    persons: int
    settled: int
    refused: int  # bills that nobody but the person paid: no settlement at a window
    rows: int
    there: bool  # it was there already
    aside: tuple[Set, ...]


class Arrived(NamedTuple):
    """What became of a store."""

    persons: int
    settled: int
    refused: int
    rows: int
    there: int  # persons that were there already
    sealed: int
    aside: tuple[Set, ...]


def arrived(
    store: Store, years: Sequence[int], url: str, keys: tuple[bytes, bytes], runner: Runner, progress: Progress, seal: bool = True
) -> Arrived:
    """Write a store's registers, persons and the bills of `years` into the database. The policy package must be kept there already.

    url       the database; keys  cipher and index key of identity numbers
    seal      seal the journal as well; otherwise the server's sealer does it when it runs
    Raises Differs for a bill that settles otherwise than recorded, StoreProblem, PolicyError, psycopg.Error.
    """
    city = city_of(str(store.root), store.form)
    with psycopg.connect(url) as connection:
        write_registers(connection, city)
    chunks = list(chunks_of(store, years, url, keys))
    total = sum(chunk.stop - chunk.first for chunk in chunks)
    done: list[Done] = []
    with unswept(url), Beside(url if seal else "") as sealing:
        for one in runner.run(write_chunk, chunks):
            done.append(one)
            progress("persons", sum(part.persons for part in done), total)
        sealed = sealing.finish(progress)
    return Arrived(
        sum(one.persons for one in done), sum(one.settled for one in done), sum(one.refused for one in done), sum(one.rows for one in done),
        sum(one.persons for one in done if one.there), sealed, tuple(set_aside for one in done for set_aside in one.aside),
    )  # fmt: skip


def chunks_of(store: Store, years: Sequence[int], url: str, keys: tuple[bytes, bytes]) -> Iterator[Chunk]:
    """The persons of every bucket in chunks."""
    for bucket in store.buckets():
        count = store.read("person", None, bucket, ["person"]).num_rows
        for first in range(0, count, PERSONS):
            yield Chunk(str(store.root), store.form, tuple(years), bucket, first, min(first + PERSONS, count), url, keys)


def write_registers(connection: Any, city: City) -> None:
    """Institutions with their agreements, practitioners, employers; those that are there stay as they are."""
    store = city.store
    institution, practitioner, employer = (store.arrays(name) for name in ("institution", "practitioner", "employer"))
    names, starts, ends = (institution[name].tolist() for name in ("name", "starts", "ends"))
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO providers_institution (fixmedins_code, name, kind, hosp_lv, uscc, admdvs, detail) "
            "VALUES (%s, %s, %s, %s, '', %s, '{}') ON CONFLICT DO NOTHING",
            [(place.code, name, "2" if place.pharmacy else "1", place.hosp_lv, place.admdvs)
             for place, name in zip(city.places, names, strict=True)],
        )  # fmt: skip
        cursor.executemany(
            "INSERT INTO providers_agreement (institution_id, number, starts, ends, scope) VALUES (%s, %s, %s, %s, '') "
            "ON CONFLICT DO NOTHING",
            [(place.code, f"{place.admdvs}-{place.code}", date_text(first), None if last >= OPEN else date_text(last))
             for place, first, last in zip(city.places, starts, ends, strict=True)],
        )  # fmt: skip
        columns = (practitioner[name].tolist() for name in ("code", "institution", "department", "starts", "ends"))
        cursor.executemany(
            "INSERT INTO providers_practitioner (code, kind, name, fixmedins_code, hosp_dept_codg, starts, ends, detail) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, '{\"hi_dr_flag\": \"1\"}') ON CONFLICT DO NOTHING",
            [(code, "3" if city.places[at].pharmacy else "1", name_of(number), city.places[at].code, str(department),
              date_text(first), None if last >= OPEN else date_text(last))
             for number, (code, at, department, first, last) in enumerate(zip(*columns, strict=True))],
        )  # fmt: skip
        columns = (employer[name].tolist() for name in ("code", "name", "town"))
        cursor.executemany(
            "INSERT INTO enrolment_employer (emp_no, uscc, name, admdvs) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [(code, code[:18], name, city.counties[town]) for code, name, town in zip(*columns, strict=True)],
        )
    connection.commit()


def write_chunk(chunk: Chunk) -> Done:
    """Write the persons of a chunk with everything of theirs, whole or not at all."""
    collecting = gc.isenabled()
    gc.disable()        # a chunk's rows wait by the hundred thousand, none in a cycle: looking through them cost a seventh of the time
    try:
        return chunk_written(chunk)
    finally:
        if collecting:
            gc.enable()


def chunk_written(chunk: Chunk) -> Done:
    """`write_chunk` once the collector rests."""
    city = city_of(chunk.root, chunk.form)
    register = columns_of(chunk.root, chunk.form, "person", None, chunk.bucket)
    people: list[Person] = rows_as(Person, register, chunk.first, chunk.stop)
    with psycopg.connect(chunk.url, autocommit=True) as connection:
        if connection.execute(THERE, [[person.psn_no for person in people], SOURCE]).fetchone() is not None:
            return Done(len(people), 0, 0, 0, True, ())
        sheets, cipher = Sheets(), Cipher(*chunk.keys)
        aside = write_people(sheets, city, chunk, people, cipher)
        writer = Writer(sheets, city, city.book.digest, numbers(connection, 2 * bills_in(chunk, people)))
        balances = write_money(writer, chunk, people)
        for psn_no, fen in balances.items():
            sheets.add("enrolment_account", psn_no, fen)
        with connection.transaction():
            connection.execute("SET LOCAL synchronous_commit = off")
            rows = sheets.pour(connection)
    return Done(len(people), writer.settled, writer.refused, rows, False, tuple(aside))


def between(columns: dict[str, Any], people: Sequence[Person]) -> tuple[int, int]:
    """The rows of some consecutive persons in a file sorted by person."""
    ends = np.searchsorted(columns["person"], [people[0].person, people[-1].person + 1])
    return int(ends[0]), int(ends[1])


def bills_in(chunk: Chunk, people: Sequence[Person]) -> int:
    """How many bills a chunk has at most."""
    spans = (between(columns_of(chunk.root, chunk.form, "bill", year, chunk.bucket), people) for year in chunk.years)
    return max(sum(stop - start for start, stop in spans), 1)


def write_people(sheets: Sheets, city: City, chunk: Chunk, people: Sequence[Person], cipher: Cipher) -> list[Set]:
    """The persons without money; what is set aside."""
    cover = columns_of(chunk.root, chunk.form, "cover", None, chunk.bucket)
    spans: dict[int, list[Span]] = {}
    for span in rows_as(Span, cover, *between(cover, people)):
        spans.setdefault(span.person, []).append(span)
    return [
        problem
        for person in people
        for problem in write_person(sheets, city, person, spans.get(person.person, []), cipher, chunk.years[-1])
    ]


def write_money(writer: Writer, chunk: Chunk, people: Sequence[Person]) -> dict[str, int]:
    """Dues, credits and bills of the persons, year by year; each one's account at the end."""
    names = {person.person: person for person in people}
    standings: dict[tuple[int, int], Standing] = {}
    for year in chunk.years:
        write_year(writer, chunk, people, names, standings, year)
    balances: dict[str, int] = {}
    for standing in standings.values():
        writer.close(standing)
        balances[standing.psn_no] = balances.get(standing.psn_no, 0) + standing.account
    return balances


def write_year(
    writer: Writer, chunk: Chunk, people: Sequence[Person], names: dict[int, Person], standings: dict[tuple[int, int], Standing], year: int
) -> None:
    """One year of the persons."""
    root, form, bucket, city = chunk.root, chunk.form, chunk.bucket, writer.city
    holder, bill, result, paid = (columns_of(root, form, table, year, bucket) for table in ("holder", "bill", "result", "contribution"))
    start, stop = between(holder, people)
    own = {name: column[start:stop] for name, column in holder.items()}
    credits = credits_of(own, city.package(year)).tolist()
    owners = owners_of(chunk, year)
    opened: list[Year1] = []
    for place, one in enumerate(rows_as(Holder, own, 0, stop - start)):
        standing = standing_of(standings, one.person, one.scheme, names[one.person].psn_no)
        writer.open(one, standing, year)
        opened.append(Year1(one, standing, credits[place], owners.get(names[one.person].household, owners[NOBODY])))
    for due in rows_as(Paid, paid, *between(paid, people)):
        one_year = opened[due.holder - start]
        write_dues(writer.sheets, city, one_year.standing.psn_no, year, due, one_year.credits)
    credited = [0] * len(opened)
    file = str(Store(city.store.root, form).path("result", year, bucket))
    first, last = between(bill, people)
    person = -1
    rows = zip(
        bill["holder"][first:last].tolist(), rows_as(Bill, bill, first, last), claims_of(bill, first, last),
        results_of(result, first, last), strict=True,
    )  # fmt: skip
    for at, said, claim, recorded in rows:
        place, month = at - start, claim.day // 100 % 100
        one_year = opened[place]
        while credited[place] < month:
            credited[place] += 1
            writer.credit(one_year, year, credited[place])
        if one_year.holder.person != person:
            person, writer.moment = one_year.holder.person, 0
        writer.settle(one_year, said, claim, recorded, file)
    for place, one_year in enumerate(opened):
        for month in range(credited[place] + 1, MONTHS + 1):
            writer.credit(one_year, year, month)


NOBODY = -1
"""Household number of somebody whose household has no account: any account of the bucket stands in."""


def owners_of(chunk: Chunk, year: int) -> dict[int, str]:
    """The account of each household 共济账户: that of its first employee."""
    holder = columns_of(chunk.root, chunk.form, "holder", year, chunk.bucket)
    person = columns_of(chunk.root, chunk.form, "person", None, chunk.bucket)
    key = (chunk.root, year, chunk.bucket)
    if key not in OWNERS:
        OWNERS.clear()
        rows = np.searchsorted(person["person"], holder["person"][holder["scheme"] == 1])
        found = dict(zip(person["household"][rows][::-1].tolist(), person["psn_no"][rows][::-1].tolist(), strict=True))
        found[NOBODY] = next(iter(found.values()), str(person["psn_no"][0]))
        OWNERS[key] = found
    return OWNERS[key]


OWNERS: dict[tuple[str, int, int], dict[int, str]] = {}
"""The households' accounts of the bucket and year asked for last."""
