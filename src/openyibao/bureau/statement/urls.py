"""Addresses of bills and estimates 结算单与测算."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
