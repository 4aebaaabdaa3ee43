"""Copy the front-end files that the pages use 前端文件: those named in files.json, from node_modules/ to src/openyibao/_vendor/<package>/.

manifest.json beside them says the version of each package and the SHA-256 of each file; it is written last, so that it stands
only for whole copies. Run by `make setup` after `npm ci`; needs nothing but Python.
"""

import hashlib
import json
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).parent
VENDOR = HERE.parent / "src" / "openyibao" / "_vendor"
MANIFEST = "manifest.json"


def copy(modules: Path, target: Path) -> dict[str, dict[str, object]]:
    """Copy every named file of every named package; package -> version and SHA-256 by file. Raises FileNotFoundError naming the file."""
    copied: dict[str, dict[str, object]] = {}
    for package, folders in json.loads((HERE / "files.json").read_text(encoding="utf-8")).items():
        version = json.loads((modules / package / "package.json").read_text(encoding="utf-8"))["version"]
        (target / package).mkdir(parents=True)
        sums = {}
        for folder, names in folders.items():
            for name in names:
                content = (modules / package / folder / name).read_bytes()
                (target / package / name).write_bytes(content)
                sums[name] = hashlib.sha256(content).hexdigest()
        copied[package] = {"version": version, "sha256": sums}
    return copied


def main() -> int:
    """Replace the folder by a fresh copy."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    try:
        copied = copy(HERE / "node_modules", VENDOR)
    except FileNotFoundError as missing:
        print(f"frontend: {missing.filename} is not there; files.json names it: is the package's layout another now?", file=sys.stderr)
        return 1
    (VENDOR / MANIFEST).write_text(json.dumps(copied, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
