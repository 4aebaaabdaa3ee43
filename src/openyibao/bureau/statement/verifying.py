"""The address on a printed bill 结算单核验: whoever holds the paper can see whether the bill stands and what it came to.

The token is the bill's number under the server's key; a number alone opens nothing, and what opens names nobody.
"""

from datetime import datetime
from typing import NamedTuple

from django.core.signing import BadSignature, Signer

from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.models import Settlement
from openyibao.bureau.statement.naming import masked_name
from openyibao.bureau.statement.queries import listed

SIGNER = "statement.verify"


class Verified(NamedTuple):
    """What the public page shows of a bill."""

    bill: Settlement
    name: str  # masked
    institution: str
    taken_back: Settlement | None  # the mirror
    at: datetime | None  # when it was taken back


def token_of(setl_id: int) -> str:
    """The token of a bill."""
    return Signer(salt=SIGNER, sep=".").sign(str(setl_id))


def verified(token: str) -> Verified:
    """The bill of a token. Raises Refused BILL-03 for a forged one, or one of another server."""
    try:
        setl_id = int(Signer(salt=SIGNER, sep=".").unsign(token))
    except (BadSignature, ValueError):
        raise forged() from None
    bill = listed(Settlement.objects.filter(setl_id=setl_id)).first()
    if bill is None:
        raise forged()
    mirror = Settlement.objects.filter(mirror_of=setl_id).first()
    return Verified(bill, masked_name(bill.name or ""), bill.institution or bill.fixmedins_code, mirror, mirror.at if mirror else None)


def forged() -> Refused:
    """A token that this server did not sign."""
    return Refused(
        "BILL-03", "这个核验地址不是本系统签发的，或已被改动；所附单据不可采信。",
        "This address was not issued by this system, or was altered; do not trust the paper it stands on.", place="token",
        next_zh="请持单据原件到医保经办窗口核对，或向出具单据的机构索取原单。",
        next_en="Take the paper to the insurance office, or ask whoever issued it for the original.",
    )  # fmt: skip
