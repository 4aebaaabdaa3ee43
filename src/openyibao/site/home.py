"""The home folder 运行目录 of an installation: everything it keeps beside the database server of somebody else.

    db/      the embedded database
    keys/    keys, 0700
    files/   downloads and uploads of messages 9101 and 9102
    log/     logs of the server process
"""

import os
from pathlib import Path


def home() -> Path:
    """The home folder: OPENYIBAO_HOME, or `openyibao-home` where the command runs. It may not exist yet."""
    return Path(os.environ.get("OPENYIBAO_HOME") or "openyibao-home").resolve()
