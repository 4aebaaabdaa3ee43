"""What every test relies on: the network is closed, Hypothesis draws the same examples each time, the clock is nobody's business."""

import os
import signal
import socket
from pathlib import Path

import pytest
from hypothesis import settings

from database import django_database, durable_server, fresh_database, migrated_template, reachable_folder, session_folder

__all__ = ["django_database", "durable_server", "fresh_database", "migrated_template", "reachable_folder", "session_folder"]

settings.register_profile("house", deadline=None, derandomize=True, database=None, print_blob=True)
settings.register_profile("nightly", deadline=None, max_examples=5_000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))

HERE = Path(__file__).resolve().parent
LOCAL = ("127.0.0.1", "::1", "localhost")


@pytest.hookimpl(tryfirst=True)      # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker has all tests of a file, in their order: they share a town or a database. The browser's files share one server."""
    for item in items:
        file = item.path.relative_to(HERE)
        item.add_marker(pytest.mark.xdist_group("browser" if file.parts[0] == "browser" else file.as_posix()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Browser tests that did not run are said at the end, where nobody overlooks it."""
    skipped = [one for one in terminalreporter.stats.get("skipped", ()) if one.nodeid.startswith("tests/browser/")]
    if skipped:
        terminalreporter.section("NO BROWSER", sep="!", red=True, bold=True)
        words = f"{len(skipped)} browser tests were SKIPPED: nothing was seen of the pages. `make browser` fetches a browser."
        terminalreporter.line(words, red=True)


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a shell's background job ignores Ctrl-C, and so would every command started here
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anything but this machine is a failure of the test that tried it."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        """The real `connect` for addresses on this machine."""
        if isinstance(address, tuple) and address[0] not in LOCAL:
            pytest.fail(f"a test tried to reach {address[0]}: tests run without a network")
        real(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect)
