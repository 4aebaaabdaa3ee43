"""The production settings: Django's own checks are clean, and what a public host must send is sent."""

import os
import subprocess
import sys

import pytest
from django.test import Client

from signed import client_as

PRODUCTION = {"OPENYIBAO_HOSTS": "yibao.example.gov.cn", "OPENYIBAO_HTTPS": "1", "OPENYIBAO_PROXY": "1"}
SETTINGS = "from django.conf import settings as s; print(s.DEBUG, s.DEMO, s.SESSION_COOKIE_SECURE)"


def run(*words, **more):
    """A Python of its own with these settings."""
    left_out = ("OPENYIBAO_DEMO", "OPENYIBAO_HTTPS", "OPENYIBAO_HOSTS", "OPENYIBAO_PROXY")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    key = {"OPENYIBAO_SECRET_KEY": "a-key-of-more-than-fifty-letters-for-this-one-check-0123456789"}
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False, env={**kept, **key, **more})


def test_django_finds_nothing_to_complain_about_in_production():
    done = run("-m", "django", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout and "0 silenced" in done.stdout


def test_a_host_of_the_public_turns_https_on_and_the_demo_stays_off():
    done = run("-c", SETTINGS, OPENYIBAO_HOSTS="yibao.example.gov.cn")
    assert done.stdout.split() == ["False", "False", "True"], done.stderr


@pytest.mark.parametrize("path", ["/sign-in", "/", "/nothing-here"])
def test_every_answer_carries_the_policy(django_database, path):
    answer = client_as("guest").get(path)
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "default-src 'none'" in policy and "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.replace("style-src-attr 'unsafe-inline'", "")
    assert answer["X-Frame-Options"] == "DENY" and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


def test_a_page_that_is_not_there_is_said_plainly(django_database):
    assert Client(SERVER_NAME="localhost").get("/nothing-here").status_code == 404
