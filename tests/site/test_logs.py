"""Log lines are JSON, carry the request's trace id, and carry no person."""

import io
import json
import logging

import psycopg
import pytest
import structlog

from openyibao.site import logs

NUMBER = "990101199001010013"


@pytest.fixture
def lines():
    """Logging as the server has it, into a text; what was arranged before comes back."""
    root = logging.getLogger()
    before, level, stream = root.handlers[:], root.level, io.StringIO()
    logs.configure("info", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def test_a_line_carries_the_trace_of_its_request(lines):
    with structlog.contextvars.bound_contextvars(trace="t-1", infno="2207"):
        structlog.get_logger("openyibao.gateway").info("answered", fen=100)
        logging.getLogger("uvicorn.error").warning("slow %s", "client")
    structlog.get_logger("openyibao.gateway").info("later")
    ours, theirs, later = lines()
    assert (ours["event"], ours["trace"], ours["infno"], ours["fen"], ours["level"]) == ("answered", "t-1", "2207", 100, "info")
    assert (theirs["event"], theirs["trace"], theirs["level"]) == ("slow client", "t-1", "warning")
    assert "trace" not in later


def test_no_person_reaches_a_line_by_key_or_by_text(lines):
    log = structlog.get_logger("openyibao")
    log.info(f"looked for {NUMBER}", certno="x1", detail={"psn_name": "张三丰", "others": [f"a{NUMBER}b"]}, psn_no="43310000001")
    logging.getLogger("django.db").error("failed for %s", NUMBER)
    text = json.dumps(lines(), ensure_ascii=False)
    assert NUMBER not in text and "张三丰" not in text and "x1" not in text
    assert "43310000001" in text


def test_a_message_id_is_kept(lines):
    structlog.get_logger("openyibao").info("got", msgid="H43310100001202601011200000001", refmsgid="433100202601011200001234567890")
    assert lines()[0]["msgid"] == "H43310100001202601011200000001"
    assert lines()[0]["refmsgid"] == "433100202601011200001234567890"


def test_the_values_of_a_row_in_a_databases_complaint_are_blacked_out(lines, fresh_database):
    with psycopg.connect(fresh_database, autocommit=True) as connection:
        connection.execute("CREATE TABLE patient (name text UNIQUE, age int CHECK (age > 0))")
        connection.execute("INSERT INTO patient VALUES ('张三丰', 1)")
        for values in ("('张三丰', 2)", "('欧阳春晓', -1)"):
            try:
                connection.execute(f"INSERT INTO patient VALUES {values}")
            except psycopg.errors.IntegrityError:
                structlog.get_logger("openyibao").exception("bug")
    text = json.dumps(lines(), ensure_ascii=False)
    assert text.count("IntegrityError") + text.count("UniqueViolation") + text.count("CheckViolation") >= 2
    detail = [line["exception"].split("DETAIL:", 1)[1] for line in lines()]
    assert all("张三丰" not in words and "欧阳春晓" not in words for words in detail)
