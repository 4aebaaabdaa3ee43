"""kill -9 under load: the database, the server or both die at random instants; no answered bill may be lost, none doubled, the books close.

    .venv-bench/bin/python benchmarks/crash.py                # 200 kills, about half an hour
    .venv-bench/bin/python benchmarks/crash.py --quick        # 10 kills
    .venv-bench/bin/python benchmarks/crash.py --kills 1000 --seed 7

Windows at work send each message again, unchanged, until it is answered. After each restart they pause, and three things are asked of the
database: that it holds exactly what was answered, that no message id settled twice, and that `verify` finds nothing. Ends with an error
at the first thing that is wrong, and keeps the folder for a look.
"""

import random
import signal
import sys
import time
from collections.abc import Sequence

from crash_parts.aftermath import Aftermath, looked_at
from crash_parts.city import City
from crash_parts.storm import Storm
from parts.figures import arguments, write_figures

KILLS, QUICK, TINY = 200, 10, 3
WHAT = ("database", "database", "database", "database", "server", "both")
"""What a kill may hit, by weight: a server takes seconds to come back, a database one."""

LONGEST = 1.2
"""Seconds of work before a kill, at most."""

BASELINE = "kill -9 of PostgreSQL with fsync on and of the server, at random instants"


def main(given: Sequence[str] | None = None) -> None:
    """Kill and look, again and again; write the figures."""
    parser = arguments("Kill the database and the server under load, and look at what is left.")
    parser.add_argument("--kills", type=int, default=0, help=f"how many kills (default {KILLS})")
    parser.add_argument("--windows", type=int, default=8, help="windows that settle at the same time")
    parser.add_argument("--people", type=int, default=40, help="people who are settled: the fewer, the more they collide")
    parser.add_argument("--seed", type=int, default=1, help="seed of instants and bills")
    parser.add_argument("--tiny", action="store_true", help=f"{TINY} kills")
    options = parser.parse_args(given)
    kills = options.kills or (TINY if options.tiny else QUICK if options.quick else KILLS)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit("told to stop"))
    city = City()
    try:
        figures, wrong = played(city, kills, options.windows, options.people, random.Random(options.seed))
    except BaseException:
        city.kill("both")
        print(city.log(), file=sys.stderr)
        print(f"kept: {city.home}", file=sys.stderr)
        raise
    write_figures(options.json, figures, BASELINE)
    if wrong is None:
        city.end()
        return
    city.kill("both")
    print(f"kept: {city.home}", file=sys.stderr)
    sys.exit(told(wrong))


def played(city: City, kills: int, windows: int, people: int, rng: random.Random) -> tuple[dict[str, float], Aftermath | None]:
    """The kills; the figures, and the first aftermath that is wrong."""
    city.load()
    city.start()
    storm = Storm(city.url, windows=windows, people=people, seed=rng.randrange(10**6))
    back, found = [], Aftermath(0, (), 0, 0, ())
    begun = time.perf_counter()
    for number in range(1, kills + 1):
        what = rng.choice(WHAT) if number > len(set(WHAT)) else sorted(set(WHAT))[number - 1]
        storm.open()
        time.sleep(rng.uniform(0.05, LONGEST))
        city.kill(what)
        dead = time.perf_counter()
        city.start()
        back.append(time.perf_counter() - dead)
        time.sleep(rng.uniform(0, 0.3))
        storm.close()
        found = looked_at(city.address(), storm.answered)
        line = f"{number:>4}  {what:<8}  back in {back[-1]:5.2f} s  {found.settlements:>6} settlements  {storm.repeats:>5} sent again"
        print(line, flush=True)
        if not found.clean or storm.refused:
            break
    storm.open()
    storm.end()
    figures = {
        "kills": len(back), "settlements": found.settlements, "sent_again": storm.repeats, "lost": len(found.lost),
        "doubled": found.doubled,
        "unknown": found.unknown, "verify_differences": len(found.differing), "refused": len(storm.refused),
        "recovery_s_median": sorted(back)[len(back) // 2], "recovery_s_longest": max(back), "seconds": time.perf_counter() - begun,
    }  # fmt: skip
    for line in storm.refused[:5]:
        print(f"refused: {line}", file=sys.stderr)
    return figures, None if found.clean and not storm.refused else found


def told(found: Aftermath) -> str:
    """An aftermath in words."""
    lines = [f"lost: {one}" for one in found.lost[:5]] + list(found.differing[:10])
    counts = f"{len(found.lost)} lost, {found.doubled} doubled, {found.unknown} unknown, {len(found.differing)} differences"
    return "\n".join([f"after a crash: {counts}", *lines])


if __name__ == "__main__":
    main()
