"""Addresses of the operations room 运行监测."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
