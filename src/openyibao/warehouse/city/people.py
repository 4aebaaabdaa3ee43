"""The people of a bucket over all years 参保人: tables `person` and `cover`, and year by year `holder` and `contribution`.

    folk = folk_of(ground_of(city), bucket)
    folk.years[2023].holder["age"]

Everything is drawn from streams of the bucket, so a bucket is the same whoever makes it and whatever else is made.
"""

from typing import Any, NamedTuple

import numpy as np

from openyibao.kernel.codes import EMPLOYEE, RESIDENT, WHOLE
from openyibao.warehouse.city.bucketful import EMPLOYED, FLEXIBLE, RETIREE, Bucketful
from openyibao.warehouse.city.contributions import contributed, employers_table, grown, suspensions
from openyibao.warehouse.city.draws import Array
from openyibao.warehouse.city.ground import Ground
from openyibao.warehouse.city.people_first import people_on_the_eve, rural_of
from openyibao.warehouse.city.people_year import live_a_year
from openyibao.warehouse.tables.schema import BUCKET

Columns = dict[str, Any]
RANGE = "9"
"""First of the twenty digits of an invented person's number: apart from the sandbox's people, so that both fit in one database."""


class FolkYear(NamedTuple):
    """One year of a bucket: columns of `holder` without the opening figures, and of `contribution`.

    Beside the table's columns `holder` has: row (of the person), cover_from, cover_to (last day), wait_until, suspended_from and
    suspended_to (half-open; 0 = none), added, duplicate, opening (fen to open the account with where no closing of the year before is).
    """

    holder: Columns
    contribution: Columns


class Folk(NamedTuple):
    """A bucket's people; `person` has `mother` beside the table's columns, `cover` the suspensions."""

    person: Columns
    cover: Columns
    years: dict[int, FolkYear]


def folk_of(ground: Ground, bucket: int) -> Folk:
    """Everybody of a bucket over the city's years."""
    full = Bucketful(ground, bucket)
    people_on_the_eve(full)
    table, stops = employers_table(ground), suspensions(ground)
    years = {}
    for year in ground.city.years:
        live_a_year(full, year)
        holder = holders(full, year, stops)
        years[year] = FolkYear(holder, contributed(full, year, holder, table))
    open_rows = np.flatnonzero((full.here() == 1) & (full.p["scheme"] > 0))
    full.record(open_rows, 99991231)
    return Folk(person_table(full), cover_table(full, stops), years)


def holders(full: Bucketful, year: int, stops: tuple[Array, Array]) -> Columns:
    """The year's holders by person and scheme, without base and opening figures."""
    p, ground = full.p, full.ground
    found = [(np.flatnonzero(months["first"] > 0), scheme) for scheme, months in full.months.items()]
    row = np.concatenate([rows for rows, _ in found])
    scheme = np.concatenate([np.full(len(rows), number) for rows, number in found])
    order = np.lexsort((scheme, row))
    row, scheme = row[order], scheme[order]
    employee, (of_employees, of_residents) = scheme == EMPLOYEE, (full.months[EMPLOYEE], full.months[RESIDENT])
    cover = {name: np.where(employee, of_employees[name][row], of_residents[name][row]) for name in of_employees}
    employer = np.where(employee, full.employer_now[row], -1)
    job = np.where(employee, full.job_now[row], 0)
    here = (p["died"][row] == 0) & (p["gone"][row] == 0)
    retired = job == RETIREE
    return {
        "row": row, "person": full.bucket * BUCKET + row, "scheme": scheme, "status": retired.astype(np.int64), "sex": p["sex"][row],
        "age": year - p["born"][row] // 10_000, "town": p["town"][row], "aid": np.where(employee, 0, p["aid"][row]),
        "registered_poor": p["poor"][row], "civil_servant": np.append(ground.employer["civil"], 0)[employer], "employer": employer,
        "flexible": (job == FLEXIBLE).astype(np.int64), "first_month": cover["first"], "last_month": cover["last"],
        "enrolled": (here & (p["scheme"][row] == scheme)).astype(np.int64), "resident": p["resident"][row],
        "base": np.zeros(len(row), np.int64), "family": family(full, year, row, scheme),
        "pension": np.where(retired, grown(p["pension"][row], ground, "wages.pension_growth", year), 0),
        "cover_from": cover["from"], "cover_to": cover["to"], "wait_until": cover["wait"],
        **suspended(stops, np.where(job == EMPLOYED, employer, -1), cover["from"]), "added": p["added"][row],
        "duplicate": (~employee & (p["double"][row] == year)).astype(np.int64),
        "opening": np.where(employee & (cover["from"] < ground.city.years[0] * 10_000), p["opening"][row], 0),
    }  # fmt: skip


def suspended(stops: tuple[Array, Array], employer: Array, since: Array) -> Columns:
    """Days without benefit for the employer's arrears, for people covered through it since some day."""
    start, end = stops[0][employer], stops[1][employer]
    touched = (start > 0) & (end > since)
    return {"suspended_from": np.where(touched, np.maximum(start, since), 0), "suspended_to": np.where(touched, end, 0)}


def family(full: Bucketful, year: int, row: Array, scheme: Array) -> Array:
    """What a resident may use of a relative's account this year, fen: some of those who live with an employee, once accounts are shared."""
    ground = full.ground
    if not ground.terms[year].sharing:
        return np.zeros(len(row), np.int64)
    households = np.zeros(BUCKET, np.int64)
    first = full.bucket * BUCKET
    households[full.p["household"][row[scheme == EMPLOYEE]] - first] = 1
    uses = full.rng(0, "sharing").random(BUCKET)[row] < ground.profile.whole("accounts.sharing") / WHOLE
    shared = households[full.p["household"][row] - first] * uses * (scheme == RESIDENT)
    return np.asarray(shared * ground.profile.whole("accounts.shared") * 100)


def person_table(full: Bucketful) -> Columns:
    """The columns of `person`, and `mother`."""
    p, n, ground = full.p, full.count, full.ground
    rows = np.arange(n)
    register = np.where(p["local"] == 1, 1, 3)[:n] + rural_of(full)[:n]
    wage = np.where(p["job"] == RETIREE, p["pension"], np.where(p["job"] > 0, p["wage"], 0))[:n]
    first = full.bucket * BUCKET
    return {
        "person": first + rows, "psn_no": [f"{ground.book.admdvs}{RANGE}{number:019d}" for number in range(first, first + n)],
        "sex": p["sex"][:n], "born": p["born"][:n], "died": p["died"][:n], "town": p["town"][:n], "register": register,
        "household": p["household"][:n], "income": np.maximum(wage, p["wealth"][:n]), "resident": p["resident"][:n],
        "registered_poor": p["poor"][:n], "disease": p["disease"][:n], "grant": p["grant"][:n], "other_disease": p["other_disease"][:n],
        "other_grant": p["other_grant"][:n], "two_registered": p["two"][:n], "offsite": p["offsite"][:n], "place": p["place"][:n],
        "voucher": p["voucher"][:n], "mother": p["mother"][:n],
    }  # fmt: skip


def cover_table(full: Bucketful, stops: tuple[Array, Array]) -> Columns:
    """The columns of `cover`, by person and first day; the aid category and the added layers are the person's last."""
    spans = {name: np.concatenate([span[name] for span in full.spans]) for name in full.spans[0]}
    order = np.lexsort((spans["scheme"], spans["starts"], spans["row"]))
    spans = {name: column[order] for name, column in spans.items()}
    row = spans["row"]
    employed = np.where((spans["flexible"] == 0) & (spans["status"] == 0), spans["employer"], -1)
    return spans | {
        "person": full.bucket * BUCKET + row, "aid": np.where(spans["scheme"] == RESIDENT, full.p["aid"][row], 0),
        "added": full.p["added"][row],
    } | suspended(stops, employed, spans["starts"])  # fmt: skip
