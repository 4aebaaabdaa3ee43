"""Files 文件: 9101 sent, 9102 fetched."""

import base64
import binascii
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement import deposits
from openyibao.gateway.handling import Desk, Handler, Request

BYTE = 256

PLATFORM = "plc"
"""fixmedins_code of the files that the platform makes for everybody (13xx)."""


class File(NamedTuple):
    """A reply that is a file and no envelope: the door streams it as application/octet-stream."""

    path: Path
    filename: str


def upload(request: Request, desk: Desk) -> dict[str, Any]:
    """9101 文件上传: the bytes in `in`, as Base64, as a list of numbers, or as the second part of a multipart request."""
    row = request.input["fsUploadIn"]
    own_file(row, request, "fsUploadIn")
    content = content_of(row.get("in"))
    name = plain_name(row["filename"])
    digest = deposits.keep(desk.files, content)
    laid = deposits.lay_down(request.institution, name, digest, len(content), deposits.UPLOAD, at=request.at)
    return {
        "file_qury_no": laid.file_qury_no, "filename": name, "fixmedins_code": request.institution,
        "dld_endtime": deposits.last_day_of(request.at),
    }


def download(request: Request, desk: Desk) -> Any:
    """9102 文件下载: the bytes of a deposit of the sender."""
    row = request.input["fsDownloadIn"]
    own_file(row, request, "fsDownloadIn")
    laid, where = deposits.found(
        request.institution, row["file_qury_no"], folder=desk.files, at=request.at, place="fsDownloadIn.file_qury_no"
    )
    return File(where, laid.filename)


def own_file(row: dict[str, Any], request: Request, node: str) -> None:
    """Raise Refused when the row names another institution than the envelope."""
    if row.get("fixmedins_code", request.institution) not in (request.institution, PLATFORM):
        raise Refused(
            "FILE-04", f"医药机构编号 {row['fixmedins_code']} 与报文头不一致", "fixmedins_code differs from the envelope's",
            place=f"{node}.fixmedins_code", next_zh="请填写本机构编号", next_en="give the sender's own code",
        )


def content_of(sent: Any) -> bytes:
    """The bytes of a file: bytes, Base64, or numbers from -128 or 0 to 255. Raises Refused."""
    if isinstance(sent, bytes) and sent:
        return sent
    try:
        if isinstance(sent, list) and sent:
            return bytes(byte_of(number) for number in sent)
        if isinstance(sent, str) and sent.strip():
            return base64.b64decode("".join(sent.split()), validate=True)
    except (binascii.Error, TypeError, ValueError) as fault:
        raise Refused(
            "FILE-05", "文件数据既不是 Base64，也不是字节数组", "the file is neither Base64 nor a list of bytes", place="fsUploadIn.in",
            next_zh="请把文件按 Base64 编码后放入 in，或用 multipart 上传", next_en="send it in Base64, or as a multipart request",
        ) from fault
    raise Refused(
        "FILE-06", "没有收到文件数据", "no file came with the message", place="fsUploadIn.in",
        next_zh="请把文件放入 in，或用 multipart 的 file 部分上传", next_en="put the file into `in`, or into the part `file`",
    )


def byte_of(number: int) -> int:
    """A byte from 0 to 255; programs whose bytes have a sign send -128 to 127. Raises ValueError."""
    if not -BYTE // 2 <= number < BYTE:
        raise ValueError(f"{number} is not a byte")
    return number % BYTE


def plain_name(filename: str) -> str:
    """A file's name without folders. Raises Refused when nothing is left."""
    name = PurePosixPath(filename.replace("\\", "/")).name
    if name in ("", ".", ".."):
        raise Refused(
            "FILE-07", f"“{filename}”不是文件名", f"“{filename}” is no file name", place="fsUploadIn.filename",
            next_zh="请填写文件名，例如 mx202603.zip", next_en="give a file name such as mx202603.zip",
        )
    return name


HANDLERS = {"9101": Handler(upload, "write"), "9102": Handler(download, "read")}
