"""A quick invented store with every table filled, for tests: people, bills and lines drawn plainly, settled by the law itself.

Not the synthetic city: no calibration, no behaviour. Shapes, orders, keys and money are right; figures are round.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from openyibao.kernel import codes
from openyibao.policybook.book import Book, load_book, policies_root
from openyibao.warehouse.run.block import CARRIED, scope_rows
from openyibao.warehouse.run.package import Package, package_of, recorded_path, save
from openyibao.warehouse.run.scoping import scope_bills
from openyibao.warehouse.run.settling import settle_year
from openyibao.warehouse.tables.schema import BUCKET, TABLES
from openyibao.warehouse.tables.store import Store

TOWNS, EMPLOYERS, PRACTITIONERS, ITEMS, DIAGNOSES, OPERATIONS = 6, 12, 48, 60, 20, 8
LEVELS = (0, 1, 1, 2, 2, 3, 3, 4, 5)
"""Levels of the hospitals at home; behind them stand two pharmacies and two hospitals elsewhere."""
HOME, PHARMACIES, AWAY = len(LEVELS), (9, 10), (11, 12)
INSTITUTIONS = HOME + 4
STAYS = (codes.INPATIENT, codes.DAY_SURGERY, codes.RESCUE, codes.DELIVERY, codes.CAESAREAN)
KINDS = {
    codes.OUTPATIENT: 60, codes.INPATIENT: 10, codes.CHRONIC: 10, codes.TWO_DISEASE: 5, codes.PHARMACY: 6, codes.DAY_SURGERY: 1,
    codes.RESCUE: 1, codes.DUAL_CHANNEL: 2, codes.DIALYSIS: 2, codes.DELIVERY: 1, codes.CAESAREAN: 1, codes.PRENATAL: 1,
}  # fmt: skip
FUNDS = ("employee_pool", "resident_pool", "accounts")
BEDS = (ITEMS - 2, ITEMS - 1)


def made_store(
    folder: Path, city: str = "jishou", people: int = 2_000, years: tuple[int, ...] = (2023,), seed: int = 1, buckets: int = 2,
    readings: tuple[str, ...] = (),
) -> Store:  # fmt: skip
    """A store of `people` persons in `buckets` buckets, the same for the same arguments. Years follow on from each other."""
    store, book = Store(folder), load_book(policies_root(), city, readings=readings)
    packages = {year: package_of(book, year) for year in years}
    for year, package in packages.items():
        save(package, recorded_path(store, year))
    items = registers(store, book, np.random.default_rng([seed, 99]))
    share = people // buckets
    for bucket in range(buckets):
        rng = np.random.default_rng([seed, bucket])
        made_bucket(store, book, packages, items, bucket, share, rng)
    for year in years:
        stock(store, year)
    store.write_card({
        "city": city, "name": book.name, "people": share * buckets, "scale": 1, "seed": seed, "years": list(years),
        "buckets": buckets, "package": {str(year): package.digest for year, package in packages.items()}, "readings": list(readings),
        "made_with": "made_store",
        "balances": {name: {"opening": 10**10, "trust": "illustrative", "source": "made_store"} for name in FUNDS},
        "profile": {},
    })  # fmt: skip
    return store


def full(table: str, count: int, **given: Any) -> dict[str, Any]:
    """Every column of a table: the given ones, zeros and empty words elsewhere."""
    columns: dict[str, Any] = {}
    for column in TABLES[table].columns:
        values = given.pop(column.name, None)
        if values is None:
            values = [""] * count if column.type == "utf8" else np.zeros(count, column.type)
        columns[column.name] = values if column.type == "utf8" else np.broadcast_to(np.asarray(values), (count,)).astype(column.type)
    if given:
        raise ValueError(f"{table} has no column {', '.join(given)}")
    return columns


def registers(store: Store, book: Book, rng: Any) -> dict[str, Any]:
    """Towns, employers, institutions, practitioners, the catalogue; returns the items."""
    county = book.admdvs // 100 * 100 + 1 + np.arange(TOWNS) % 2
    store.write("town", full("town", TOWNS, town=np.arange(TOWNS), name=[f"样例镇{n}" for n in range(TOWNS)], county=county,
                             county_name=[f"样例县{n % 2}" for n in range(TOWNS)], rural=np.arange(TOWNS) % 2))
    store.write("employer", full("employer", EMPLOYERS, employer=np.arange(EMPLOYERS), code=[f"91{n:016d}" for n in range(EMPLOYERS)],
                                 name=[f"样例单位{n}" for n in range(EMPLOYERS)], town=np.arange(EMPLOYERS) % TOWNS,
                                 sector=1 + np.arange(EMPLOYERS) % 3, civil=np.arange(EMPLOYERS) % 3 == 0))
    number = np.arange(INSTITUTIONS)
    away = np.isin(number, AWAY)
    store.write("institution", full(
        "institution", INSTITUTIONS, institution=number, code=[f"H{n:011d}" for n in number], name=[f"样例机构{n}" for n in number],
        pharmacy=np.isin(number, PHARMACIES), level=[*LEVELS, 0, 0, 4, 5], public=number % 3 > 0, general=number % 2 == 0,
        town=np.where(away, -1, number % TOWNS), place=np.where(away, 430100, 0), beds=50 * number, starts=20150101, ends=99991231,
    ))  # fmt: skip
    number = np.arange(PRACTITIONERS)
    store.write("practitioner", full(
        "practitioner", PRACTITIONERS, practitioner=number, code=[f"D{n:011d}" for n in number], institution=number % INSTITUTIONS,
        department=number % 7, title=1 + number % 4, starts=20150101, ends=99991231,
    ))  # fmt: skip
    number, kind = np.arange(ITEMS), 1 + np.arange(ITEMS) % 4
    kind[list(BEDS)] = 3
    item_class = rng.choice((1, 2, 3), ITEMS, p=(0.5, 0.4, 0.1))
    item_class[list(BEDS)] = 1
    procured = number % 9 == 0
    price = np.round(rng.lognormal(2.5, 1.4, ITEMS) * 100).astype(np.int64) * 10_000 + 10_000
    price[list(BEDS)] = (40_000_000, 90_000_000)
    items = full(
        "item", ITEMS, item=number, code=[f"X{n:07d}" for n in number], name=[f"样例项目{n}" for n in number], kind=kind, fee=kind,
        item_class=item_class, self_pay=np.where(item_class == 2, 1_000, 0), price=price,
        ceiling=np.where(number % 5 == 0, price * 9 // 10, 0), consumable=kind == 2, bed=np.isin(number, BEDS), drug=kind == 1,
        dual_channel=number % 16 == 0, consultation=number == 2,
        slices=kind == 4, two_disease=np.where(kind == 1, number % 4, 0), procured=procured,
    )  # fmt: skip
    store.write("item", items)
    store.write("diagnosis", full("diagnosis", DIAGNOSES, diagnosis=np.arange(DIAGNOSES), code=[f"A{n:02d}" for n in range(DIAGNOSES)],
                                  name=[f"样例诊断{n}" for n in range(DIAGNOSES)], chapter=[f"章{n % 4}" for n in range(DIAGNOSES)]))
    store.write("operation", full("operation", OPERATIONS, operation=np.arange(OPERATIONS), code=[f"0{n}" for n in range(OPERATIONS)],
                                  name=[f"样例手术{n}" for n in range(OPERATIONS)]))
    return items


def made_bucket(
    store: Store, book: Book, packages: dict[int, Package], items: dict[str, Any], bucket: int, count: int, rng: Any
) -> None:
    """One bucket's persons, and for each year their standing, contributions, bills, lines and results."""
    person = traits(book, bucket, count, rng)
    store.write("person", person, bucket=bucket)
    employee = rng.random(count) < 0.45
    retired = employee & (rng.random(count) < 0.3)
    standing = {
        "aid": np.where(rng.random(count) < 0.1, rng.integers(1, codes.AID_CATEGORIES, count), 0),
        "civil_servant": (employee & (rng.random(count) < 0.15)).astype(np.int8), "added": np.where(rng.random(count) < 0.25, 3, 0),
        "employer": np.where(employee & ~retired, rng.integers(0, EMPLOYERS, count), -1),
        "flexible": (employee & ~retired & (rng.random(count) < 0.1)).astype(np.int8),
    }  # fmt: skip
    store.write("cover", full("cover", count, person=person["person"], scheme=np.where(employee, 1, 2), status=retired,
                              **standing, starts=20190101, ends=99991231, reason=5), bucket=bucket)
    before: dict[str, Any] | None = None
    for year, package in packages.items():
        holder = holders(person, employee, retired, standing, year, rng)
        if before is not None:
            carry(holder, before)
        bill, lines = bills(book, package, person, holder, items, year, bucket, rng)
        result, closing = settle_year(holder, bill, package)
        before = {"person": holder["person"], "scheme": holder["scheme"], **closing}
        rows = {"holder": holder, "bill": bill, "result": result, "closing": closing, "line": lines,
                "contribution": contributions(holder), "fault": faults(bill)}  # fmt: skip
        for table, columns in rows.items():
            store.write(table, columns, year, bucket)


def traits(book: Book, bucket: int, count: int, rng: Any) -> dict[str, Any]:
    """The register of persons."""
    number = bucket * BUCKET + np.arange(count)
    chronic = rng.random(count) < 0.15
    return full(
        "person", count, person=number, psn_no=[f"P{n:010d}" for n in number], sex=rng.integers(1, 3, count),
        born=rng.integers(1930, 2019, count) * 10_000 + 615, died=np.where(rng.random(count) < 0.005, 20230630, 0),
        town=rng.integers(0, TOWNS, count), register=rng.integers(1, 5, count), household=number // 3,
        income=rng.integers(100_000, 1_500_000, count), resident=rng.random(count) < 0.95, registered_poor=rng.random(count) < 0.05,
        disease=np.where(chronic, rng.integers(0, max(len(book.diseases), 1), count), -1), grant=np.where(chronic, 20190101, 0),
        other_disease=-1, two_registered=np.where(rng.random(count) < 0.1, rng.integers(1, 4, count), 0), voucher=20200101,
    )  # fmt: skip


def holders(person: dict[str, Any], employee: Any, retired: Any, standing: dict[str, Any], year: int, rng: Any) -> dict[str, Any]:
    """A row per person, and a second for the few who change scheme in the middle of the year."""
    count = len(employee)
    switched = ~retired & (np.arange(count) % 23 == year % 23)
    who = np.sort(np.concatenate((np.arange(count), np.flatnonzero(switched))))
    second = np.concatenate(([False], who[1:] == who[:-1]))
    twice = switched[who]
    scheme = np.where(twice, 1 + second, np.where(employee[who], 1, 2))
    active = (scheme == 1) & ~retired[who]
    return full(
        "holder", len(who), person=person["person"][who], scheme=scheme, status=retired[who] & (scheme == 1), sex=person["sex"][who],
        age=year - person["born"][who] // 10_000, town=person["town"][who], aid=standing["aid"][who],
        registered_poor=person["registered_poor"][who], civil_servant=standing["civil_servant"][who],
        employer=np.where(active, standing["employer"][who], -1), flexible=np.where(active, standing["flexible"][who], 0),
        first_month=np.where(twice & second, 7, 1), last_month=np.where(twice & ~second, 6, 12), enrolled=~twice | second,
        resident=person["resident"][who], base=np.where(active, rng.integers(200_000, 3_000_000, len(who)), 0),
        pension=np.where(retired[who] & (scheme == 1), rng.integers(150_000, 700_000, len(who)), 0),
        account=np.where(scheme == 1, rng.integers(0, 400_000, len(who)), 0),
        family=np.where((scheme == 2) & (rng.random(len(who)) < 0.2), rng.integers(0, 200_000, len(who)), 0),
    )  # fmt: skip


def carry(holder: dict[str, Any], before: dict[str, Any]) -> None:
    """Open the year with what the one before left."""
    old = {(int(one), int(scheme)): row for row, (one, scheme) in enumerate(zip(before["person"], before["scheme"], strict=True))}
    for row, key in enumerate(zip(holder["person"].tolist(), holder["scheme"].tolist(), strict=True)):
        if key in old:
            for name in ("account", *CARRIED):
                holder[name][row] = before[name][old[key]]


def bills(
    book: Book, package: Package, person: dict[str, Any], holder: dict[str, Any], items: dict[str, Any], year: int, bucket: int, rng: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Bills in order of person and day, their lines, and their sums by the kernel's scoping."""
    first, last = holder["first_month"].astype(int), holder["last_month"].astype(int)
    owner = np.repeat(np.arange(len(first)), rng.poisson(5 * (last - first + 1) / 12))
    month = rng.integers(first[owner], last[owner] + 1)
    day = year * 10_000 + month * 100 + rng.integers(1, 29, len(owner))
    order = np.lexsort((day, owner))
    owner, day = owner[order], day[order]
    count, local = len(owner), holder["person"][owner] - bucket * BUCKET
    kind = rng.choice(list(KINDS), count, p=np.array(list(KINDS.values())) / sum(KINDS.values()))
    stay, away = np.isin(kind, STAYS), rng.random(count) < 0.03
    kind = np.where((kind == codes.CHRONIC) & (person["disease"][local] < 0), codes.OUTPATIENT, kind)
    where = np.where(away, rng.choice(AWAY, count), rng.integers(0, HOME, count))
    where = np.where(kind == codes.PHARMACY, rng.choice(PHARMACIES, count), where)
    where = np.where(stay & (where == 0), 3, where)
    days = np.where(stay, rng.integers(1, 20, count), 0)
    bill = full(
        "bill", count, bill=(year % 100 * 1_000 + bucket) * 10_000_000 + np.arange(count), person=holder["person"][owner], holder=owner,
        institution=where, practitioner=where, department=where % 7, diagnosis=rng.integers(0, DIAGNOSES, count), other_diagnosis=-1,
        operation=np.where(stay & (rng.random(count) < 0.3), rng.integers(0, OPERATIONS, count), -1), days=days,
        direct=rng.random(count) < 0.95, scheme=holder["scheme"][owner], kind=kind, day=day,
        level=np.array([*LEVELS, 0, 0, 4, 5])[where], status=holder["status"][owner],
        admitted=np.where(stay, [before(int(one), int(long)) for one, long in zip(day, days, strict=True)], 0),
        offsite=np.where(np.isin(where, AWAY), rng.integers(1, codes.NEIGHBOUR, count), 0),
        place=np.where(np.isin(where, AWAY), 430100, 0), transferred=stay & (rng.random(count) < 0.02),
        disease=np.where(np.isin(kind, (codes.CHRONIC, codes.DIALYSIS)), person["disease"][local], -1),
        grant=np.where(kind == codes.CHRONIC, person["grant"][local], 0), other_disease=-1, granted=rng.random(count) < 0.98,
        two_disease=np.where(kind == codes.TWO_DISEASE, 1, 0), two_registered=person["two_registered"][local], babies=1,
        sessions=np.where(kind == codes.DIALYSIS, rng.integers(1, 5, count), 0), aid=holder["aid"][owner],
        registered_poor=holder["registered_poor"][owner], civil_servant=holder["civil_servant"][owner],
        added=np.where(rng.random(count) < 0.2, 3, 0), account_use=rng.random(count) < 0.98, cover_from=20190101, cover_to=99991231,
        suspended=rng.random(count) < 0.01, agreement=rng.random(count) < 0.998, died=person["died"][local],
    )  # fmt: skip
    lines = charge_lines(bill, items, stay, rng)
    bill["lines"] = np.bincount(lines["row"], minlength=count).astype(np.int32)
    sums = scope_bills(lines, items, bill, scope_rows(bill, package), package.plans)
    bill.update({name: values.astype(np.int32) for name, values in sums.items()})
    bill["third_party"] = np.where(stay & (rng.random(count) < 0.01), bill["within"] // 2, 0).astype(np.int32)
    return bill, lines


def before(day: int, days: int) -> int:
    """The day `days` earlier."""
    found = date(day // 10_000, day // 100 % 100, day % 100) - timedelta(days)
    return found.year * 10_000 + found.month * 100 + found.day


def charge_lines(bill: dict[str, Any], items: dict[str, Any], stay: Any, rng: Any) -> dict[str, Any]:
    """One to six lines a bill, a bed line on every stay; dearer and more of them on stays."""
    count = len(stay)
    row = np.repeat(np.arange(count), rng.integers(1, 6, count) + stay)
    opens = np.concatenate(([True], row[1:] != row[:-1]))
    item = np.where(opens & stay[row], rng.choice(BEDS, len(row)), rng.integers(0, ITEMS - 2, len(row)))
    times = rng.integers(1, 9, len(row)) * np.where(stay[row], 200_000 * rng.integers(1, 12, len(row)), 10_000)
    quantity = np.where(opens & stay[row], bill["days"][row].astype(np.int64) * 10_000, times)
    return full("line", len(row), row=row, item=item, day=bill["day"][row], quantity=quantity,
                price=items["price"][item] * np.where(rng.random(len(row)) < 0.1, 95, 100) // 100, restricted=rng.random(len(row)) < 0.01)


def contributions(holder: dict[str, Any]) -> dict[str, Any]:
    """A row per holder: the whole run of months, paid in its last."""
    count, months = len(holder["person"]), holder["last_month"] - holder["first_month"] + 1
    part = holder["base"].astype(np.int64) * months
    return full("contribution", count, person=holder["person"], holder=np.arange(count), scheme=holder["scheme"],
                employer=holder["employer"], first_month=holder["first_month"], months=months, base=holder["base"],
                employer_part=part * 8 // 100,
                person_part=np.where(holder["scheme"] == 1, part * 2 // 100, 35_000), subsidy=np.where(holder["scheme"] == 2, 64_000, 0),
                paid_on=20230101, state=1)


def faults(bill: dict[str, Any]) -> dict[str, Any]:
    """A planted fault on every hundredth bill."""
    row = np.arange(0, len(bill["bill"]), 100)
    return full("fault", len(row), bill=bill["bill"][row], row=row, line=-1, person=bill["person"][row],
                institution=bill["institution"][row], practitioner=bill["practitioner"][row], pattern=["repeat"] * len(row),
                amount=bill["total"][row] // 10)


def stock(store: Store, year: int) -> None:
    """A month of stock of every institution's first items."""
    item, place = np.tile(np.arange(4), INSTITUTIONS), np.repeat(np.arange(INSTITUTIONS), 4)
    store.write("stock", full("stock", len(item), institution=place, item=item, month=1, opening=10**6, bought=10**6, sold=10**5,
                              closing=19 * 10**5), year)
