"""The browser that tests and pictures use 浏览器: found on this machine, or fetched when it may be.

    python frontend/browser.py            say which one is used; exit code 1 when there is none
    python frontend/browser.py fetch      when there is none: Playwright's own, else Debian's (as root); never fails a build

Looked for in this order: PLAYWRIGHT_CHROMIUM, chromium or Chrome on PATH, what Playwright downloaded before.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-extensions", "--disable-default-apps", "--force-color-profile=srgb", "--hide-scrollbars", "--lang=zh-CN",
)  # fmt: skip
"""No traffic of the browser's own, and the same picture on every machine that has the same fonts."""
PATIENCE = 600
"""Seconds that a download may take."""


def found() -> str:
    """The browser's file; empty when there is none that starts."""
    named = os.environ.get("PLAYWRIGHT_CHROMIUM", "")
    for place in (named, *(shutil.which(name) or "" for name in NAMES), downloaded()):
        if place and starts(place):
            return place
    return ""


def downloaded() -> str:
    """Playwright's own, if it was downloaded."""
    try:
        with sync_playwright() as playwright:
            place = playwright.chromium.executable_path
    except Error:
        return ""
    return place if Path(place).is_file() else ""


def starts(place: str) -> bool:
    """Whether the file runs here: a download can lack libraries of the system."""
    try:
        return subprocess.run([place, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def tried(*command: str) -> bool:
    """Whether a command went well; what it says is shown when it did not."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False,
                              env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    except (OSError, subprocess.TimeoutExpired) as problem:
        print(f"browser: {command[0]}: {problem}", file=sys.stderr)
        return False
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        print(f"browser: {' '.join(command[:4])} …: {''.join(last)[:200]}", file=sys.stderr)
    return done.returncode == 0


def fetch() -> str:
    """Fetch a browser, and a Chinese font for it where we may; gives the browser's file, empty when nothing could be had."""
    place = found()
    if not place and tried(sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"):
        place = found()
    root = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")
    wanted = [] if place else ["chromium"]
    if not chinese_font():
        wanted.append("fonts-noto-cjk")
    if root and wanted:
        tried("apt-get", "update", "-qq")
        tried("apt-get", "install", "-y", "-qq", "--no-install-recommends", *wanted)
        place = place or found()
    return place


def chinese_font() -> bool:
    """Whether a font of this machine shows Chinese; where one cannot be asked for, it is taken to be there."""
    if shutil.which("fc-list") is None:
        return True
    said = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False)
    return bool(said.stdout.strip())


def main(given: list[str]) -> int:
    """Say what there is, or fetch one."""
    place = fetch() if given[:1] == ["fetch"] else found()
    print(f"browser: {place}" if place else "browser: none here; browser tests and pictures will be skipped, and say so")
    return 0 if place or given[:1] == ["fetch"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
