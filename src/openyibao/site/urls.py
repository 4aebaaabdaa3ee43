"""Addresses of the site 站点地址, beside those of the door (`site/asgi.py`)."""

from django.urls import path

from openyibao.site import health

urlpatterns = [
    path("healthz", health.live, name="live"),
    path("healthz/ready", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
]
