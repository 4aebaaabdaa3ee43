"""Addresses of paper claims 零星报销."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
