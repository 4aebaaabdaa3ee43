"""Where the compiled law is kept on disk, so that a second start does not compile.

Numba's own cache looks at the loop's file alone; a change of a layer in the kernel would go unseen. The folder therefore carries a
digest of the kernel's source files, and of the loop that others are built on. Indicators are not compiled and not part of it.
"""

import hashlib
import os
from pathlib import Path

from openyibao import kernel


def source_digest() -> str:
    """A digest of every source file of the law and of the loop: two versions of the law never share a cache."""
    digest = hashlib.sha256()
    place = Path(kernel.__file__).parent
    files = [file for file in sorted(place.rglob("*.py")) if file.relative_to(place).parts[0] != "indicators"]
    for file in (*files, Path(__file__).with_name("loop.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> str:
    """The folder for compiled code: $OPENYIBAO_CACHE, else the user's cache folder, below it one folder a version of the law."""
    default = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "openyibao"
    return str(Path(os.environ.get("OPENYIBAO_CACHE", default)) / f"law-{source_digest()}")
