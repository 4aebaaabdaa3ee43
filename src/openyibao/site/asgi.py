"""The site as uvicorn runs it 服务入口: the hospital's door and the pages in one process."""

import asyncio
import importlib
import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from openyibao.site import logs
from openyibao.site.keys import check_keys
from openyibao.site.mount import App, mounted


def application() -> App:
    """The ASGI callable; uvicorn calls this once in each worker.

    The gateway is loaded here and not above: it brings the desks' tables, which Django takes only after it has been set up.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openyibao.site.settings")
    logs.configure(os.environ.get("OPENYIBAO_LOG", "info"))
    pages = get_asgi_application()
    gateway, running = importlib.import_module("openyibao.gateway.door"), importlib.import_module("openyibao.gateway.runtime")
    runtime = running.Runtime(url=os.environ["DATABASE_URL"], home=settings.HOME, keys=settings.CIPHER_KEYS())

    async def right_keys() -> None:
        """Look whether the keys fit the database; in a thread, since Django's queries wait."""
        await asyncio.to_thread(check_keys)

    return mounted(gateway.door(runtime), pages, startup=(right_keys, runtime.startup), shutdown=(runtime.shutdown,))
