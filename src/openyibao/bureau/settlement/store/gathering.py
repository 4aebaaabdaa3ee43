"""Working together 合并读写: what comes at the same time goes to the database in one statement.

Opening the seventeen tables of a bill's facts, or the fourteen that a settlement writes, costs the database more than the rows of one
bill: under load one statement for ten bills costs little more than for one. Alone, a bill goes at once. Everything of one statement is
committed by it, and nobody is answered before; what a statement refuses is tried again one by one, so that no bill suffers for another.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

MOST = 24
"""Bills of one statement."""


class Together:
    """Questions or writes of one kind. `work` does a list of them and answers each in its place; what it raises, one item alone gets."""

    def __init__(self, work: Callable[[Sequence[Any]], Awaitable[Sequence[Any]]], hands: int) -> None:
        """`hands` statements at one time at most: while they are busy, what comes waits and goes together."""
        self.work, self.hands = work, hands
        self.waiting: list[tuple[Any, asyncio.Future[Any]]] = []
        self.busy: set[asyncio.Task[None]] = set()

    async def ask(self, item: Any) -> Any:
        """What `work` answers for one item. Raises what it raises."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.waiting.append((item, future))
        if len(self.busy) < self.hands:
            hand = asyncio.ensure_future(self._hand())
            self.busy.add(hand)
            hand.add_done_callback(self.busy.discard)
        return await future

    async def _hand(self) -> None:
        """Work until nothing waits."""
        while self.waiting:
            taken, self.waiting = self.waiting[:MOST], self.waiting[MOST:]
            await self._do(taken)

    async def _do(self, taken: list[tuple[Any, "asyncio.Future[Any]"]]) -> None:
        """One statement; where it was refused, each by itself."""
        try:
            answers = await self.work([item for item, _ in taken])
        except Exception as error:
            if len(taken) == 1:
                _settle(taken[0][1], None, error)
                return
            await asyncio.gather(*(self._do([one]) for one in taken))
            return
        for (_, future), answer in zip(taken, answers, strict=True):
            _settle(future, answer, None)


def _settle(future: "asyncio.Future[Any]", answer: Any, error: Exception | None) -> None:
    """Answer who still waits."""
    if future.done():
        return
    if error is None:
        future.set_result(answer)
    else:
        future.set_exception(error)
