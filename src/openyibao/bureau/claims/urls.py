"""Addresses of paper claims 零星报销."""

from django.urls import path

from openyibao.bureau.claims import paying_views, views

urlpatterns = [
    path("", views.claims, name="claims"),
    path("new", views.find, name="claim-new"),
    path("new/<str:psn_no>", views.enter, name="claim-enter"),
    path("<int:pk>", views.claim, name="claim"),
    path("<int:pk>/edit", views.edit, name="claim-edit"),
    path("<int:pk>/scans/<int:scan>", views.scan, name="claim-scan"),
    path("payable", paying_views.payable, name="claim-payable"),
    path("batches", paying_views.batches, name="claim-batches"),
    path("batches/<int:pk>", paying_views.batch, name="claim-batch"),
    path("batches/<int:pk>/file", paying_views.file, name="claim-batch-file"),
]
