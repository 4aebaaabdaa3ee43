"""Files at the door 文件: what hospitals send by 9101 and fetch by 9102. The row says whose it is; the bytes lie under their SHA-256.

Two deposits of the same bytes share one file, so a catalogue that a hundred hospitals fetch is written once.
"""

import hashlib
import os
import secrets
from datetime import date, datetime, timedelta
from pathlib import Path

from django.utils import timezone

from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.models import Deposit

KEPT_DAYS = 7
"""Days a deposit can be fetched, the day it was laid down not counted 下载截止."""

UPLOAD, CATALOGUE, STATEMENT = "upload", "catalogue", "statement"
"""What a deposit is for."""


def place_of(folder: Path, digest: str) -> Path:
    """Where the bytes of a digest lie below the files folder."""
    return folder / digest[:2] / digest


def last_day_of(laid: datetime) -> date:
    """The last day on which a deposit can be fetched."""
    return timezone.localdate(laid) + timedelta(days=KEPT_DAYS)


def keep(folder: Path, content: bytes) -> str:
    """Write bytes under their SHA-256, unless they lie there already; the digest. They are on disk when this returns."""
    digest = hashlib.sha256(content).hexdigest()
    place = place_of(folder, digest)
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.with_name(f"{digest}.{secrets.token_hex(4)}")
        with beside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.rename(place)
    return digest


def lay_down(institution: str, filename: str, digest: str, size: int, purpose: str, *, at: datetime) -> Deposit:
    """Note a file for an institution 登记文件; the row, whose key is the file_qury_no."""
    number = f"{timezone.localtime(at):%Y%m%d}{secrets.token_hex(8)}"
    return Deposit.objects.create(
        file_qury_no=number, fixmedins_code=institution, filename=filename, size=size, digest=digest, at=at, purpose=purpose
    )


def latest_like(filename: str, purpose: str) -> Deposit | None:
    """The newest deposit of a name and purpose, whosever it is: its bytes can serve again."""
    return Deposit.objects.filter(filename=filename, purpose=purpose).order_by("-at").first()


def found(institution: str, file_qury_no: str, *, folder: Path, at: datetime, place: str) -> tuple[Deposit, Path]:
    """The deposit of an institution and where its bytes lie. Raises Refused: not the institution's, too old, gone from disk."""
    row = Deposit.objects.filter(file_qury_no=file_qury_no, fixmedins_code=institution).first()
    if row is None:
        raise Refused(
            "FILE-01", f"没有文件查询号为 {file_qury_no} 的文件", f"there is no file {file_qury_no} of this institution", place=place,
            next_zh="请核对文件查询号，或重新申请下载、重新上传", next_en="check file_qury_no, or ask for the file again",
        )
    if timezone.localdate(at) > last_day_of(row.at):
        raise Refused(
            "FILE-02", f"文件已于 {last_day_of(row.at)} 过下载截止日期", f"the file could be fetched until {last_day_of(row.at)}",
            place=place, next_zh="请重新申请下载", next_en="ask for the file again",
        )
    where = place_of(folder, row.digest)
    if not where.exists():
        raise Refused(
            "FILE-03", "文件内容已不在服务器上", "the file's content is no longer on the server", place=place,
            next_zh="请重新申请下载或重新上传", next_en="ask for it, or send it, again",
        )
    return row, where
