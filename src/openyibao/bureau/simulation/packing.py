"""A reform in one file 方案包: what a paper is attached, and what opens again to the same figures.

    run.json            which bills, from which day, which options, and the digests of figures, policy and bills
    drafts/<n>.yaml     the reform's drafts, as they were played
    laid/<n>.yaml       changes of policy in force on both sides
    policy/<hash>.npz   the reform's policy as it was settled with
    outcome.json        every figure
"""

import io
import json
import zipfile
from typing import Any, NamedTuple

from openyibao.bureau.refused import Refused
from openyibao.bureau.simulation.actions import Options, Scenario
from openyibao.bureau.simulation.drafting import Draft, drafts_in, read
from openyibao.bureau.simulation.models import Run
from openyibao.bureau.simulation.places import Year, folder_of
from openyibao.policybook.leaf import PolicyError
from openyibao.warehouse.simulate.outcome import CARD, Outcome

FORM, RUN = 1, "run.json"
LARGEST = 20_000_000
"""Bytes of a package, and of any file in it."""
MADE = (2020, 1, 1, 0, 0, 0)
"""The date of files in a package: the same run gives the same bytes."""


class Opened(NamedTuple):
    """A package read again."""

    at: Year
    scenario: Scenario
    options: Options
    digest: str


def packed(run: Run, outcome: Outcome) -> bytes:
    """A run's package."""
    folder = folder_of(run.pk)
    card = {
        "form": FORM, "city": run.city, "store": run.store, "year": run.year, "starts": run.reform["starts"], "said": run.reform["said"],
        "titles": run.reform["titles"], "orders": run.reform["orders"], "elasticity": run.reform["elasticity"],
        "drafts": [draft.name for draft in drafts_in(run.reform)], "laid": [draft.name for draft in drafts_in(run.reform, "laid")],
        "figures": run.digest, "policy": run.package, "policy_before": outcome.reproduction.base_digest,
        "bills": outcome.reproduction.store_digest, "version": outcome.reproduction.version, "command": outcome.reproduction.command,
    }  # fmt: skip
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        put(archive, RUN, (json.dumps(card, ensure_ascii=False, indent=1) + "\n").encode())
        for what in ("drafts", "laid"):
            for place, draft in enumerate(drafts_in(run.reform, what), 1):
                put(archive, f"{what}/{place}.yaml", draft.text.encode())
        for path in sorted((folder / "policy").glob(f"{run.package[:16]}*.npz")):
            put(archive, f"policy/{path.name}", path.read_bytes())
        put(archive, CARD, (folder / CARD).read_bytes())
    return found.getvalue()


def put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """One file of a package."""
    info = zipfile.ZipInfo(name, MADE)
    info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    archive.writestr(info, content)


def unpacked(content: bytes, at_hand: list[Year]) -> Opened:
    """A package read again, with the bills at hand that it was simulated on. Raises Refused SIM-12, SIM-13."""
    try:
        with zipfile.ZipFile(io.BytesIO(content[:LARGEST])) as archive:
            if any(member.file_size > LARGEST for member in archive.infolist()):
                raise ValueError("a file of the package is too large")
            card: dict[str, Any] = json.loads(archive.read(RUN))
            found = {
                what: tuple(
                    Draft(str(name), archive.read(f"{what}/{place}.yaml").decode("utf-8"), "package")
                    for place, name in enumerate(card[what], 1)
                )
                for what in ("drafts", "laid")
            }
        zh, en = (str(title) for title in card["titles"])
        scenario = Scenario(zh, en, found["drafts"], int(card["starts"]), int(card["said"]), found["laid"])
        options, digest = Options(str(card["orders"]), str(card["elasticity"])), str(card["figures"])
        city, store, year = str(card["city"]), str(card["store"]), int(card["year"])
        for draft in (*found["drafts"], *found["laid"]):
            read(draft)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, PolicyError) as problem:
        raise Refused(
            "SIM-12", "这不是方案包，或已损坏。", "This is no package of a simulation, or it is damaged.", place="package",
            next_zh="请选择从结果页下载的方案包（.zip）。", next_en="Choose a package (.zip) taken from a result's page.",
        ) from problem
    mine = [one for one in at_hand if (one.city, one.year) == (city, year)]
    at = next((one for one in mine if one.store == store), mine[0] if mine else None)
    if at is None:
        raise Refused(
            "SIM-13", f"本机没有 {city} {year} 年的单据。", f"There are no bills of {city} of {year} here.", place="package",
            next_zh="请先归档或导入该年度库。", next_en="Export or import that year's store first.",
        )
    return Opened(at, scenario, options, digest)
