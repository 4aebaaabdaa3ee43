"""Ties a trial's process to the one that started it 随主进程退出: whatever ends that one, nothing is left running behind.

Loaded by Dask's programs through `--preload`, which calls `dask_setup`.
"""

import os
import threading
import time
from typing import Any

EVERY = 1.0
"""Seconds between looks."""


def dask_setup(server: Any) -> None:
    """Watch the parent from now on; `server` is Dask's scheduler or worker."""
    threading.Thread(target=watch, args=(os.getppid(),), daemon=True, name="tied").start()


def watch(parent: int) -> None:
    """End this process when its parent is another than it was: the first one is gone."""
    while os.getppid() == parent:
        time.sleep(EVERY)
    os._exit(0)
