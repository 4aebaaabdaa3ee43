"""The file of figures that every benchmark writes: `figures` (flat name -> number), `baseline`, `machine`, `versions`."""

import argparse
import json
import os
import platform
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

PACKAGES = ("openyibao", "numba", "llvmlite", "numpy", "OpenFisca-Core")


def arguments(description: str) -> argparse.ArgumentParser:
    """The arguments all benchmarks share."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="a short run of at most 40 seconds, compilation not counted")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file")
    return parser


def write_figures(file: Path | None, figures: Mapping[str, float], baseline: str) -> None:
    """Write the file, when one is asked for."""
    if file is None:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    rounded = {name: value if isinstance(value, int) else float(f"{value:.5g}") for name, value in figures.items()}
    content = {"figures": rounded, "baseline": baseline, "machine": machine(), "versions": versions()}
    file.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def machine() -> dict[str, str | int | float]:
    """The machine as far as a figure depends on it; not its name."""
    return {
        "processor": processor(),
        "cores": os.cpu_count() or 0,
        "system": f"{platform.system()} {platform.machine()}",
        "load_1min": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else -1.0,
    }


def processor() -> str:
    """The processor's model, where the system tells it."""
    listing = Path("/proc/cpuinfo")
    if listing.exists():
        for line in listing.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def versions() -> dict[str, str]:
    """Versions of Python and of what the figures depend on; a package that is not installed is left out."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found
