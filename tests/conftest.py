"""What every test relies on: the network is closed, Hypothesis draws the same examples each time, the clock is nobody's business."""

import os
import signal
import socket
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from database import django_database, durable_server, fresh_database, migrated_template, reachable_folder, session_folder

__all__ = ["django_database", "durable_server", "fresh_database", "migrated_template", "reachable_folder", "session_folder"]

settings.register_profile("house", deadline=None, derandomize=True, database=None, print_blob=True)
settings.register_profile("nightly", deadline=None, max_examples=5_000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))

BROWSER = "tests/browser/"
LOCAL = ("127.0.0.1", "::1", "localhost")


class ByFile(LoadScopeScheduling):
    """One worker has all tests of a file, in their order: they share a town or a database. The browser's files share one server."""

    def _split_scope(self, nodeid: str) -> str:
        """What stays together."""
        file = nodeid.partition("::")[0]
        return BROWSER if file.startswith(BROWSER) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """How tests are dealt out to the workers."""
    return ByFile(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Browser tests that did not run are said at the end, where nobody overlooks it."""
    skipped = [one for one in terminalreporter.stats.get("skipped", ()) if one.nodeid.startswith(BROWSER)]
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
