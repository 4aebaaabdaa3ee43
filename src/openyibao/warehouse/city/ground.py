"""What all buckets of a city share 底本: profile, registers, what the policy book says of contributions, and counts to be met.

It is built from the city's name and size alone, in every process anew, and is the same everywhere.
"""

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from openyibao.kernel import codes
from openyibao.kernel.enrolment import EmployeeWaiting, Rates, ResidentWaiting
from openyibao.policybook import contributions
from openyibao.policybook.book import Book, load_book, policies_root
from openyibao.policybook.contributions import OLDER, Gap, page
from openyibao.warehouse.city import registers
from openyibao.warehouse.city.draws import Array
from openyibao.warehouse.city.profile import Profile, load_profile
from openyibao.warehouse.city.size import City, part, scaled, sized

FIRST_YEAR, LAST_YEAR = 2016, 2035
"""Years that a city is looked for in."""
SCHEMES = (codes.EMPLOYEE, codes.RESIDENT)


class NoYear(Exception):
    """Years for which the policy book has no answer; `wanted` and the years that `can` be made."""

    def __init__(self, city: str, wanted: tuple[int, ...], can: tuple[int, ...], why: str) -> None:
        """The city, the years asked for that cannot be made, those that can, and what is missing for the first."""
        self.city, self.wanted, self.can, self.why = city, wanted, can, why
        super().__init__(f"{city}: no policy for {', '.join(map(str, wanted))} ({why}); can be made: {can[0]}-{can[-1]}" if can else why)


class Terms(NamedTuple):
    """What the policy book says of one year's contributions, month by month where it may change."""

    rates: tuple[tuple[Rates, Rates], ...]  # month by month: under OLDER, and from it on
    factor: tuple[int, ...]  # month by month: relief on the employer's part
    rounding: int
    premium: int  # residents, fen
    subsidy: int
    large: int  # premium of the large-amount layer, fen a year
    grace: int
    employee_wait: EmployeeWaiting
    resident_wait: ResidentWaiting
    sharing: bool  # family sharing of accounts


class Ground(NamedTuple):
    """One city's common ground."""

    city: City
    profile: Profile
    book: Book
    terms: dict[int, Terms]
    town: dict[str, Any]
    employer: dict[str, Any]
    institution: dict[str, Any]
    practitioner: dict[str, Any]


class Quota(NamedTuple):
    """What one bucket holds at each year's end; over all buckets each figure sums to the city's."""

    jobs: Array  # employed, by kind of job
    retired: Array  # by kind of job
    flexible: int
    resident: int
    uninsured: int
    not_resident: int  # living elsewhere
    registered: int  # local household register
    poor: int
    two_diseases: int
    aid: Array  # residents, by aid category from 1

    @property
    def living(self) -> int:
        """Everybody, enrolled or not."""
        return int(self.jobs.sum() + self.retired.sum()) + self.flexible + self.resident + self.uninsured


def whole_city(profile: Profile) -> int:
    """Enrolled in both schemes at 1:1."""
    return profile.whole("enrolled.employee") + profile.whole("enrolled.resident")


def city_of(profile: Profile, people: int, years: tuple[int, ...], seed: int) -> City:
    """The size of a city of `people` enrolled."""
    enrolled = whole_city(profile)
    return sized(profile.city, enrolled, enrolled + profile.whole("population.uninsured"), people, years, seed)


@cache
def ground_of(city: City) -> Ground:
    """The common ground of a city by its size. Raises ProfileProblem, NoYear, PolicyError."""
    return grounded(city, load_profile(city.city), load_book(policies_root(), city.city))


def grounded(city: City, profile: Profile, book: Book) -> Ground:
    """The common ground under a profile and a policy book. Raises NoYear for years that the book does not answer."""
    can = [year for year in city.years if not why_not(book, year)]
    if len(can) < len(city.years):
        wanted = tuple(year for year in city.years if year not in can)
        raise NoYear(city.city, wanted, possible_years(book), why_not(book, wanted[0]))
    town = registers.towns(profile)
    institution = registers.institutions(profile, city, town)
    return Ground(
        city, profile, book, {year: terms_of(book, profile, year) for year in city.years}, town, registers.employers(profile, city),
        institution, registers.practitioners(profile, city, institution),
    )


def why_not(book: Book, year: int) -> str:
    """What is missing for a year: "" when every day of it has plans of both schemes and what contributions need."""
    for scheme in SCHEMES:
        if book.frozen(scheme, year * 10_000 + 101) is None:
            return f"no plan of scheme {scheme} on {year}-01-01"
    try:
        policy_terms(book, year)
    except Gap as gap:
        return str(gap.problem.message) if hasattr(gap, "problem") else str(gap)
    return ""


def possible_years(book: Book) -> tuple[int, ...]:
    """The years that a city can be made for."""
    return tuple(year for year in range(FIRST_YEAR, LAST_YEAR + 1) if not why_not(book, year))


def policy_terms(book: Book, year: int) -> Terms:
    """A year's terms as the policy book states them. Raises Gap."""
    days = [year * 10_000 + month * 100 + 1 for month in range(1, 13)]
    plan = book.plan(codes.EMPLOYEE, days[0])
    premium = contributions.premium(book, year)
    contributions.retiree_terms(book, days[0])
    return Terms(
        tuple((contributions.rates(book, day, age=OLDER - 1), contributions.rates(book, day, age=OLDER)) for day in days),
        tuple(contributions.relief_factor(book, day) for day in days),
        plan.rounding if plan is not None else codes.HALF_UP, premium.person, premium.subsidy,
        page(book, codes.EMPLOYEE, days[0]).fen("", "contribution.large_amount_premium"), contributions.grace_months(book, days[0]),
        contributions.employee_waiting(book, days[0]), contributions.resident_waiting(book, days[0]),
        contributions.shares_in_family(book, days[0]),
    )


def terms_of(book: Book, profile: Profile, year: int) -> Terms:
    """A year's terms, with what the city takes beside the policy book's large-amount premium."""
    found = policy_terms(book, year)
    return found._replace(large=found.large + round(float(profile.value("large.further")) * 100))


def aid_counts(profile: Profile, city: City) -> list[int]:
    """Residents in each aid category from 1 on, at the city's scale."""
    names = ("destitute", "orphan", "minimum_living", "returned_poor", "marginal", "illness_poor")
    residents = profile.whole("enrolled.resident")
    counted = {"marginal"} if profile.has("aid.marginal_is_count") else set()
    return [
        scaled(city, profile.whole(f"aid.{name}") if name in counted else residents * profile.whole(f"aid.{name}") // codes.WHOLE)
        for name in names
    ]


def quota_of(profile: Profile, city: City, bucket: int) -> Quota:
    """The counts that one bucket holds at each year's end."""
    def shared(count: int) -> int:
        return part(scaled(city, count), city, bucket)

    employed, retired = registers.job_counts(profile, city)
    enrolled = whole_city(profile)
    living = enrolled + profile.whole("population.uninsured")
    two = profile.whole("chronic.two_diseases_persons") if profile.has("chronic.two_diseases_persons") else (
        profile.whole("enrolled.resident") * profile.whole("chronic.two_diseases") // codes.WHOLE)
    return Quota(
        jobs=np.array([part(int(count), city, bucket) for count in employed]),
        retired=np.array([part(int(count), city, bucket) for count in retired]),
        flexible=shared(profile.whole("employee.flexible")),
        resident=shared(profile.whole("enrolled.resident")),
        uninsured=shared(profile.whole("population.uninsured")),
        not_resident=shared(max(living - profile.whole("population.resident"), 0)),
        registered=shared(min(profile.whole("population.registered"), living)),
        poor=shared(profile.whole("poor.registered")),
        two_diseases=shared(two),
        aid=np.array([part(count, city, bucket) for count in aid_counts(profile, city)]),
    )

