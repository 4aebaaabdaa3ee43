"""Addresses of policies 政策."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
