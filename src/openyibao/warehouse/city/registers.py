"""The city's registers 名册: towns, employers, institutions, doctors; whole tables, made before any bucket.

Counties carry their real division codes; everything below them is invented: names are put together from common signs, codes carry the
county and a running number. Employers and institutions are as many as the profile says, at the city's scale.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from openyibao.kernel import codes
from openyibao.kernel.identity import UNIT_SIGNS, unit_check_sign
from openyibao.warehouse.city.draws import WHOLE_CITY, Array, apportioned, chosen, spread, stream
from openyibao.warehouse.city.profile import Profile
from openyibao.warehouse.city.size import City, scaled

Columns = dict[str, Any]
WHOLE = codes.WHOLE
OPEN = 99991231
GOVERNMENT, ENTERPRISE, OTHER = 1, 2, 3
"""Sectors of employers 单位类型."""

FIRST_SIGNS = "青白云石龙凤清松竹梅柳泉溪桥湾坪岭山河林"
SECOND_SIGNS = "华兴安平和顺泰宁康乐福源丰昌盛明阳新永定"
TRADES = {GOVERNMENT: ("中学", "小学", "街道办事处", "水务站", "文化馆"),
          ENTERPRISE: ("机械厂", "商贸公司", "建材公司", "食品厂", "物业公司", "科技公司"),
          OTHER: ("幼儿园", "养老院", "培训学校")}  # fmt: skip
HOSPITALS = {codes.PV: "村卫生室", codes.P0: "卫生院", codes.L1: "医院", codes.L2: "人民医院", codes.L3: "中心医院", codes.L3P: "附属医院"}
AGREEMENT = 20190101
"""First day of the agreements 协议起始."""
ENDED = 40
"""Of 10,000 institutions, those whose agreement ended within the years made."""
UNIT_AREA = "9919"
OUTSIDE_DOCTORS = 20
"""Doctors kept of a hospital outside the city."""


def place_name(number: int) -> str:
    """An invented place name, another for each of the first 400 numbers."""
    return FIRST_SIGNS[number % 20] + SECOND_SIGNS[(number // 20 + number) % 20]


def towns(profile: Profile) -> Columns:
    """The towns, county by county; the first of each county is urban, and so many of the others that the rural share comes out near."""
    county: list[int] = []
    names: list[str] = []
    number: list[int] = []
    for code, name, _, count in profile.series("counties"):
        county += [code] * count
        names += [name] * count
        number += range(count)
    inside = np.array(number)
    weight = town_shares(profile)
    rural = np.zeros(len(county), np.int8)
    order = np.argsort(-inside, kind="stable")
    upto = np.cumsum(weight[order]) <= profile.whole("people.rural") / WHOLE
    rural[order[upto & (inside[order] > 0)]] = 1
    kinds = np.where(rural == 1, "镇", "街道")
    return {
        "town": np.arange(len(county)), "name": [place_name(row) + kind for row, kind in enumerate(kinds)],
        "county": np.array(county), "county_name": names, "rural": rural,
    }


def town_shares(profile: Profile) -> Array:
    """Each town's share of the people: its county's, the county's first town counting three times as much as another."""
    shares: list[float] = []
    for _, _, weight, count in profile.series("counties"):
        inside = np.ones(count)
        inside[0] = 3
        shares += list(inside / inside.sum() * weight)
    found = np.array(shares)
    return np.asarray(found / found.sum())


def runners(profile: Profile) -> list[int]:
    """Employees by who runs their insurance 市直、州直、省直, at 1:1; one entry where the city runs them all."""
    if profile.has("employee.run_by"):
        return [int(count) for count in profile.series("employee.run_by")]
    return [profile.whole("enrolled.employee")]


class Job(NamedTuple):
    """A kind of job 岗位类别: who runs the insurance, sector, civil-servant supplement, audited employers, share of its runner's jobs."""

    run_by: int
    sector: int
    civil: int
    audited: int
    share: float


def jobs(profile: Profile) -> list[Job]:
    """The kinds of job. Employers whose bases an audit corrected are a kind of their own, the first, outside the shares."""
    sectors, civil = profile.series("employers.sectors"), profile.whole("employers.civil") / WHOLE
    found = [Job(1, ENTERPRISE, 0, 1, 0.0)] if profile.whole("audits.persons") else []
    for run_by in range(1, len(runners(profile)) + 1):
        for sector, share in zip((GOVERNMENT, ENTERPRISE, OTHER), sectors, strict=True):
            if sector == GOVERNMENT:
                found.append(Job(run_by, sector, 1, 0, share * civil))
                found.append(Job(run_by, sector, 0, 0, share * (1 - civil)))
            else:
                found.append(Job(run_by, sector, 0, 0, share))
    return found


def job_counts(profile: Profile, city: City) -> tuple[Array, Array]:
    """How many are employed in, and retired from, each kind of job at the city's scale; who runs the insurance, and the schemes, add up."""
    kinds = jobs(profile)
    flexible, employed = scaled(city, profile.whole("employee.flexible")), scaled(city, profile.whole("employee.employed"))
    by = runners(profile)
    by[0] -= profile.whole("employee.flexible")
    of_runner = apportioned(by, scaled(city, profile.whole("enrolled.employee")) - flexible)
    working = apportioned(of_runner, employed)
    counts = []
    for number in (working, of_runner - working):
        found = np.zeros(len(kinds), np.int64)
        for run_by in range(1, len(by) + 1):
            rows = [row for row, job in enumerate(kinds) if job.run_by == run_by and not job.audited]
            found[rows] = apportioned([kinds[row].share for row in rows], int(number[run_by - 1]))
        counts.append(found)
    if kinds[0].audited:
        counts[0][0] = scaled(city, profile.whole("audits.persons"))
        counts[0][1 + int(np.argmax(counts[0][1:]))] -= counts[0][0]
    return counts[0], counts[1]


def employers(profile: Profile, city: City) -> Columns:
    """The employers, kind by kind of `jobs`; `job` and `weight` (no columns of the table): the kind's row, and how many it draws."""
    rng = stream(city.seed, WHOLE_CITY, 0, "employers")
    employed, _ = job_counts(profile, city)
    sizes, sigma = profile.series("employers.size"), profile.whole("employers.size_spread") / 100
    parts: dict[str, list[Any]] = {name: [] for name in ("sector", "civil", "run_by", "job", "weight")}
    for row, job in enumerate(jobs(profile)):
        count = max(1, round(int(employed[row]) / sizes[job.sector - 1]))
        if job.audited:
            count = max(1, scaled(city, profile.whole("audits.employers")))
        parts["sector"] += [job.sector] * count
        parts["civil"] += [job.civil] * count
        parts["run_by"] += [job.run_by] * count
        parts["job"] += [row] * count
        parts["weight"].append(np.exp(rng.standard_normal(count) * sigma))
    sector = np.array(parts["sector"])
    total = len(sector)
    return {
        "employer": np.arange(total), "code": [unit_code(city, row) for row in range(total)],
        "name": [f"{place_name(row)}{TRADES[kind][row % len(TRADES[kind])]}（{row + 1}号）" for row, kind in enumerate(sector.tolist())],
        "town": spread(rng, town_shares(profile), total), "sector": sector, "civil": np.array(parts["civil"]),
        "arrears": arrears(profile, city, sector), "run_by": np.array(parts["run_by"]), "job": np.array(parts["job"]),
        "weight": np.concatenate(parts["weight"]),
    }


def arrears(profile: Profile, city: City, sector: Array) -> Array:
    """Each employer's first month in arrears 欠费起始月 within the years made, yyyymm; 0 = none. Government pays in time."""
    rng = stream(city.seed, WHOLE_CITY, 0, "arrears")
    found = np.zeros(len(sector), np.int64)
    able = (sector != GOVERNMENT).astype(float)
    for year in city.years:
        count = round(float(able.sum()) * profile.whole("employers.arrears") / WHOLE)
        rows = chosen(rng, able * (found == 0), count)
        found[rows] = year * 100 + rng.integers(1, 13, len(rows))
    return found


def arrears_delay(profile: Profile, city: City, count: int) -> Array:
    """Months until an employer in arrears pays what it owes, 1 to 5; 99 = not within the years made."""
    rng = stream(city.seed, WHOLE_CITY, 0, "arrears paid")
    shares = profile.series("employers.arrears_paid")
    chances = np.append(shares, WHOLE - sum(shares)) / WHOLE
    delay = rng.choice(len(chances), count, p=chances) + 1
    return np.where(delay == len(chances), 99, delay)


def unit_code(city: City, number: int) -> str:
    """An invented unified social credit code of a form that no authority gives out (area 99), with its check sign."""
    digits = f"{UNIT_AREA}0101MA{base_31(number):0>7}"[:17]
    return digits + unit_check_sign(digits)


def base_31(number: int) -> str:
    """A number in the 31 signs of credit codes."""
    signs = ""
    while number:
        number, rest = divmod(number, len(UNIT_SIGNS))
        signs = UNIT_SIGNS[rest] + signs
    return signs


def institution_counts(profile: Profile, city: City) -> dict[str, list[int]]:
    """How many institutions of each level, how many pharmacies, and how many hospitals outside; at least two (or all) of a level."""
    def sized(count: int) -> int:
        return max(min(count, 2), scaled(city, count))

    return {
        "levels": [sized(count) for count in profile.series("providers.counts")],
        "pharmacies": [sized(profile.whole("providers.pharmacies"))],
        "outside": [int(count) for count in profile.series("providers.outside")],
    }


def institutions(profile: Profile, city: City, town: Mapping[str, Any]) -> Columns:
    """The designated institutions: hospitals by level, pharmacies, then hospitals outside the city where its people go."""
    rng = stream(city.seed, WHOLE_CITY, 0, "institutions")
    counts = institution_counts(profile, city)
    inside = np.repeat(np.arange(codes.LEVELS), counts["levels"])
    outside = np.repeat(np.arange(codes.LEVELS), counts["outside"])
    shops = counts["pharmacies"][0]
    level = np.concatenate([inside, np.full(shops, codes.P0), outside])
    pharmacy = np.concatenate([np.zeros(len(inside), int), np.ones(shops, int), np.zeros(len(outside), int)])
    home = np.arange(len(level)) < len(inside) + shops
    total = len(level)
    where = np.where(home, institution_towns(rng, profile, town, level, pharmacy), -1)
    places, weights = zip(*profile.series("offsite_places"), strict=True)
    place = np.zeros(total, np.int64)
    place[~home] = np.array(places)[spread(rng, weights, int((~home).sum()))]
    shares = {name: np.array(profile.series(f"providers.{name}"))[level] / WHOLE for name in ("public", "general")}
    beds = np.array(profile.series("providers.beds"))[level] * np.exp(rng.standard_normal(total) * 0.3)
    ends = np.where(rng.random(total) < ENDED / WHOLE, ending_days(rng, city, total), OPEN)
    county = np.where(home, np.asarray(town["county"])[where], place)
    return {
        "institution": np.arange(total),
        "code": [f"{'P' if shop else 'H'}{area:06d}{row + 1:05d}" for row, (shop, area) in enumerate(zip(pharmacy, county, strict=True))],
        "name": [institution_name(row, int(grade), int(shop), bool(near), town, int(spot)) for row, (grade, shop, near, spot) in enumerate(
            zip(level, pharmacy, home, where, strict=True))],
        "pharmacy": pharmacy, "level": level, "public": ((pharmacy == 0) & (rng.random(total) < shares["public"])).astype(int),
        "general": ((pharmacy == 0) & (rng.random(total) < shares["general"])).astype(int), "town": where, "place": place,
        "beds": np.where(pharmacy == 1, 0, beds.astype(int)), "starts": np.full(total, AGREEMENT),
        "ends": np.where((level >= codes.L2) | ~home, OPEN, ends),
    }


def institution_towns(rng: np.random.Generator, profile: Profile, town: Mapping[str, Any], level: Array, pharmacy: Array) -> Array:
    """Where institutions stand: hospitals of level two and above in chief towns, village rooms in the country, others by people."""
    shares = town_shares(profile)
    first = np.flatnonzero(np.r_[True, np.diff(town["county"]) != 0])
    rural = shares * np.asarray(town["rural"])
    found = np.empty(len(level), np.int64)
    for rows, weight in (
        (np.flatnonzero((level >= codes.L2) & (pharmacy == 0)), np.bincount(first, np.add.reduceat(shares, first), len(shares))),
        (np.flatnonzero(level == codes.PV), rural if rural.sum() > 0 else shares),
        (np.flatnonzero((pharmacy == 1) | (level == codes.L1)), shares),
        (np.flatnonzero((level == codes.P0) & (pharmacy == 0)), np.ones(len(shares))),
    ):
        found[rows] = spread(rng, weight, len(rows))
    return found


def institution_name(row: int, level: int, pharmacy: int, near: bool, town: Mapping[str, Any], where: int) -> str:
    """An invented name that says where it stands and what it is."""
    if not near:
        return f"市外{place_name(row)}{HOSPITALS[level]}"
    if pharmacy:
        return f"{town['name'][where]}{place_name(row)}药房（{row + 1}号）"
    return f"{town['county_name'][where] if level >= codes.L2 else town['name'][where]}{place_name(row)}{HOSPITALS[level]}（{row + 1}号）"


def ending_days(rng: np.random.Generator, city: City, count: int) -> Array:
    """Days on which agreements end, within the years made."""
    return rng.integers(city.years[0], city.years[-1] + 1, count) * 10_000 + rng.integers(1, 13, count) * 100 + 1


def practitioners(profile: Profile, city: City, institution: Mapping[str, Any]) -> Columns:
    """Doctors and pharmacists of every institution, as many as its level has; a few start or stop within the years made."""
    rng = stream(city.seed, WHOLE_CITY, 0, "practitioners")
    level, shop = np.asarray(institution["level"]), np.asarray(institution["pharmacy"])
    each = np.where(shop == 1, 2, np.array(profile.series("providers.doctors"))[level])
    each = np.where(np.asarray(institution["town"]) < 0, np.minimum(each, OUTSIDE_DOCTORS), each)
    where = np.repeat(np.arange(len(each)), each)
    total = len(where)
    first = np.cumsum(each) - each
    title = np.minimum(1 + rng.choice(4, total, p=(0.4, 0.35, 0.17, 0.08)), np.where(level[where] >= codes.L2, 4, 2))
    starts = np.where(rng.random(total) < 0.08, ending_days(rng, city, total), AGREEMENT)
    return {
        "practitioner": np.arange(total),
        "code": [f"D{institution['code'][home][1:7]}{number + 1:06d}" for number, home in enumerate(where.tolist())],
        "institution": where, "department": (np.arange(total) - first[where]) % departments(level)[where] + 1,
        "title": title, "starts": starts, "ends": np.full(total, OPEN),
    }


def departments(level: Array) -> Array:
    """How many departments an institution of a level has; they are numbered from one."""
    return np.array([1, 3, 5, 12, 24, 30])[level]
