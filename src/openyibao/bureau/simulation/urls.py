"""Addresses of simulations 模拟."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
