"""Allowance, estimate, version, help: the short commands."""

from pathlib import Path
from typing import Any

from openyibao.cli.trial_home import examples


def test_the_allowance_of_158_days(run: Any) -> None:
    done = run("allowance", "--average", "6834.57", "--days", "158")
    assert done.exit_code == 0 and "35995.40" in done.output
    assert "29160.83" in run("allowance", "--average", "6834.57", "--days", "128").output


def test_an_allowance_of_no_money_says_so(run: Any) -> None:
    done = run("allowance", "--average", "much", "--days", "158")
    assert done.exit_code == 2 and "not a number" in done.output + done.stderr


def test_what_would_i_pay(run: Any) -> None:
    done = run("estimate", "--city", "ankang", "--day", "2023-05-10", "--kind", "inpatient", "--level", "L3", "--total", "30000",
               "--in-scope", "28600.40", "--offsite", "self_referred")
    assert done.exit_code == 0 and "21,128.30" in done.output and "8,871.70" in done.output


def test_an_estimate_takes_any_other_field(run: Any) -> None:
    words = ("estimate", "--city", "ankang", "--day", "2023-05-10", "--kind", "outpatient", "--level", "L1", "--total", "500")
    assert "SETTLE-06" in run(*words, "--set", "died=2023-01-01").output
    assert run(*words, "--set", "dead=2023-01-01").exit_code == 2
    assert run(*words, "--set", "died").exit_code == 2


def test_version_and_help(run: Any) -> None:
    assert "openyibao" in run("version").output
    done = run("--help")
    for name in ("settle", "compare", "estimate", "allowance", "demo", "policy", "version"):
        assert name in done.output


def test_trial_messages_are_in_no_sum(run: Any, tmp_path: Path) -> None:
    done = run("settle", examples() / "messages.jsonl", "--city", "ankang", "--level", "L2", "--out", tmp_path / "replies.jsonl")
    assert done.exit_code == 0 and "1 trial settlements" in done.output and "10,258.40" in done.output
