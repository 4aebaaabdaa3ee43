"""The sandbox's people and their bills, city by city, as the differential test plays them at the door and in bill files."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from gateway.billing import TABLET, TABLET_B, VISIT_FEE, Charge, of

CITIES = {"jishou": "433101", "ankang": "610900", "jingzhou": "421000", "wuhan": "420100", "yuxi": "530400"}
BEFORE = dict(zip(CITIES, ["yuxi", *list(CITIES)[:-1]], strict=True))
NEXT = dict(zip(CITIES, [*list(CITIES)[1:], "jishou"], strict=True))
EXPENSIVE, SLICES, STENT, BED, CEILED = (
    "XL01XCY148B003010190003",
    "T900000100",
    "C01040101190011800010000001",
    "001109000010000",
    "XA05AAY012C006010190003",
)
RESTRICTED, CONSULTATION, DIALYSIS, DIALYSER, LOSARTAN = (
    "XA02BCY003C003010190005",
    "001102000090000",
    "003110000010000",
    "C04010103190031800010000001",
    "XC09CAY086B004010190002",
)
SINGLE_ROOM, OWN_PAY = "001109000030000", "001102000010000"


@dataclass
class Step:
    """One bill as both sides are told it. `at` institution: h1 h2 h3 p1, or n1 n2 in the next city; `says` more cells of the bill file."""

    at: str
    days: str  # "2025-03-03" or "2025-03-03 2025-03-08"
    charges: tuple[Charge, ...]
    med_type: str = "11"
    disease: str = ""
    account: str = "1"
    more: dict[str, Any] = field(default_factory=dict)
    says: dict[str, Any] = field(default_factory=dict)
    third: bool = False


def stay(at: str, days: str, *charges: Charge, med_type: str = "2101", **more: Any) -> Step:
    """A stay."""
    return Step(at, days, charges, med_type, **more)


def visit(at: str, day: str, *charges: Charge, **more: Any) -> Step:
    """A visit or a purchase."""
    return Step(at, day, charges, **more)


BACK = Charge(TABLET_B, Decimal(10), Decimal("33.330000"))
STORIES: dict[str, tuple[str, str, list[Step]]] = {
    "employee": (
        "01",
        "310",
        [
            visit("h3", "2025-01-06", of(TABLET_B, "133.37"), of(CONSULTATION, 10)),
            visit("h1", "2025-01-20", of(TABLET_B, "915.55"), of(VISIT_FEE, 12), Charge(SLICES, Decimal(120), Decimal("0.043333"))),
            visit("p1", "2025-02-02", of(TABLET_B, "86.40"), med_type="41"),
            stay("h2", "2025-03-03 2025-03-10", of(TABLET_B, "9012.34"), Charge(BED, Decimal(7), Decimal("58.5")), of(STENT, 7200)),
            stay(
                "h1",
                "2025-04-01 2025-04-12",
                of(TABLET_B, "43210.99"),
                Charge(CEILED, Decimal(30), Decimal("91.77")),
                BACK,
                Charge(TABLET_B, Decimal(-3), Decimal("33.330000"), back=BACK.serial),
            ),
            visit(
                "h1",
                "2025-05-02",
                of(TABLET, 640),
                of(RESTRICTED, 300),
                Charge(RESTRICTED, Decimal(3), Decimal("18.5"), approved="2"),
                account="0",
            ),
            stay("h1", "2025-06-01 2025-06-30", of(TABLET, 380_000)),
            visit("h1", "2025-12-30", of(TABLET_B, 1500), account="0"),
            visit("h1", "2026-01-05", of(TABLET_B, 1500)),
            stay("h1", "2025-12-28 2026-01-04", of(TABLET_B, 15_000), account="0"),
        ],
    ),
    "retired": (
        "02",
        "310",
        [
            visit("h2", "2025-01-06", of(TABLET_B, "733.37")),
            stay("h3", "2025-02-03 2025-02-06", of(TABLET, "2212.34")),
            stay("h1", "2025-04-01 2025-04-12", of(TABLET_B, "93210.99")),
            visit("h1", "2025-07-02", of(TABLET, 8640)),
        ],
    ),
    "resident": (
        "03",
        "390",
        [
            visit("h3", "2025-01-06", of(TABLET_B, "133.37"), of(CONSULTATION, 10)),
            visit("h1", "2025-01-07", of(TABLET_B, "233.37")),
            stay("h3", "2025-02-03 2025-02-06", of(TABLET, "2212.34")),
            stay("h2", "2025-03-03 2025-03-06", of(TABLET_B, "8212.34"), of(SINGLE_ROOM, 480)),
            stay("h1", "2025-04-01 2025-04-12", of(TABLET_B, "153210.99")),
            stay("h1", "2025-08-01 2025-08-02", of(TABLET_B, "3210.99"), med_type="28"),
            visit("h1", "2025-08-09", of(TABLET_B, 900), med_type="1301"),
            stay("h1", "2025-09-01 2025-12-29", of(TABLET, 60_000), med_type="21303"),
        ],
    ),
    "delivery": (
        "03",
        "390",
        [
            visit("h2", "2025-01-06", of(TABLET, "433.37"), med_type="51", more={"matn_type": "7", "birctrl_matn_date": "2025-06-01"}),
            stay(
                "h2",
                "2025-06-01 2025-06-05",
                of(TABLET_B, "5212.34"),
                med_type="52",
                more={"matn_type": "1", "fetus_cnt": 1, "birctrl_matn_date": "2025-06-02"},
            ),
        ],
    ),
    "child": (
        "04",
        "390",
        [
            visit("h3", "2025-01-06", of(TABLET_B, "233.37")),
            stay("h1", "2025-02-03 2025-02-16", of(TABLET_B, "32212.34")),
        ],
    ),
    "low-income": (
        "05",
        "390",
        [
            visit("h3", "2025-01-06", of(TABLET_B, "233.37")),
            stay("h2", "2025-02-03 2025-02-16", of(TABLET_B, "32212.34")),
            stay("h1", "2025-03-03 2025-03-16", of(TABLET_B, "112212.34")),
            stay("h1", "2025-05-03 2025-05-16", of(TABLET_B, "9212.34"), third=True),
        ],
    ),
    "chronic": (
        "06",
        "310",
        [
            visit("h1", "2025-01-06", of(TABLET_B, "733.37"), med_type="14", disease="M04600"),
            visit("h1", "2025-01-16", of(TABLET_B, "533.37"), med_type="14", disease="M01600"),
            visit("h2", "2025-02-16", of(LOSARTAN, "333.33"), med_type="14", disease="M04600"),
            visit("h2", "2025-02-18", of(TABLET, "333.33"), med_type="14", disease="M05300", says={"granted": ""}),
            visit("h2", "2025-03-16", of(TABLET, "6333.33"), med_type="140104", disease="M04600"),
        ],
    ),
    "two-disease": (
        "07",
        "390",
        [
            visit("h3", "2025-01-06", of(TABLET, "133.37"), med_type="9901", disease="M03900"),
            visit("h3", "2025-01-26", of(TABLET, "333.37"), med_type="9901", disease="M01600"),
            visit("h3", "2025-02-26", of(TABLET, "733.37"), med_type="9901", disease="M03900"),
            visit("h2", "2025-03-26", of(TABLET, "733.37"), med_type="9901", disease="M01600"),
        ],
    ),
    "arrears": (
        "08",
        "310",
        [
            visit("h1", "2024-05-20", of(TABLET_B, "733.37"), account="0"),
            stay("h1", "2024-05-20 2024-06-10", of(TABLET_B, "7233.37"), account="0"),
            visit("h1", "2025-01-06", of(TABLET_B, "233.37")),
            visit("h1", "2025-01-07", of(TABLET_B, "233.37"), account="0"),
            stay("h1", "2025-05-20 2025-06-10", of(TABLET_B, "7233.37"), account="0"),
        ],
    ),
    "waiting": ("09", "390", [visit("h1", "2025-04-06", of(TABLET, 100)), visit("h1", "2025-02-06", of(TABLET, 100))]),
    "dead": ("10", "310", [visit("h1", "2024-03-10", of(TABLET_B, 900))]),
    "switched": (
        "13",
        "390 310",
        [
            stay("h1", "2024-05-03 2024-05-12", of(TABLET_B, 9000), account="0"),
            visit("h1", "2024-05-20", of(TABLET, 300), account="0"),
            visit("h1", "2024-08-20", of(TABLET, 900)),
            stay("h1", "2024-09-03 2024-09-12", of(TABLET_B, 9000)),
        ],
    ),
    "relative": (
        "14",
        "390",
        [
            visit("h1", "2025-01-06", of(TABLET, 313), account="2"),
            stay("h1", "2025-02-03 2025-02-12", of(TABLET_B, 9000), account="2"),
            visit("h1", "2025-03-06", of(TABLET, 313), account="2"),
        ],
    ),
    "dialysis": (
        "15",
        "390",
        [
            visit(
                "h2",
                "2025-01-31",
                Charge(DIALYSIS, Decimal(12), Decimal(400)),
                Charge(DIALYSER, Decimal(12), Decimal(92)),
                med_type="14",
                disease="M07803",
                says={"kind": "dialysis", "sessions": 12},
            ),
            visit(
                "h2",
                "2025-02-28",
                Charge(DIALYSIS, Decimal(15), Decimal(400)),
                med_type="14",
                disease="M07803",
                says={"kind": "dialysis", "sessions": 15},
            ),
            stay("h1", "2025-03-03 2025-03-16", of(TABLET_B, "32212.34")),
        ],
    ),
    "special-drug": (
        "16",
        "310",
        [
            visit("p1", "2025-02-10", Charge(EXPENSIVE, Decimal(2), Decimal(5480)), med_type="18"),
            visit("h1", "2025-03-10", Charge(EXPENSIVE, Decimal(4), Decimal(5480)), of(TABLET_B, 100), med_type="15"),
            visit("p1", "2025-01-05", Charge(EXPENSIVE, Decimal(1), Decimal(5480)), med_type="18", says={"granted": "0"}),
        ],
    ),
    "maternity": (
        "17",
        "310",
        [
            visit("h2", "2025-01-06", of(TABLET, "433.37"), med_type="51", more={"matn_type": "7", "birctrl_matn_date": "2025-06-01"}),
            stay(
                "h2",
                "2025-06-01 2025-06-05",
                of(TABLET_B, "7212.34"),
                med_type="52",
                more={"matn_type": "3", "fetus_cnt": 2, "birctrl_matn_date": "2025-06-02"},
            ),
            visit(
                "h2",
                "2025-09-06",
                of(TABLET, "933.37"),
                med_type="51",
                more={"matn_type": "5", "geso_val": 18, "birctrl_matn_date": "2025-09-06"},
            ),
        ],
    ),
    "newborn": (
        "18",
        "390",
        [visit("h1", "2025-06-10", of(TABLET, 300)), stay("h1", "2025-07-01 2025-07-09", of(TABLET_B, 12_000), med_type="2109")],
    ),
    "civil-servant": (
        "20",
        "310",
        [
            visit("h1", "2025-01-06", of(TABLET_B, "3233.37"), account="0"),
            stay("h1", "2025-02-03 2025-02-16", of(TABLET_B, "42212.34")),
            stay("h2", "2025-03-03 2025-03-16", of(TABLET_B, "112212.34"), account="0"),
        ],
    ),
    "not filed": (
        "03",
        "390",
        [
            stay("n1", "2025-04-01 2025-04-12", of(TABLET_B, "33210.99"), says={"offsite": "self_referred"}),
            visit("n1", "2025-05-01", of(TABLET_B, "310.99"), says={"offsite": "self_referred"}),
            stay("n1", "2025-06-01 2025-06-12", of(TABLET_B, "33210.99"), med_type="24", says={"offsite": "emergency"}),
            visit("n2", "2025-07-01", of(TABLET_B, "310.99"), med_type="13", says={"offsite": "emergency"}),
        ],
    ),
    "employee away": (
        "01",
        "310",
        [
            stay("n1", "2025-04-01 2025-04-12", of(TABLET_B, "53210.99"), says={"offsite": "self_referred"}),
            visit("n1", "2025-05-01", of(TABLET_B, "910.99"), says={"offsite": "self_referred"}),
        ],
    ),
    "referred": (
        "104",
        "390",
        [
            stay("h2", "2025-03-20 2025-04-01", of(TABLET_B, "13210.99")),
            stay("n1", "2025-04-01 2025-04-12", of(TABLET_B, "33210.99"), says={"offsite": "referred", "transferred": 1}),
            stay("n2", "2025-05-01 2025-05-12", of(TABLET_B, "3210.99"), says={"offsite": "referred"}),
            stay("n1", "2025-08-01 2025-08-12", of(TABLET_B, "3210.99"), says={"offsite": "self_referred"}),
        ],
    ),
    "filed": (
        "offsite",
        "390",
        [
            stay("f1", "2025-04-01 2025-04-12", of(TABLET_B, "33210.99"), says={"offsite": "filed"}),
            visit("f1", "2025-05-01", of(TABLET_B, "310.99"), says={"offsite": "filed"}),
            stay("h1", "2025-06-01 2025-06-12", of(TABLET_B, "13210.99")),
            stay("n1", "2025-07-01 2025-07-12", of(TABLET_B, "13210.99"), says={"offsite": "self_referred"}),
        ],
    ),
}
