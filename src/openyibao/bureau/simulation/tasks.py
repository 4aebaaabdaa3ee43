"""The queue's tasks 后台任务: found by the queue under this file's name, in every process that knows the site's settings."""

from importlib import import_module

from procrastinate.contrib.django import app

from openyibao.bureau.simulation.actions import TASK
from openyibao.bureau.simulation.queries import QUEUE


@app.task(name=TASK, queue=QUEUE)
def work(run: int) -> None:
    """Do a run. What compiles the law is loaded by the worker alone, not by every page's process."""
    import_module("openyibao.bureau.simulation.working").worked(run)
