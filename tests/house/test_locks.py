"""Lock files carry versions and hashes, and say nothing of where anybody downloaded from."""

import hashlib
import json
import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^\s;]+)( ; [^\\]+)?( \\)?$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def versions(lock: Path) -> dict[str, set[str]]:
    """Package name -> the versions that a lock pins (more than one where markers tell them apart)."""
    found: dict[str, set[str]] = {}
    for line in lock.read_text().splitlines():
        if pin := PIN.match(line):
            found.setdefault(pin[1], set()).add(pin[2])
    return found


def test_the_locks_are_there():
    assert [lock.name for lock in LOCKS] == ["bench.txt", "dev.txt", "lock.txt", "node.txt", "runtime.txt", "spark.txt"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_holds_pins_and_hashes_and_nothing_else(lock):
    for number, line in enumerate(lock.read_text().splitlines(), 1):
        assert PIN.match(line) or HASH.match(line), f"{lock.name}:{number}: neither a pin nor a hash: {line!r}; run `make lock`"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_pin_has_a_hash(lock):
    lines = [*lock.read_text().splitlines(), ""]
    for line, following in pairwise(lines):
        if PIN.match(line):
            assert HASH.match(following), f"{lock.name}: no hash under {line!r}"


def test_bench_and_dev_run_on_the_runtime_versions():
    runtime = versions(ROOT / "requirements" / "runtime.txt")
    for name in ("dev.txt", "bench.txt"):
        other = versions(ROOT / "requirements" / name)
        differing = {package: (pins, other.get(package)) for package, pins in runtime.items() if other.get(package) != pins}
        assert not differing, f"{name} differs from runtime.txt: {differing}; run `make lock`"


def test_what_pyproject_asks_for_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for lock, wanted in (("runtime.txt", project["dependencies"]), ("dev.txt", project["optional-dependencies"]["dev"])):
        names = {re.split(r"[<>=!~\[; ]", requirement)[0].lower() for requirement in wanted}
        missing = names - set(versions(ROOT / "requirements" / lock))
        assert not missing, f"{lock} lacks {sorted(missing)}; run `make lock`"


def test_the_npm_lock_pins_exact_versions_with_hashes_and_no_addresses():
    text = (ROOT / "frontend" / "package-lock.json").read_text()
    packages = json.loads(text)["packages"]
    wanted = json.loads((ROOT / "frontend" / "package.json").read_text())["dependencies"]
    assert packages[""]["dependencies"] == wanted, "package.json and its lock differ; run `npm install --package-lock-only` in frontend/"
    assert "://" not in text and '"resolved"' not in text, "an address got into frontend/package-lock.json"
    for name, package in packages.items():
        assert name == "" or re.fullmatch(r"sha512-[A-Za-z0-9+/=]{88}", package["integrity"]), name
    assert all(re.fullmatch(r"[0-9.]+", version) for version in wanted.values()), f"not pinned: {wanted}"


def test_the_copied_front_end_files_are_the_locked_ones():
    manifest = json.loads((ROOT / "src" / "openyibao" / "_vendor" / "manifest.json").read_text())
    packages = json.loads((ROOT / "frontend" / "package-lock.json").read_text())["packages"]
    for name, package in manifest.items():
        assert package["version"] == packages[f"node_modules/{name}"]["version"], f"{name} is an older copy; run `make setup`"
        for file, digest in package["sha256"].items():
            content = (ROOT / "src" / "openyibao" / "_vendor" / name / file).read_bytes()
            assert hashlib.sha256(content).hexdigest() == digest, f"_vendor/{name}/{file} was changed by hand; run `make setup`"
