"""The stand-in bureau's door: a small HTTP server with the envelope, two signature schemes, sign-in and message ids; faults on request."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from openyibao.outside.hospital.cast import Cast
from outside.hospital_desk import Desk, plain
from outside.hospital_offices import No, clock

LARGEST, DEEPEST = 1_000_000, 100
SKEW = 1800
PATHS = ("/fsi/api/", "/hsa/hgs/", "/CSB", "/mbs-hiIntf-", "/uif-hsaf-med-api/")


class Gateway(Exception):
    """A refusal outside the envelope."""


class Door:
    """Everything between the wire and the desk."""

    def __init__(self, cast: Cast, faults: set[str]) -> None:
        """A fresh bureau."""
        self.cast, self.faults, self.desk, self.lock = cast, faults, Desk(cast, faults), threading.RLock()
        self.kept: dict[tuple[str, str], tuple[str, object]] = {}
        self.fates: dict[tuple[str, str], dict] = {}
        self.nonces: dict[str, str] = {}
        self.signed_in: set[str] = set()

    def answer(self, path: str, headers, body: bytes) -> tuple[int, str, bytes]:
        """Status, content type and content."""
        if "five-hundred" in self.faults and b'"infno":"5203"' in body:
            return 500, "text/plain", b"Traceback (most recent call last):"
        try:
            output = self.checked(path, headers, body)
            if isinstance(output, bytes):
                return 200, "application/octet-stream", output
            reply = {"infcode": 0, "inf_refmsgid": "4" * 30, "err_msg": None, "output": output}
        except Gateway as refusal:
            return 401, "application/json", json.dumps({"code": 401, "message": str(refusal)}, ensure_ascii=False).encode()
        except No as refusal:
            reply = {"infcode": -1, "inf_refmsgid": "", "err_msg": f"{'' if 'dumb' in self.faults else refusal}", "output": None}
        stamp = f"{clock():%Y%m%d%H%M%S%f}"[:17]
        reply |= {"refmsg_time": stamp, "respond_time": stamp}
        return 200, "application/json", json.dumps(reply, ensure_ascii=False).encode()

    def checked(self, path: str, headers, body: bytes):
        """The message's output."""
        if not path.startswith(PATHS) or ("one-address" in self.faults and path.startswith("/hsa")):
            raise No("地址不存在")
        if len(body) > LARGEST and "any-size" not in self.faults:
            raise No("报文过大")
        if headers.get("Content-Type", "").startswith("multipart/"):
            body = unpacked(headers["Content-Type"], body)
        try:
            text = body.decode("utf-8", "replace" if "any-encoding" in self.faults else "strict")
        except UnicodeDecodeError as error:
            raise No("报文编码不是 UTF-8") from error
        if text.count("[") > DEEPEST * 10:
            raise No("报文嵌套过深")
        try:
            message = json.loads(text, parse_constant=lambda word: (_ for _ in ()).throw(ValueError(word)))
        except ValueError as error:
            raise No("报文不是 JSON") from error
        if not isinstance(message, dict):
            raise No("报文不是对象")
        self.signature(headers, message)
        for name in ("infno", "msgid", "fixmedins_code"):
            if not message.get(name):
                raise No(f"报文缺少 {name}")
        if message["fixmedins_code"] not in self.desk.institutions:
            raise No(f"没有定点机构 {message['fixmedins_code']}")
        with self.lock:
            return self.once(message)

    def signature(self, headers, message) -> None:
        """Check the scheme that the headers speak."""
        if "any-signature" in self.faults:
            return
        keys = {key.key_id: key for key in self.cast.keys.values()}
        if "x-tif-paasid" in headers:
            stamp, nonce = headers["x-tif-timestamp"], headers["x-tif-nonce"]
            key = keys.get(headers["x-tif-paasid"])
            text = f"{stamp}{key.secret if key else ''}{nonce}{stamp}"
            if key is None or hashlib.sha256(text.encode()).hexdigest() != headers["x-tif-signature"]:
                raise Gateway("签名不一致")
            self.in_time(int(stamp))
            if self.nonces.setdefault(nonce, message.get("msgid")) != message.get("msgid") and "any-nonce" not in self.faults:
                raise Gateway("签名已用于另一报文")
            if message.get("infno") != "9001" and not message.get("sign_no"):
                raise No("请先签到")
        elif "_api_access_key" in headers:
            key = keys.get(headers["_api_access_key"])
            names = ("_api_access_key", "_api_name", "_api_timestamp", "_api_version")
            text = "&".join(f"{name}={headers[name]}" for name in names)
            digest = hmac.new((key.secret if key else "").encode(), text.encode(), hashlib.sha1).digest()
            if key is None or base64.b64encode(digest).decode() != headers["_api_signature"]:
                raise Gateway("签名不一致")
            self.in_time(int(headers["_api_timestamp"]) // 1000)

    def in_time(self, stamp: int) -> None:
        """A timestamp within the window."""
        if abs(stamp - time.time()) > SKEW and "any-time" not in self.faults:
            raise Gateway("签名时间戳超时")

    def once(self, message):
        """One effect per message id."""
        infno, given, place, msgid = message["infno"], message.get("input") or {}, message["fixmedins_code"], message["msgid"]
        if infno == "9001":
            return {"signinoutb": {"sign_no": "1", "sign_time": f"{clock():%Y-%m-%d %H:%M:%S}"}}
        if infno == "9002":
            return {"sign_time": f"{clock():%Y-%m-%d %H:%M:%S}"}
        if infno == "Y0001":
            asked = given["data"]["msgid"]
            return {"data": self.fates.get((place, asked), {"msgid": asked, "state": "unknown", "infno": None, "answer": None})}
        content = plain([infno, given])
        if (place, msgid) in self.kept and "forgets" not in self.faults:
            before, output = self.kept[place, msgid]
            if before != content and "any-content" not in self.faults:
                raise No("该报文编号已用于内容不同的报文")
            return output
        if infno == "2601":
            return self.reversed(given["data"], place)
        try:
            output = self.desk.snapshot(self.desk.answer(infno, given, place, msgid))
        except (KeyError, TypeError, ValueError) as error:
            raise No(f"交易输入有误：{error}") from error
        self.kept[place, msgid] = (content, output)
        answer = None if isinstance(output, bytes) else output
        if "no-fate" not in self.faults:
            self.fates[place, msgid] = {"msgid": msgid, "infno": infno, "state": "committed", "answer": answer}
        return output

    def reversed(self, data, place: str):
        """2601."""
        if data["omsgid"] not in {msgid for _, msgid in self.kept}:
            raise No("没有可冲正的原交易")
        if "reverses-nothing" not in self.faults:
            self.desk.reverse(data["omsgid"], place)
        self.fates[place, data["omsgid"]]["state"] = "reversed"
        return {}


def unpacked(kind: str, body: bytes) -> bytes:
    """A multipart upload as a message with the bytes in it."""
    parts = {part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
             for part in message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body).get_payload()}
    message = json.loads(parts["jsonStr"])
    message["input"]["fsUploadIn"]["in"] = base64.b64encode(parts["file"]).decode()
    return json.dumps(message).encode()


@contextmanager
def standing(cast: Cast, *faults: str) -> Iterator[str]:
    """A door on a free port of this machine, with faults; its address."""
    door = Door(cast, set(faults))

    class Handler(BaseHTTPRequestHandler):
        """One request."""

        protocol_version = "HTTP/1.1"
        wbufsize = -1       # head and body in one packet
        timeout = 1 if "impatient" in faults else 20

        def do_POST(self) -> None:
            """Answer, unless the client has gone."""
            try:
                body = self.rfile.read(int(self.headers["Content-Length"]))
            except TimeoutError:
                self.close_connection = True
                return
            status, kind, content = door.answer(self.path, self.headers, body)
            try:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *words: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
