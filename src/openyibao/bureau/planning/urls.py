"""Addresses of the plan's indicators 规划指标."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
