"""A settled paper claim taken back 零星报销冲销: the mirror of a bill at a window, with the entry by which the funds owed the person.

Asked for by the claims desk, in the transaction of its step. The year is carried again without the bill (docs/decisions/0005); what was
paid to the person must have come back before, which is the desk's to see.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import transaction

from openyibao.bureau.fund.actions import numbers, post
from openyibao.bureau.policydesk.queries import Shelf
from openyibao.bureau.settlement.actions import TRIES, Caller, busy
from openyibao.bureau.settlement.paper import INFNO, next_msgid, owed_entry
from openyibao.bureau.settlement.store import reversals, within, writing
from openyibao.bureau.settlement.store.pool import Conflict
from openyibao.bureau.settlement.store.within import Overtaken
from openyibao.bureau.settlement.taking_back import Mirrored, mirrored, rows_of


def take_back(setl_id: int, shelf: Shelf, *, at: datetime) -> int:
    """Take the settlement of a paper claim back 冲销, in the transaction that is open; the mirror's number.

    Raises LookupError for a settlement that is none of a paper claim or was taken back, Refused BUSY-01, FUND-02 for a closed month.
    """
    for _ in range(TRIES):
        row = within.first_row(reversals.TARGET, "", "", setl_id)
        if "claim" not in json.loads(row["detail"]) or row["mirrored_by"] is not None:
            raise LookupError(f"settlement {setl_id} is no paper claim that stands")
        rows = within.rows(reversals.JOURNAL_OF_YEAR, row["psn_no"], row["insutype"], setl_id)
        try:
            with transaction.atomic():
                return record(mirrored(row, rows, shelf), at)
        except (Overtaken, Conflict):
            continue                        # a window settled this person meanwhile: the year moved on
    raise busy()


def record(done: Mirrored, at: datetime) -> int:
    """Write the mirror and its entries; its number. Raises Overtaken."""
    row: dict[str, Any] = done.row
    claim, mirror = json.loads(row["detail"])["claim"], numbers.next()
    layers = within.rows(reversals.LAYERS, row["setl_id"])
    moves = within.rows(reversals.MOVES, row["setl_id"], row["psn_no"])
    digest = hashlib.sha256(f"{claim} {row['setl_id']}".encode()).digest()
    caller = Caller(row["fixmedins_code"], next_msgid(claim, row["psn_no"]), INFNO, digest)
    rows = rows_of(done, mirror, layers, moves, caller, at, b"{}")
    sql, values = writing.alone(rows)
    within.write(sql, *values)
    back = [(part.fund, -part.fen) for part in rows.postings if part.fen > 0]      # where the settlement's were negative
    if back:
        post(owed_entry(claim, row["fixmedins_code"], back, at), poolarea=row["poolarea"], at=at)
    return mirror
