"""The door and the pages in one process 同进程挂载: an ASGI callable that hands each request to one of them and starts and ends both.

The door is not behind Django: its middleware would cost a third of the bills per second. Django does not speak ASGI's lifespan.
"""

import traceback
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Step = Callable[[], Awaitable[None]]

DOOR_PATHS = ("/fsi/", "/CSB", "/hsa/", "/hsa-", "/mbs-", "/uif-", "/poc", "/oauth/token")
"""How the door's addresses begin, over all places; a POST to / is the door's as well."""

log = structlog.get_logger("openyibao.site")


def is_for_the_door(method: str, path: str) -> bool:
    """Whether a request is a hospital's message."""
    return path.startswith(DOOR_PATHS) or (path in ("", "/") and method == "POST")


def mounted(door: App | None, pages: App, *, startup: tuple[Step, ...] = (), shutdown: tuple[Step, ...] = ()) -> App:
    """The whole site as one ASGI callable.

    door      None: pages alone
    startup   run in order before the first request; the process ends when one fails, having said why
    shutdown  run in order after the last; one that fails does not keep the rest from running
    """

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the life of the process."""
        if scope["type"] == "lifespan":
            await _live(receive, send, startup, shutdown)
        elif scope["type"] == "http" and door is not None and is_for_the_door(scope["method"], scope["path"]):
            await door(scope, receive, send)
        elif scope["type"] == "http":
            await pages(scope, receive, send)
        else:
            await receive()                                         # a websocket: nothing here speaks it
            await send({"type": "websocket.close", "code": 1000})

    return app


async def _live(receive: Receive, send: Send, startup: tuple[Step, ...], shutdown: tuple[Step, ...]) -> None:
    """The two messages of a process's life."""
    await receive()
    try:
        for step in startup:
            await step()
    except Exception as error:
        log.exception("startup failed")
        await send({"type": "lifespan.startup.failed", "message": "".join(traceback.format_exception_only(error)).strip()})
        return
    await send({"type": "lifespan.startup.complete"})
    await receive()
    failed = ""
    for step in shutdown:
        try:
            await step()
        except Exception as error:
            log.exception("shutdown failed")
            failed = failed or "".join(traceback.format_exception_only(error)).strip()
    await send({"type": "lifespan.shutdown.failed", "message": failed} if failed else {"type": "lifespan.shutdown.complete"})
