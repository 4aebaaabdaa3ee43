"""The load 负载: many connections at once, at a steady rate or as fast as answers come; seconds of each answer."""

import asyncio
import itertools
import time
from collections.abc import Sequence
from typing import NamedTuple

from door_parts.bills import Desk, Refused, chain, prepared
from openyibao.outside.hospital.pipe import Pipe, connect

GOOD = (b'"infcode":0', b'"infcode": 0')


class Run(NamedTuple):
    """A phase: how long it took as a whole, and each answer's seconds in order of size."""

    seconds: float
    answers: tuple[float, ...]

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.answers) / self.seconds

    def percentile(self, part: float) -> float:
        """Seconds within which this part of the answers came."""
        return self.answers[min(len(self.answers) - 1, int(part * len(self.answers)))]


def good(answer: bytes) -> None:
    """Raises Refused unless a reply is a success."""
    if not any(mark in answer for mark in GOOD):
        raise Refused(answer[:500].decode("utf-8", "replace"))


async def connections(url: str, count: int) -> list[Pipe]:
    """Kept connections."""
    return list(await asyncio.gather(*(connect(url) for _ in range(count))))


async def prepare(url: str, people: "itertools.cycle[Desk]", count: int, clients: int) -> list[bytes]:
    """Settling requests of fresh visits, in the order of the people, so that neighbours are different ones."""
    pipes = await connections(url, clients)
    desks = [next(people) for _ in range(count)]
    made: list[bytes] = [b""] * count
    places = iter(range(count))

    async def work(pipe: Pipe) -> None:
        """One connection's share."""
        for place in places:
            made[place] = await prepared(pipe, desks[place])

    await asyncio.gather(*(work(pipe) for pipe in pipes))
    close(pipes)
    return made


async def saturated(url: str, requests: Sequence[bytes], clients: int) -> Run:
    """As many in flight as there are connections, until all are answered."""
    pipes, rest, answers = await connections(url, clients), iter(requests), []

    async def work(pipe: Pipe) -> None:
        """One connection's share."""
        for request in rest:
            begun = time.perf_counter()
            answer = await pipe.post(request)
            answers.append(time.perf_counter() - begun)
            good(answer)

    begun = time.perf_counter()
    await asyncio.gather(*(work(pipe) for pipe in pipes))
    spent = time.perf_counter() - begun
    close(pipes)
    return Run(spent, tuple(sorted(answers)))


async def steady(url: str, requests: Sequence[bytes], rate: float, clients: int) -> Run:
    """One request every 1/rate seconds whatever the answers do; seconds are counted from the moment it was due."""
    pipes, answers, tasks = await connections(url, clients), [], []
    free: asyncio.Queue[Pipe] = asyncio.Queue()
    for pipe in pipes:
        free.put_nowait(pipe)

    async def one(request: bytes, due: float) -> None:
        """Send on the next free connection."""
        pipe = await free.get()
        answer = await pipe.post(request)
        answers.append(time.perf_counter() - due)
        free.put_nowait(pipe)
        good(answer)

    begun = time.perf_counter()
    for number, request in enumerate(requests):
        due = begun + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(one(request, due)))
    await asyncio.gather(*tasks)
    spent = time.perf_counter() - begun
    close(pipes)
    return Run(spent, tuple(sorted(answers)))


async def chains(url: str, people: "itertools.cycle[Desk]", count: int, clients: int) -> Run:
    """Whole visits, 2201 to 2207, one after the other on each connection."""
    pipes, answers = await connections(url, clients), []
    desks = iter([next(people) for _ in range(count)])

    async def work(pipe: Pipe) -> None:
        """One connection's share."""
        for desk in desks:
            begun = time.perf_counter()
            await chain(pipe, desk)
            answers.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    await asyncio.gather(*(work(pipe) for pipe in pipes))
    spent = time.perf_counter() - begun
    close(pipes)
    return Run(spent, tuple(sorted(answers)))


def close(pipes: Sequence[Pipe]) -> None:
    """Close connections."""
    for pipe in pipes:
        pipe.close()
