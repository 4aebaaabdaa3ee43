"""The pages without the door 仅页面: for a process of its own beside those that serve the door."""

import os

from django.core.asgi import get_asgi_application

from openyibao.site import logs
from openyibao.site.mount import App, mounted


def application() -> App:
    """The ASGI callable; uvicorn calls this once in each worker (`openyibao serve --no-door`)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openyibao.site.settings")
    logs.configure(os.environ.get("OPENYIBAO_LOG", "info"))
    return mounted(None, get_asgi_application())
