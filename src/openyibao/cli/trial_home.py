"""What the trials share 试用: homes that they make for themselves, claimed with a note and emptied only where it lies; the examples."""

import os
import shutil
from pathlib import Path

from openyibao.cli.console import fail
from openyibao.outside import postgres

SANDBOX, CITY_DEMO = "sandbox", "city-demo"
"""Notes: files in the folder that say what made it."""


def examples() -> Path:
    """The examples folder: the checkout's, or the copy inside the installed package."""
    here = Path(__file__).resolve()
    checkout = here.parents[3] / "examples"
    return checkout if (checkout / "bills.jsonl").is_file() else here.parents[1] / "_examples"


def short(path: Path) -> str:
    """A path as one would type it here."""
    relative = os.path.relpath(path)
    return relative if len(relative) < len(str(path)) else str(path)


def claimed(home: Path, note: str) -> None:
    """Make the folder and note whose it is; one that holds something else is refused with exit code 2."""
    if home.exists() and any(home.iterdir()) and not (home / note).exists():
        fail(f"{home} 已有别的内容。请用自己的目录：--home。", f"{home} holds something else: give another --home.")
    home.mkdir(parents=True, exist_ok=True)
    (home / note).write_text(f"openyibao {note}\n", encoding="utf-8")


def emptied(home: Path, note: str) -> None:
    """Empty a folder that such a trial made. Exit code 2 for any other, and while another process serves from it."""
    if os.environ.get("DATABASE_URL"):
        fail("--reset 只清空试用目录自己的数据库；请先取消 DATABASE_URL。", "--reset is for a trial's own database: unset DATABASE_URL.")
    if not home.exists() or not any(home.iterdir()):
        return
    if not (home / note).exists():
        fail(f"{home} 不是为此建立的目录，不会清空。", f"{home} was not made for this; it is left as it is.")
    owner = home / "db" / "started-by"
    if owner.exists() and alive(int(owner.read_text(encoding="ascii"))):
        fail(f"另一个进程正在使用 {home}，请先停止它。", f"Another process serves from {home}: stop it first.")
    if (home / "db").exists():
        postgres.stop(home.resolve() / "db", mode="immediate")
    shutil.rmtree(home)


def alive(process: int) -> bool:
    """Whether a process is there."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
