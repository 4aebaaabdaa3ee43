"""Planted faults 植入违规: which institutions have bad habits, and the ground truth of a bucket's bills and lines, kept apart in truth/."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from openyibao.kernel.codes import HALF_UP, L1
from openyibao.kernel.rounding import quotient
from openyibao.warehouse.city.draws import WHOLE_CITY, stream
from openyibao.warehouse.city.lines import Sheet
from openyibao.warehouse.city.patterns import NAMES, NONE, OF_PHARMACIES, OF_STAYS, OF_VISITS, ON_LINES
from openyibao.warehouse.city.profile import Profile
from openyibao.warehouse.city.slips import FAULT, INSTITUTION, PERSON, PRACTITIONER

FEN = 100_000_000
"""Quantity units times price units in one fen."""


def habits_of(institution: Mapping[str, Any], profile: Profile, seed: int) -> Any:
    """Each institution's habit 违规习惯: 0 none, a pattern of stays as it is, a pattern of visits or sales negative; int8.

    Patterns are dealt in turn, so that each occurs however small the city, as far as there are institutions for it.
    """
    rng = stream(seed, WHOLE_CITY, 0, "habits")
    level, pharmacy = np.asarray(institution["level"]), np.asarray(institution["pharmacy"]) == 1
    home = np.asarray(institution["place"]) == 0
    of_hospitals = (*OF_STAYS, *(-pattern for pattern in OF_VISITS))
    found = np.zeros(len(level), np.int8)
    for rows, patterns in (
        (home & ~pharmacy & (level >= L1), of_hospitals), (home & ~pharmacy & (level < L1), tuple(-pattern for pattern in OF_VISITS)),
        (home & pharmacy, tuple(-pattern for pattern in OF_PHARMACIES)),
    ):  # fmt: skip
        able = rng.permutation(np.flatnonzero(rows))
        chosen = able[: max(round(len(able) * float(profile.value("faults.institutions"))), len(patterns))]
        found[chosen] = np.array(patterns)[np.arange(len(chosen)) % len(patterns)]
    return found


def truth_of(slips: Any, bill: Mapping[str, Any], sheet: Sheet, person: Mapping[str, Any]) -> dict[str, Any]:
    """The table `fault` of a bucket's year: a row per line, or per bill where the whole bill is false, by bill.

    A bill whose pattern is one of lines, and which got none of them (nothing to charge), is no fault.
    """
    patterns = slips[:, FAULT]
    whole = np.flatnonzero((patterns != NONE) & ~np.isin(patterns, ON_LINES))
    lines = np.flatnonzero(sheet.fault != NONE)
    fees = np.array([quotient(int(sheet.quantity[line]) * int(sheet.price[line]), FEN, HALF_UP) for line in lines], np.int64)
    rows = np.concatenate([whole, sheet.row[lines]]).astype(np.int64)
    line = np.concatenate([np.full(len(whole), -1), lines])
    amount = np.concatenate([np.asarray(bill["total"])[whole], fees])
    code = np.concatenate([patterns[whole], sheet.fault[lines]])
    order = np.lexsort((line, rows))
    rows = rows[order]
    return {
        "bill": np.asarray(bill["bill"])[rows], "row": rows, "line": line[order],
        "person": np.asarray(person["person"])[slips[rows, PERSON]], "institution": slips[rows, INSTITUTION],
        "practitioner": slips[rows, PRACTITIONER], "pattern": [NAMES[number] for number in code[order]], "amount": amount[order],
    }  # fmt: skip
