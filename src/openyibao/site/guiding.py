"""First steps 引导: what a newcomer of a role tries in the first half hour (guides.yaml); the session keeps which were opened."""

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from openyibao.bureau.staff.asking import asks

GUIDES = Path(__file__).with_name("guides.yaml")
KEPT = "guide"
"""Where a session keeps the numbers of the steps that were opened."""


class Step(NamedTuple):
    """One step: what to do in both languages, where, whether it was opened."""

    number: int
    zh: str
    en: str
    done: bool


class Guide(NamedTuple):
    """The first steps of a role."""

    zh: str
    en: str
    steps: list[Step]

    @property
    def opened(self) -> int:
        """How many steps were opened."""
        return sum(step.done for step in self.steps)


@lru_cache(maxsize=1)
def guides() -> dict[str, Any]:
    """Every guide as the file says it."""
    found: dict[str, Any] = yaml.safe_load(GUIDES.read_text(encoding="utf-8"))
    return found


def guide_for(request: HttpRequest) -> Guide | None:
    """The guide of the reader's post; None where the post has none."""
    post = request.user.post
    words = guides().get(post.guided) if post is not None and post.guided else None
    if words is None:
        return None
    opened = request.session.get(KEPT, [])
    return Guide(
        words["zh"], words["en"], [Step(number, step["zh"], step["en"], number in opened) for number, step in enumerate(words["steps"], 1)]
    )


@asks("home.see")
@require_POST
def follow(request: HttpRequest, number: int) -> HttpResponseRedirect:
    """Open a step's page and remember that it was opened."""
    post = request.user.post
    steps = guides().get(post.guided, {}).get("steps", []) if post is not None else []
    if not 1 <= number <= len(steps):
        raise Http404
    step = steps[number - 1]
    request.session[KEPT] = sorted({*request.session.get(KEPT, []), number})
    query = f"?{step['query']}" if "query" in step else ""
    return HttpResponseRedirect(reverse(step["go"]) + query)
