"""Background work of the planning desk 后台测算, for the worker (`openyibao work`)."""

from importlib import import_module
from typing import Any

from django.utils import timezone
from procrastinate.contrib.django import app

from openyibao.bureau.planning.actions import COUNT, QUEUE


@app.task(queue=QUEUE, name=COUNT)
def count(refresh: int) -> Any:
    """Count a city's indicators. What reads a store is loaded by the worker alone, not by every page's process."""
    return import_module("openyibao.bureau.planning.measuring").count(refresh=refresh, at=timezone.now(), clock=timezone.now)
