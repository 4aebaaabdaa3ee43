"""Addresses of the hospital's window 医院窗口."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
