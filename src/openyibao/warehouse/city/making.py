"""A bucket made 制作一桶: its people, then year by year contributions, visits, lines, scope, settlement, all written whole.

A bucket needs the registers, the profile and the policy packages, and nothing of another bucket; made again it is the same to the byte.
"""

import time
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from openyibao.kernel.codes import RESIDENT
from openyibao.warehouse.city.bills import columns_of, in_order, schemes_of, set_money
from openyibao.warehouse.city.care import SPECIAL, Care, care_of, care_profile, names_of
from openyibao.warehouse.city.catalogue import items
from openyibao.warehouse.city.draws import stream
from openyibao.warehouse.city.faults import habits_of, truth_of
from openyibao.warehouse.city.ground import Ground, ground_of
from openyibao.warehouse.city.lines import LINE_RECORD, Sheet, Shelf, make_lines, shelf_of, tariff_of
from openyibao.warehouse.city.people import Folk, folk_of
from openyibao.warehouse.city.places import Places, places_of
from openyibao.warehouse.city.profile import Profile
from openyibao.warehouse.city.size import City
from openyibao.warehouse.city.slips import DAYS, calendar, dated, first_day
from openyibao.warehouse.city.stays import make_stays
from openyibao.warehouse.city.stock import write_sums
from openyibao.warehouse.city.traits import Traits, covers_of, knobs_of, traits_of
from openyibao.warehouse.city.visits import make_visits
from openyibao.warehouse.city.ways import PENDING, cover_records, knob_records, room_of, trait_records, ways_of
from openyibao.warehouse.run.block import CARRIED, scope_rows
from openyibao.warehouse.run.package import Package, read_package
from openyibao.warehouse.run.scoping import scope_bills
from openyibao.warehouse.run.settling import settle_year
from openyibao.warehouse.tables.store import Store

Columns = dict[str, Any]
HYPERTENSION, DIABETES = "M03900", "M01600"
PNEUMONIA = "肺炎"
"""The illness of care.yaml that people of the epidemic are treated for."""
ROOM = 1.15
"""How much more than expected there is room for at first."""


class Order(NamedTuple):
    """One bucket to make; JSON-able."""

    store: str
    city: City
    bucket: int
    packages: tuple[tuple[int, str], ...]  # year, path of the policy package


class Made(NamedTuple):
    """What was made."""

    bucket: int
    persons: int
    bills: int
    lines: int
    seconds: float


class Workshop(NamedTuple):
    """What every bucket of a city is made with."""

    ground: Ground
    care_profile: Profile
    care: Care
    places: Places
    item: Columns
    shelf: Shelf
    habits: Any


class Bucket(NamedTuple):
    """What one year of a bucket came to."""

    holder: Columns
    bill: Columns
    result: Columns
    closing: Columns
    sheet: Sheet
    slips: Any


@lru_cache(maxsize=4)
def workshop_of(city: City) -> Workshop:
    """The workshop of a city, made once in a process."""
    return furnished(ground_of(city))


def furnished(ground: Ground) -> Workshop:
    """The workshop over a common ground."""
    profile = care_profile(ground.profile)
    care, item = care_of(profile, ground.book.diseases), items(ground.book.admdvs)
    places = places_of(ground.town, ground.institution, ground.practitioner)
    habits = habits_of(ground.institution, profile, ground.city.seed)
    return Workshop(ground, profile, care, places, item, shelf_of(care, item), habits)


def make_bucket(order: Order) -> Made:
    """Make a bucket's years and write every table of them, with the truth about planted faults and the sums of stock."""
    begun = time.perf_counter()
    shop, store = workshop_of(order.city), Store(Path(order.store))
    folk = folk_of(shop.ground, order.bucket)
    store.write("person", folk.person, bucket=order.bucket)
    store.write("cover", folk.cover, bucket=order.bucket)
    pending = np.zeros((len(folk.person["person"]), PENDING), np.int64)
    before: Bucket | None = None
    bills = lines = 0
    for year, path in order.packages:
        before = make_year(shop, folk, order.bucket, year, read_package(Path(path)), pending, before)
        write_year(store, folk, before, year, order.bucket, shop)
        bills, lines = bills + len(before.bill["bill"]), lines + len(before.sheet.row)
    return Made(order.bucket, len(folk.person["person"]), bills, lines, time.perf_counter() - begun)


def make_year(shop: Workshop, folk: Folk, bucket: int, year: int, package: Package, pending: Any, before: Bucket | None) -> Bucket:
    """One year of a bucket in memory.

    pending  what stays carry over New Year; written
    before   the year before, whose closing opens this one; None for the first
    """
    seed = shop.ground.city.seed
    holder = opened(folk.years[year].holder, before)
    slips = slips_of(shop, folk, bucket, year, pending)
    slips, holder_row = in_order(slips, folk.cover, holder)
    severe = knobs_of(shop.care_profile, shop.ground.book, year).severe
    bill = columns_of(
        slips, holder_row, folk.person, folk.cover, shop.care, shop.places, year, bucket, severe, stream(seed, bucket, year, "diagnoses")
    )
    sheet = sheet_of(shop, slips, bill, bucket, year)
    sums = scope_bills(
        {"row": sheet.row, "item": sheet.item, "quantity": sheet.quantity, "price": sheet.price, "restricted": sheet.restricted},
        shop.item, bill, scope_rows(bill, package), package.plans,
    )  # fmt: skip
    set_money(bill, sums, slips, np.bincount(sheet.row, minlength=len(slips)))
    result, closing = settle_year(holder, bill, package)
    return Bucket(holder, bill, result, closing, sheet, slips)


def slips_of(shop: Workshop, folk: Folk, bucket: int, year: int, pending: Any) -> Any:
    """Every slip of a bucket's year; `pending` is written."""
    book, count = shop.ground.book, len(folk.person["person"])
    frailty = stream(shop.ground.city.seed, bucket, 0, "frailty").standard_normal(count)
    traits = traits_of(folk.person, folk.cover, year, shop.care_profile, shop.places, frailty)
    knobs = knobs_of(shop.care_profile, book, year)
    figures = knob_records(knobs, {
        "days": first_day(year + 1) - first_day(year), "first": first_day(year), "ordinary": len(shop.care.days) - len(SPECIAL),
        "areas": len(shop.places.areas),
        "neighbour_area": neighbour_area(shop, year), "hypertension": treated(shop, HYPERTENSION), "diabetes": treated(shop, DIABETES),
        "pneumonia": names_of(shop.care_profile).index(PNEUMONIA), "dialysis_slot": int(knobs.slots[0]),
    }, int(stream(shop.ground.city.seed, bucket, year, "visits").integers(0, 2**63)))  # fmt: skip
    people, covers = trait_records(traits), cover_records(covers_of(folk.cover, year))
    ways = ways_of(shop.care, shop.places, shop.habits, knobs, year)
    slips, kept = expected(traits), pending.copy()
    while True:
        room = room_of(slips, count, pending)
        made = make_visits(room, make_stays(room, people, covers, ways, figures), people, covers, ways, figures)
        if made <= slips:
            return room.slips[:made]
        slips = made + made // 8
        pending[:] = kept


def neighbour_area(shop: Workshop, year: int) -> int:
    """The row of the neighbour city in the areas; the row of every area where there is none."""
    plan = shop.ground.book.plan(RESIDENT, year * 10_000 + 701)
    areas = shop.places.areas
    found = np.flatnonzero(areas // 100 == plan.offsite.neighbour) if plan is not None and plan.offsite.neighbour else np.zeros(0, np.int64)
    return int(found[0]) if len(found) else len(areas)


def treated(shop: Workshop, code: str) -> int:
    """The illness that treats a chronic disease."""
    slot = shop.ground.book.disease_slot(code)
    return max(int(shop.care.of_disease[slot]), 0) if slot >= 0 else 0


def expected(traits: Traits) -> int:
    """Room for the slips of a year."""
    chronic = 16 * int((traits.disease >= 0).sum()) + 8 * int((traits.two > 0).sum())
    planned = float(traits.visits.sum() + 2 * traits.stays.sum() + traits.pharmacy.sum())
    return int(ROOM * planned) + chronic + len(traits.number) // 8 + 1_000


def sheet_of(shop: Workshop, slips: Any, bill: Columns, bucket: int, year: int) -> Sheet:
    """The lines of the bills, each bill's by day, days as yyyymmdd."""
    key = int(stream(shop.ground.city.seed, bucket, year, "lines").integers(0, 2**63))
    tariff = tariff_of(shop.care_profile, knobs_of(shop.care_profile, shop.ground.book, year).spread, year, key)
    numbers, schemes = bill["bill"].astype(np.uint64), schemes_of(bill)
    room = 5 * len(slips) + 30 * int((slips[:, DAYS] > 0).sum()) + 100
    while True:
        lines = np.empty(room, LINE_RECORD)
        made = make_lines(lines, slips, numbers, schemes, shop.shelf, tariff)
        if made <= room:
            break
        room = made + 1
    lines = lines[:made]
    lines = lines[np.argsort(lines["row"].astype(np.int64) * 4096 + lines["day"], kind="stable")]
    columns = {name: np.ascontiguousarray(lines[name]) for name in Sheet._fields}
    return Sheet(**{**columns, "day": dated(columns["day"], calendar(year))})


def opened(holder: Columns, before: Bucket | None) -> Columns:
    """The holders of a year with their opening figures: the closing of the year before for the same holder, else the profile's."""
    count = len(holder["person"])
    found = {**holder, "account": np.asarray(holder["opening"]).astype(np.int64), **{name: np.zeros(count, np.int64) for name in CARRIED}}
    if before is None:
        return found
    keys = np.asarray(before.holder["person"]).astype(np.int64) * 4 + np.asarray(before.holder["scheme"])
    wanted = np.asarray(holder["person"]).astype(np.int64) * 4 + np.asarray(holder["scheme"])
    place = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    known = keys[place] == wanted if len(keys) else np.zeros(count, bool)
    for name in ("account", *CARRIED):
        found[name] = np.where(known, np.asarray(before.closing[name])[place].astype(np.int64), found[name]) if len(keys) else found[name]
    return found


def write_year(store: Store, folk: Folk, made: Bucket, year: int, bucket: int, shop: Workshop) -> None:
    """Write a bucket's year; the bills last, so that who sees them sees everything."""
    sheet = made.sheet
    store.write("contribution", folk.years[year].contribution, year, bucket)
    store.write("holder", made.holder, year, bucket)
    store.write("line", {
        "row": sheet.row, "item": sheet.item, "day": sheet.day, "quantity": sheet.quantity, "price": sheet.price,
        "restricted": sheet.restricted}, year, bucket)
    store.write("fault", truth_of(made.slips, made.bill, sheet, folk.person), year, bucket)
    write_sums(store, made.bill, sheet, shop.item, year, bucket)
    store.write("closing", made.closing, year, bucket)
    store.write("result", made.result, year, bucket)
    store.write("bill", made.bill, year, bucket)
