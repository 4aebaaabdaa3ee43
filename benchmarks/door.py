"""How quick the door is: bills settled a second, durably, through HTTP; `pgbench -N` on the same database server is the yardstick.

    .venv/bin/python benchmarks/door.py --quick --json build/bench/door.json

The generator is a process of its own on the same machine, the server is started here, the disk is synced at every commit. What each figure
means: docs/reference/benchmarks.md.
"""

import asyncio
import itertools
import statistics
from collections.abc import Sequence
from typing import NamedTuple

import uvloop
from door_parts.bills import Desk, at_least, desks, places
from door_parts.load import Run, chains, prepare, saturated, steady
from door_parts.prefill import filled, stored
from door_parts.server import Server, pgbench, serving, settings
from parts.figures import arguments, write_figures
from rich.console import Console
from rich.table import Table

AIMS = {"settle_per_s": "≥ 2,000", "p99_ms_at_100": "≤ 50", "p99_ms_saturated": "≤ 800", "cost_ratio_large_to_small": "≤ 1.2"}
"""What we aim for, on two cores shared with the generator."""

RATE = 100.0
"""Bills a second of the steady phase: the burst of a city of ten million."""


class Size(NamedTuple):
    """How much a run does."""

    people: int  # per city
    clients: int
    steady: int  # bills at 100 a second
    saturated: int  # bills of one saturated round
    rounds: int
    chains: int
    pgbench_s: int
    pgbench_scale: int
    stored: tuple[int, ...]  # settlements in the house at which the cost of a bill is taken
    sample: int  # bills of each such measurement


TINY = Size(4, 4, 20, 40, 1, 8, 1, 1, (200, 400), 24)
QUICK = Size(46, 32, 800, 4_000, 1, 300, 8, 10, (10_000, 100_000, 300_000), 1_500)
FULL = Size(46, 32, 3_000, 10_000, 3, 2_000, 20, 20, (10_000, 100_000, 1_000_000, 10_000_000), 4_000)


def main(given: Sequence[str] | None = None) -> None:
    """Measure, print, write."""
    parser = arguments("Speed of the hospital's door, with pgbench -N as the yardstick.")
    parser.add_argument("--tiny", action="store_true", help="a run of seconds that shows that everything works; its figures mean nothing")
    parser.add_argument("--no-growth", action="store_true", help="leave out the cost of a bill at growing sizes")
    options = parser.parse_args(given)
    size = TINY if options.tiny else QUICK if options.quick else FULL
    with serving() as server:
        figures = uvloop.run(speeds(server, size))
        figures["pgbench_n_per_s"] = pgbench(server, size.clients, size.pgbench_s, size.pgbench_scale)
        figures["settle_to_pgbench"] = figures["settle_per_s"] / figures["pgbench_n_per_s"]
        if not options.no_growth:
            figures |= growth(server, size)
        baseline = f"pgbench -N, {size.clients} clients, scale {size.pgbench_scale}, same server, same run; {settings(server)}"
    shown(figures, baseline)
    write_figures(options.json, figures, baseline)


async def speeds(server: Server, size: Size) -> dict[str, float]:
    """Chains, 2207 at a steady rate, 2207 saturated."""
    url, people = server.url, desks(server.url, at_least(await asyncio.to_thread(places, server.url, size.people)))
    await warmed(url, people, size)
    whole = await chains(url, people, size.chains, size.clients)
    calm = await steady(url, await prepare(url, people, size.steady, size.clients), RATE, size.clients)
    rounds = [await saturated(url, await prepare(url, people, size.saturated, size.clients), size.clients) for _ in range(size.rounds)]
    return {
        "settle_per_s": statistics.median(one.rate for one in rounds), "settle_per_s_best": max(one.rate for one in rounds),
        "p50_ms_saturated": milliseconds(rounds, 0.5), "p99_ms_saturated": milliseconds(rounds, 0.99),
        "p50_ms_at_100": milliseconds([calm], 0.5), "p99_ms_at_100": milliseconds([calm], 0.99), "rate_at_100": calm.rate,
        "chain_per_s": whole.rate, "chain_messages_per_s": 5 * whole.rate, "chain_p99_ms": milliseconds([whole], 0.99),
    }  # fmt: skip


async def warmed(url: str, people: "itertools.cycle[Desk]", size: Size) -> None:
    """A few bills before the clock runs: plans prepared, pages read, compiled code loaded."""
    await saturated(url, await prepare(url, people, size.sample // 4, size.clients), size.clients)


def milliseconds(runs: Sequence[Run], part: float) -> float:
    """The median of the runs' percentiles, in milliseconds."""
    return 1_000 * statistics.median(run.percentile(part) for run in runs)


def growth(server: Server, size: Size) -> dict[str, float]:
    """Cost per bill, saturated, with more and more settlements stored."""
    found: dict[str, float] = {}
    costs = []
    for wanted in size.stored:
        held = filled(server, wanted) if wanted > stored(server) else stored(server)
        cost = uvloop.run(cost_of_a_bill(server, size))
        costs.append(cost)
        found[f"us_per_bill_at_{wanted}"] = 1e6 * cost
        Console(stderr=True).print(f"{held:,} stored: {1e6 * cost:,.0f} µs a bill")
    return found | {"cost_ratio_large_to_small": costs[-1] / costs[0]}


async def cost_of_a_bill(server: Server, size: Size) -> float:
    """Seconds per bill, the least of three saturated rounds."""
    people = desks(server.url, at_least(await asyncio.to_thread(places, server.url, size.people)))
    await warmed(server.url, people, size)
    rounds = [await saturated(server.url, await prepare(server.url, people, size.sample, size.clients), size.clients) for _ in range(3)]
    return min(one.seconds / len(one.answers) for one in rounds)


WORDS = {
    "settle_per_s": "2207 answered a second, saturated, one durable commit each", "pgbench_n_per_s": "pgbench -N a second, same server",
    "settle_to_pgbench": "the one over the other", "chain_per_s": "whole visits a second: 2201, 2203, 2204 of ten lines, 2206, 2207",
    "p50_ms_at_100": "2207 at 100 a second, from the moment it was due, ms", "p99_ms_at_100": "the same, 99 of 100, ms",
    "p99_ms_saturated": "2207 saturated, 99 of 100, ms", "cost_ratio_large_to_small": "cost of a bill, largest house over smallest",
}  # fmt: skip


def shown(figures: dict[str, float], baseline: str) -> None:
    """Print the table."""
    table = Table(title="The door 接口门户", title_justify="left")
    for heading, side in (("figure", "left"), ("value", "right"), ("aim", "right"), ("what", "left")):
        table.add_column(heading, justify=side, overflow="fold")
    for name, value in figures.items():
        table.add_row(name, f"{value:,.0f}" if value >= 1_000 else f"{value:,.3g}", AIMS.get(name, ""), WORDS.get(name, ""))
    console = Console(width=150)
    console.print(table)
    console.print(f"Yardstick: {baseline}")


if __name__ == "__main__":
    main()
