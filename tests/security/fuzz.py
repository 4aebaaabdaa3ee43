"""Fuzz the door 模糊测试: start a town, attack it for so long, judge it, say what was found. `make fuzz` runs it.

    python tests/security/fuzz.py --seconds 600 [--seed N] [--workers 3] [--json FILE]

Exit code 1 when anything failed. The same seed draws the same attacks for each worker; what they meet depends on how they interleave.
"""

import argparse
import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[1]))

from openyibao.outside.hospital.addresses import Address
from openyibao.outside.hospital.cast import Cast, load_cast, shipped
from openyibao.outside.hospital.conformance.every import CASES
from openyibao.outside.hospital.conformance.run import chosen, played
from openyibao.outside.hospital.conformance.stage import Stage
from openyibao.outside.hospital.signing import OPEN
from security.attack import Attacker, Findings, overheard
from security.drawing import Memory
from security.oracles import SLOW, log_faults
from security.town import Town

FAMILIES = ("outpatient", "inpatient", "pharmacy", "filings", "office", "catalogue")
"""Conformance cases whose honest messages are the first corpus."""

GROWTH = 300
"""MiB by which the server may grow between the first third of a run and its end."""


def rehearsed(town: Town, cast: Cast) -> tuple[Memory, dict[str, list[Any]]]:
    """What honest programs send, and what they are answered."""
    stage = Stage(Address(town.url), cast, OPEN)
    memory, corpus = Memory(), {}
    for result in played(stage, chosen(CASES, FAMILIES)):
        for exchange in result.said:
            overheard(memory, corpus, exchange)
    stage.close()
    return memory, corpus


def attacked(town: Town, *, seconds: float, seed: int, workers: int) -> tuple[Findings, dict[str, Any]]:
    """Attack for so long; findings, and figures of the run."""
    cast = load_cast(shipped(), "jishou")
    memory, corpus = rehearsed(town, cast)
    findings = Findings()
    begun = time.monotonic()
    ends = begun + seconds
    crashed: list[BaseException] = []

    def attack(number: int) -> None:
        try:
            Attacker(town.port, cast, memory, corpus, findings, seed * 100 + number).run(lambda: time.monotonic() > ends)
        except BaseException as error:
            crashed.append(error)
            raise

    threads = [threading.Thread(target=attack, args=[number], daemon=True) for number in range(workers)]
    sizes = [town.memory()]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        time.sleep(min(5.0, max(seconds / 20, 0.5)))
        sizes.append(town.memory())
    if crashed:
        raise crashed[0]
    third = max(sizes[: len(sizes) // 3 + 1])
    figures = {
        "seconds": round(time.monotonic() - begun, 1), "seed": seed, "workers": workers, "requests": findings.requests,
        "numbers": len(findings.numbers), "accepted": sum(findings.accepted.values()),
        "slowest": [f"{seconds} s {what}" for seconds, what, _ in findings.slowest],
        "memory_mib": {"start": sizes[0], "first_third": third, "end": sizes[-1], "most": max(sizes)},
        "codes": dict(findings.codes.most_common()), "ways": dict(findings.ways.most_common()),
        "never_accepted": sorted(set(corpus) - set(findings.accepted)),
    }  # fmt: skip
    return findings, figures


def judged(town: Town, findings: Findings, figures: dict[str, Any], *, timed: bool) -> list[str]:
    """Everything that failed, in words; `timed`: latency counts too."""
    log = town.log()
    lines = {trace: line for line in log.splitlines() if '"trace"' in line for trace in [line.partition('"trace": "')[2][:16]]}
    failed = []
    for name, kept in sorted(findings.failures.items()):
        why = sorted({last_words(lines[trace]) for trace in kept["traces"] if trace in lines})
        failed.append(f"{name} ×{kept['times']} ({kept['way']}) {' | '.join(why)}\n    {kept['sent'][:1_500]}")
    people = load_cast(shipped(), "jishou").people.values()
    failed += log_faults(without_known(log, findings), [one.certno for one in people], [one.name for one in people])
    memory = figures["memory_mib"]
    if memory["end"] - memory["first_third"] > GROWTH:
        failed.append(f"memory grew from {memory['first_third']} to {memory['end']} MiB")
    if timed:
        failed += [f"slow: {seconds} s {what}\n    {sent}" for seconds, what, sent in findings.slowest if seconds > SLOW]
    figures["log_bytes"] = len(log)
    return failed + town.problems()


def last_words(line: str) -> str:
    """The end of what a log line says of an error."""
    told = json.loads(line)
    lines = str(told.get("exception") or told.get("error") or told.get("event", "")).strip().splitlines()
    return " / ".join([line.strip() for line in lines if "openyibao" in line][-1:] + lines[-1:])[-500:]


def without_known(log: str, findings: Findings) -> str:
    """The log without the lines of failures that are told already."""
    traces = {trace for kept in findings.failures.values() for trace in kept["traces"]}
    return "\n".join(line for line in log.splitlines() if not any(trace in line for trace in traces))


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="Fuzz the door.")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=0, help="0: from the clock")
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--json", type=Path, default=None, help="where the figures go")
    asked = parser.parse_args()
    seed = asked.seed or int(time.time())
    town = Town()
    try:
        town.open()
        findings, figures = attacked(town, seconds=asked.seconds, seed=seed, workers=asked.workers)
        failed = judged(town, findings, figures, timed=True)
    finally:
        town.end()
    figures["failures"] = len(failed)
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    for words in failed:
        print(f"FAILED {words}")
    if asked.json:
        asked.json.parent.mkdir(parents=True, exist_ok=True)
        asked.json.write_text(json.dumps({"figures": figures, "failed": failed}, indent=1, ensure_ascii=False), encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
