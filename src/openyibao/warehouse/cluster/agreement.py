"""What a worker must agree on with the driver before it touches a bucket 工作节点核对: the law, the code that runs it, and the files.

Only paths travel to a worker, so a worker with an older law would answer with other figures, and one whose folder of the same name
is another disk would answer for another city, both in good faith. Hence three checks: the version of OpenYibao with digests of the
kernel and of the code that runs it; the store's card, byte for byte; and a token file in the folder of results, which the worker reads
and answers with a file of its own. They are made once when the driver connects, and again in every worker process before its first
task, for a worker may join, or come back, while a run is under way.
"""

import hashlib
import os
import pickle
import secrets
import socket
from collections.abc import Callable, Iterable
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pyarrow as pa

from openyibao import warehouse
from openyibao.warehouse.cache import source_digest
from openyibao.warehouse.tables.store import CARD

T = TypeVar("T")
R = TypeVar("R")

DECIDING = ("*.py", "run/*.py", "tables/*.py")
"""Files of the warehouse that decide what a task answers."""
Packed = tuple[int, bytes]
"""An answer on its way: a cube of sums is nearly all zeros, and travels at a seventh of its size for a millisecond's work."""
CODEC = "lz4"
MISSING = "-"
"""Stands for a card or token that a worker cannot read."""


class ClusterProblem(Exception):
    """A cluster that cannot be used, or failed: the sentence in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        """Keep both sentences; both are arguments, so that the problem can travel from a worker."""
        super().__init__(zh, en)
        self.zh, self.en = zh, en

    def __str__(self) -> str:
        """Both sentences."""
        return f"{self.zh} {self.en}"


class Software(NamedTuple):
    """Which OpenYibao runs 软件版本: its version, the digest of the law, the digest of the code that runs the law over files."""

    version: str
    law: str
    runs: str

    def __str__(self) -> str:
        """In one line."""
        return f"{self.version}, law {self.law}, runs {self.runs}"


class Expected(NamedTuple):
    """What the driver has, for a worker to compare with: `card` is the digest of the store's card, `token` a file in `out`.

    An empty `store` or `out` is not looked at.
    """

    software: Software
    store: str = ""
    card: str = ""
    out: str = ""
    token: str = ""


class Seen(NamedTuple):
    """What a worker process has 节点所见."""

    host: str
    process: int
    software: Software
    card: str
    token: str  # the driver's token when it is there and the answer could be written, else MISSING


@lru_cache(maxsize=1)
def software() -> Software:
    """The software of this process."""
    root = Path(next(iter(warehouse.__path__)))
    digest = hashlib.sha256()
    for pattern in DECIDING:
        for file in sorted(root.glob(pattern)):
            digest.update(file.read_bytes())
    try:
        number = version("openyibao")
    except PackageNotFoundError:
        number = "0"
    return Software(number, source_digest(), digest.hexdigest()[:16])


def expect(store: Path | None = None, out: Path | None = None) -> Expected:
    """What workers must see of a store and of the folder of results; puts the token there (`withdraw` takes it away)."""
    found = Expected(software())
    if store is not None:
        found = found._replace(store=str(store.resolve()), card=card_digest(store))
        if found.card == MISSING:
            raise ClusterProblem(f"{store} 里没有 {CARD}，不是城市年度库。", f"{store} has no {CARD}: it is no store of a city.")
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        token = f".cluster-{secrets.token_hex(8)}"
        (out / token).touch()
        found = found._replace(out=str(out.resolve()), token=token)
    return found


def withdraw(expected: Expected) -> None:
    """Take the token and the workers' answers away."""
    if expected.token:
        for file in Path(expected.out).glob(f"{expected.token}*"):
            file.unlink(missing_ok=True)


def card_digest(store: Path) -> str:
    """Digest of a store's card as it lies, MISSING where it cannot be read."""
    try:
        return hashlib.sha256((store / CARD).read_bytes()).hexdigest()[:16]
    except OSError:
        return MISSING


def see(expected: Expected) -> Seen:
    """What this process, a worker's, has and sees. Answers the token with a file beside it."""
    host, process = socket.gethostname(), os.getpid()
    card = card_digest(Path(expected.store)) if expected.store else ""
    token = ""
    if expected.token:
        token = expected.token if _answered(expected, host, process) else MISSING
    return Seen(host, process, software(), card, token)


def _answered(expected: Expected, host: str, process: int) -> bool:
    """Whether the token is here and an answer could be written beside it."""
    try:
        (Path(expected.out) / expected.token).stat()
        (Path(expected.out) / f"{expected.token}-{host}-{process}").touch()
    except OSError:
        return False
    return True


def faults(expected: Expected, seen: Iterable[Seen]) -> list[ClusterProblem]:
    """What workers do not agree on, a sentence each; the driver's view, which also looks for the workers' answers to the token."""
    found = []
    for worker in seen:
        problem = fault(expected, worker)
        if problem is None and worker.token and not (Path(expected.out) / f"{expected.token}-{worker.host}-{worker.process}").exists():
            problem = not_shared(expected.out, worker)
        if problem is not None:
            found.append(problem)
    return found


def fault(expected: Expected, worker: Seen) -> ClusterProblem | None:
    """What one worker does not agree on, if anything."""
    name = f"{worker.host} ({worker.process})"
    if worker.software != expected.software:
        return ClusterProblem(
            f"工作节点 {name} 的 OpenYibao 与本机不同：它是 {worker.software}，本机是 {expected.software}。请在所有节点安装同一版本。",
            f"Worker {name} runs another OpenYibao: it has {worker.software}, this machine {expected.software}. Install the same one.",
        )
    if worker.card != expected.card:
        return not_shared(expected.store, worker)
    if worker.token != expected.token:
        return not_shared(expected.out, worker)
    return None


def not_shared(folder: str, worker: Seen) -> ClusterProblem:
    """A folder that a worker does not see as we do."""
    name = f"{worker.host} ({worker.process})"
    return ClusterProblem(
        f"工作节点 {name} 看到的 {folder} 与本机不是同一个目录，或不可写。年度库和结果目录须放在所有节点以同一路径可读写的共享存储上。",
        f"Worker {name} does not see the same {folder} as this machine, or cannot write there. "
        "The store and the folder of results must lie on storage that every worker reaches by the same path.",
    )


def guarded(expected: Expected, work: Callable[[T], R], task: T) -> Packed:
    """Do a task on a worker that agrees, and pack what it answers; raises ClusterProblem on one that does not. This is what travels."""
    _agree(expected)
    answer = pickle.dumps(work(task), pickle.HIGHEST_PROTOCOL)
    return len(answer), pa.compress(answer, codec=CODEC, asbytes=True)


def unpacked(answer: Packed) -> Any:
    """What a task answered."""
    size, packed = answer
    return pickle.loads(pa.decompress(packed, decompressed_size=size, codec=CODEC, asbytes=True))


@lru_cache(maxsize=8)
def _agree(expected: Expected) -> None:
    """Compare once a process; what it raises is not kept, so that a folder mounted late is looked for again."""
    problem = fault(expected, see(expected))
    if problem is not None:
        raise problem
