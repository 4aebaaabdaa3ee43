"""Scanned papers 影像材料: checked by their first bytes, kept below the home folder under their own hash, written once."""

import hashlib
import os
from pathlib import Path

from openyibao.bureau.refused import Refused

LARGEST = 10 * 2**20
"""Bytes of one file."""

MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
)
"""First bytes, kind, name's end. What a file is called says nothing."""


def kind_of(content: bytes) -> str:
    """The kind of a file by its first bytes. Raises Refused SCAN-01 too large or empty, SCAN-02 another kind."""
    if not content or len(content) > LARGEST:
        most = LARGEST // 2**20
        raise Refused("SCAN-01", f"文件须在 {most} MB 以内，且不能为空。", f"A file has at most {most} MB and is not empty.", place="file",
                      next_zh="请压缩或分开扫描后再传。", next_en="Scan it smaller or in parts.")
    for magic, kind, _ in MAGIC:
        if content.startswith(magic):
            return kind
    raise Refused("SCAN-02", "只收 PDF、JPEG、PNG 文件。", "Only PDF, JPEG and PNG files are taken.", place="file",
                  next_zh="请另存为这三种格式之一。", next_en="Save it in one of these formats.")


def suffix_of(kind: str) -> str:
    """How a file of a kind is called at its end."""
    return next(suffix for _, one, suffix in MAGIC if one == kind)


def place_of(home: Path, sha256: str) -> Path:
    """Where the file of a hash lies."""
    return home / "scans" / sha256[:2] / sha256


def keep(home: Path, content: bytes) -> str:
    """Write a file under its hash; one that lies there already is left as it is. The hash."""
    sha256 = hashlib.sha256(content).hexdigest()
    place = place_of(home, sha256)
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        mine = place.with_name(f"{sha256}.{os.getpid()}")
        with open(os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        mine.replace(place)
    return sha256


def content_of(home: Path, sha256: str) -> bytes:
    """A file again, its hash checked. Raises Refused SCAN-03 when it is gone or was changed."""
    place = place_of(home, sha256)
    content = place.read_bytes() if place.is_file() else b""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Refused("SCAN-03", "影像文件缺失或已被改动。", "The scanned file is missing or was changed.", place="file",
                      next_zh="请从备份恢复，或请申请人重新提交。", next_en="Restore it from the backup, or ask for it again.")
    return content
