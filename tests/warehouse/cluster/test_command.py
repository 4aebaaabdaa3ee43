"""`openyibao cluster`: a cluster on this machine until it is ended, and what the workers of one see."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from typer.testing import CliRunner

from openyibao.cli.main import app
from openyibao.warehouse.cluster.agreement import software

pytest.importorskip("distributed", reason="distributed is not installed: pip install 'openyibao[cluster]'")
BOTH = pytest.mark.parametrize("lang, words", [("zh", "2 个工作进程与本机一致"), ("en", "2 worker processes agree")])


def called(*words):
    return CliRunner().invoke(app, ["cluster", *words])


@BOTH
def test_check_shows_what_every_worker_has(dask, store, lang, words):
    answer = called("check", dask.url, "--store", str(store.root), "--lang", lang)
    assert answer.exit_code == 0 and words in answer.output
    assert answer.output.count(software().law) == 2 and all(str(worker.pid) in answer.output for worker in dask.workers)


@pytest.mark.parametrize("url, zh, en", [
    ("http://here", "不认识的集群地址", "no address of a cluster"), ("tcp://127.0.0.1:1", "没有应答", "does not answer"),
])  # fmt: skip
def test_check_refuses_in_both_languages(url, zh, en):
    answer = called("check", url)
    assert answer.exit_code == 2 and zh in answer.output and en in answer.output


def test_check_refuses_a_folder_that_is_no_store(dask, tmp_path):
    answer = called("check", dask.url, "--store", str(tmp_path))
    assert answer.exit_code == 2 and "city.json" in answer.output


def test_start_runs_until_it_is_ended_and_leaves_no_process(tmp_path):
    environment = {**os.environ, "OPENYIBAO_LANG": "en", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "openyibao.cli.main", "cluster", "start", "--workers", "1", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, text=True) as running:
        assert running.stdout is not None
        first = running.stdout.readline()
        assert "1 workers" in first and "tcp://127.0.0.1:" in first
        url = first.split()[-1]
        running.send_signal(signal.SIGTERM)
        rest, _ = running.communicate(timeout=60)
    assert "Ended." in rest and running.returncode == 0
    answer = called("check", url)
    assert answer.exit_code == 2 and "does not answer" in answer.output


def test_a_start_that_is_killed_leaves_nothing_running(tmp_path):
    command = [sys.executable, "-m", "openyibao.cli.main", "cluster", "start", "--workers", "1", "--port", "0", "--lang", "en"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}) as running:
        assert running.stdout is not None
        port = int(running.stdout.readline().rpartition(":")[2])
        running.kill()
    until = time.monotonic() + 30
    while listens(port):
        assert time.monotonic() < until, "the scheduler goes on without the command that started it"
        time.sleep(0.2)


def listens(port: int) -> bool:
    """Whether anything listens there."""
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0
