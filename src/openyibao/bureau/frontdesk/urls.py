"""Addresses of the public's pages 公共服务."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
