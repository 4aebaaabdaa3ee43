"""The server process: starts its database, ends in good order, and tidies up after one that did not."""

import os
import signal
import socket
import subprocess
import sys
import time

import httpx
import psycopg
import pytest

from openyibao.outside import postgres

COMMAND = [sys.executable, "-m", "openyibao.cli.main"]


def environment(**more):
    """This process's environment without the tests' own database and home."""
    return {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "OPENYIBAO_HOME")} | more


@pytest.fixture
def serving(reachable_folder):
    """Starts a server without a door and gives the process and its address; whatever still runs is killed at the end."""
    started = []

    def start(*words, **more):
        log = (reachable_folder / f"log-{len(started)}").open("w+")
        process = subprocess.Popen([*COMMAND, "serve", "--no-door", "--port", "0", "--home", str(reachable_folder / "home"), *words],
                                   stdout=subprocess.PIPE, stderr=log, text=True, env=environment(**more))
        started.append((process, log))
        address = process.stdout.readline().split(" ")[0]
        assert address.startswith("http://127.0.0.1:"), log.name
        end = time.monotonic() + 60
        while True:
            try:
                assert httpx.get(address + "healthz/ready", timeout=30).json() == {"status": "ready"}
                return process, address
            except httpx.TransportError:
                assert time.monotonic() < end
                time.sleep(0.05)

    yield start
    for process, log in started:
        process.kill()
        process.communicate()
        log.close()
    postgres.stop(reachable_folder / "home" / "db", mode="immediate")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_ends_well_and_its_database_with_it(serving, reachable_folder, number):
    process, _ = serving()
    database = reachable_folder / "home" / "db"
    assert postgres.is_running(database)
    process.send_signal(number)
    assert process.wait(timeout=60) == 0
    assert not postgres.is_running(database)


def test_a_database_that_ran_before_is_left_running(serving, reachable_folder):
    database = reachable_folder / "home" / "db"
    postgres.start(database)
    process, _ = serving()
    process.terminate()
    assert process.wait(timeout=60) == 0
    assert postgres.is_running(database)


def test_a_killed_server_leaves_a_database_that_the_next_one_takes_over(serving, reachable_folder):
    database = reachable_folder / "home" / "db"
    process, _ = serving()
    process.kill()
    process.wait()
    assert postgres.is_running(database)
    process, _ = serving()
    process.terminate()
    assert process.wait(timeout=60) == 0
    assert not postgres.is_running(database)


def test_two_workers_serve_one_address(serving):
    process, address = serving("--workers", "2")
    assert httpx.get(address + "healthz").json() == {"status": "live"}
    process.terminate()
    assert process.wait(timeout=60) == 0


def test_another_database_is_used_and_never_stopped(serving, reachable_folder, fresh_database):
    process, _ = serving(DATABASE_URL=fresh_database)
    process.terminate()
    assert process.wait(timeout=60) == 0
    assert not (reachable_folder / "home" / "db").exists()
    with psycopg.connect(fresh_database) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_taken_port_is_said_before_anything_is_started(reachable_folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run([*COMMAND, "serve", "--port", port, "--home", str(reachable_folder / "home")], capture_output=True, text=True,
                              env=environment(), check=False)
    assert done.returncode == 2 and f"127.0.0.1:{port}" in done.stderr and "--port" in done.stderr
    assert not (reachable_folder / "home").exists()


def test_the_command_line_does_not_load_the_server_before_it_is_asked_for():
    code = "import sys, openyibao.cli.main; print([name for name in ('django', 'uvicorn', 'psycopg') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
