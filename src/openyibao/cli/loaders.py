"""Which desk loads which table 导入分派. It imports models, so it is imported once Django is set up (`cli/load.py`, tests)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction

from openyibao.bureau.codes import loading as codes
from openyibao.bureau.enrolment import loading as enrolment
from openyibao.bureau.enrolment.cipher import Cipher
from openyibao.bureau.entitlement import loading as entitlement
from openyibao.bureau.loading.cells import text
from openyibao.bureau.loading.columns import Asked, Column, Fault, Table, Values
from openyibao.bureau.loading.files import READERS
from openyibao.bureau.loading.problems import LoadProblem, Rejected
from openyibao.bureau.loading.sift import Loaded, Row, Sifted, read_table, refuse_shrunk
from openyibao.bureau.loading.tables import ORDER
from openyibao.bureau.providers import loading as providers
from openyibao.bureau.staff import actions as staff
from openyibao.gateway.channels import SETTINGS, BadSettings, channel_of_settings


class Report(NamedTuple):
    """What became of a file: rows met, what the desk did, every reason why a row was set aside, columns that nobody reads."""

    table: Table
    file: Path
    total: int
    loaded: Loaded
    rejected: list[Rejected]
    ignored: tuple[str, ...]

    @property
    def lines(self) -> int:
        """How many rows were set aside."""
        return len({why.line for why in self.rejected})


def stated(values: Values) -> dict[str, object]:
    """The settings that a row states."""
    return {name: value for name, value in values.items() if value not in ("", None)}


def sound_channel(values: Values, asked: Asked) -> Fault | None:
    """The settings make a channel."""
    del asked
    try:
        channel_of_settings(stated(values))
    except BadSettings as bad:
        return Fault("code", "LOAD-15", f"渠道设置有误：{'；'.join(bad.problems)}。", f"{bad}.")
    return None


CHANNELS = Table(
    "channels", "接入渠道",
    tuple(Column(setting.name, setting.zh, text, required=setting.name == "code") for setting in SETTINGS), ("code",), sound_channel,
)
"""One column per setting of the door; other columns, such as the other side's keys, are not read."""

ALL: dict[str, Table] = {table.kind: table for table in (*ORDER, CHANNELS)}
"""Every kind of table, in loading order."""


def load_file(
    kind: str, path: Path, *, asked: Asked, at: datetime, officer: str, allow_shrink: bool = False, dry_run: bool = False
) -> Report:
    """Load one file 导入一份文件, in one transaction, and log that it was done.

    asked        the day rows are judged on, and whether training numbers are taken
    officer      who loads it, for the log
    dry_run      everything is done and taken back: the report is the same, nothing stays
    Raises LoadProblem when the file as a whole is refused; then nothing has changed.
    """
    table = ALL[kind]
    sifted = read_table(path, table, asked)
    with transaction.atomic():
        if table.code_set and not allow_shrink:
            refuse_shrunk(table, codes.rows_before(table.code_set), len(sifted.rows))
        loaded = load_rows(sifted, name=path.name, at=at)
        detail = {"rows": sifted.total, "new": loaded.new, "changed": loaded.changed, "same": loaded.same, "sha256": sifted.digest}
        staff.acted(officer=officer, what=f"load.{kind}", object=f"file/{path.name}", at=at, detail=detail)
        if dry_run:
            transaction.set_rollback(True)
    return Report(table, path, sifted.total, loaded, sorted([*sifted.rejected, *loaded.rejected]), sifted.ignored)


def load_folder(folder: Path, *, asked: Asked, at: datetime, officer: str) -> list[Report]:
    """Load every file of a folder in loading order 导入文件夹, each in a transaction of its own. Raises LoadProblem."""
    reports = [load_file(kind, path, asked=asked, at=at, officer=officer) for kind, path in files_of(folder).items()]
    tell_planner()
    return reports


def load_rows(sifted: Sifted, *, name: str, at: datetime) -> Loaded:
    """Give a table's sound rows to its desk."""
    kind, rows = sifted.table.kind, sifted.rows
    if kind in VERSIONED:
        version = codes.note_version(sifted.table.code_set, name=name, rows=len(rows), digest=sifted.digest, at=at)
        return VERSIONED[kind](rows, version)
    if sifted.table.code_set:
        codes.note_version(sifted.table.code_set, name=name, rows=len(rows), digest=sifted.digest, at=at)
    if kind == "people":
        return enrolment.load_people(rows, Cipher(*settings.CIPHER_KEYS()))
    if kind == "filings":
        return entitlement.load_filings(rows, at)
    return PLAIN[kind](rows)


def load_measures(rows: Sequence[Row]) -> Loaded:
    """Measures go to the desk of their target."""
    persons = entitlement.load_measures([row for row in rows if row.values["kind"] == "person"])
    others = providers.load_measures([row for row in rows if row.values["kind"] != "person"])
    return Loaded(
        persons.new + others.new, persons.changed + others.changed, persons.same + others.same, [*persons.rejected, *others.rejected]
    )


def load_channels(rows: Sequence[Row]) -> Loaded:
    """Channels with the settings that their rows state."""
    found = {}
    for _, values in rows:
        channel = channel_of_settings(stated(values))
        found[channel.code] = (stated(values), channel.enabled)
    return providers.load_channels(found)


VERSIONED: dict[str, Callable[..., Loaded]] = {
    "drugs": codes.load_items, "services": codes.load_items, "consumables": codes.load_items,
    "diagnoses": codes.load_codes("diag_code", "diag_name"), "operations": codes.load_codes("oprn_oprt_code", "oprn_oprt_name"),
    "tcm": codes.load_codes("diag_code", "diag_name"), "chronic": codes.load_codes("opsp_dise_code", "opsp_dise_name"),
}  # fmt: skip
"""Tables whose rows name the version that they came with."""

PLAIN: dict[str, Callable[[Sequence[Row]], Loaded]] = {
    "ceilings": codes.load_ceilings, "selfpay": codes.load_selfpay, "mappings": codes.load_mappings,
    "institutions": providers.load_institutions, "departments": providers.load_departments,
    "practitioners": providers.load_practitioners, "measures": load_measures, "channels": load_channels,
    "employers": enrolment.load_employers, "relations": enrolment.load_relations, "dues": enrolment.load_dues,
    "accounts": enrolment.load_accounts, "family": enrolment.load_shares, "identities": entitlement.load_identities,
}  # fmt: skip


def files_of(folder: Path) -> dict[str, Path]:
    """The files of a folder that are named after a kind, in loading order. Raises LoadProblem when a kind has two, or there is none."""
    found: dict[str, Path] = {}
    for kind in ALL:
        files = [folder / f"{kind}{ending}" for ending in READERS if (folder / f"{kind}{ending}").is_file()]
        if len(files) > 1:
            raise LoadProblem("LOAD-01", f"{folder} 里有两份 {kind}，请只留一份。", f"{folder} has {kind} twice: keep one.")
        if files:
            found[kind] = files[0]
    if not found:
        raise LoadProblem("LOAD-01", f"{folder} 里没有可导入的文件（如 drugs.csv）。", f"{folder} has no file to load (such as drugs.csv).")
    return found


def tell_planner() -> None:
    """Fresh statistics for the database's planner: tables that were empty when it last looked give bad plans."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
