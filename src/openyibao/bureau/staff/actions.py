"""What the staff desk writes 留痕: who looked at a person and why, and what was done. Rows are added, never changed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.models import Act, Look

PURPOSE = Look._meta.get_field("purpose").max_length
OBJECT = Act._meta.get_field("object").max_length


def looked(*, officer: str, psn_no: str, purpose: str, what: str, at: datetime) -> None:
    """Log that somebody read a person's data 查询留痕.

    officer  login, or institution/operator at the door
    purpose  why, in the officer's words, or the number of the message that asked
    what     which data: `identity`, `everything`, `filings` …
    Raises Refused STAFF-01 when officer or purpose is empty: nobody's data are read without a reason.
    """
    looked_at_many(officer=officer, psn_nos=(psn_no,), purpose=purpose, what=what, at=at)


def looked_at_many(*, officer: str, psn_nos: Iterable[str], purpose: str, what: str, at: datetime) -> None:
    """The same for the persons of one list, one row each. Raises Refused STAFF-01."""
    if not officer.strip() or not purpose.strip():
        raise Refused(
            "STAFF-01", "查询个人信息须写明查询人和用途。", "Reading a person's data needs who reads and why.", place="purpose",
            next_zh="请填写用途后再查。", next_en="Write the purpose, then ask again.", clause="个人信息保护法 第六条",
        )
    Look.objects.bulk_create(
        Look(at=at, officer=officer[:60], psn_no=psn_no, purpose=purpose.strip()[:PURPOSE], what=what[:60]) for psn_no in psn_nos
    )


def acted(*, officer: str, what: str, object: str, at: datetime, detail: Mapping[str, Any] | None = None) -> None:
    """Log what was done 操作留痕, in the transaction of the deed itself.

    what    the act: `enrolment.join`, `entitlement.withdraw` …
    object  what it was done to: `person/<psn_no>`, `filing/<sn>`
    detail  plain JSON values; identity numbers and other people's names have no place in it
    """
    Act.objects.create(at=at, officer=officer[:60], what=what[:60], object=object[:OBJECT], detail=dict(detail or {}))
