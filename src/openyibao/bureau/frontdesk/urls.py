"""Addresses of the public's pages 公共服务."""

from django.urls import path

from openyibao.bureau.frontdesk import claim_views, views

urlpatterns = [
    path("", views.own, name="own"),
    path("bills", views.bills, name="own-bills"),
    path("bills/<int:setl_id>", views.told, name="own-told"),
    path("claims", claim_views.claims, name="own-claims"),
    path("claims/new", claim_views.apply, name="own-claim-new"),
    path("claims/<int:pk>", claim_views.claim, name="own-claim"),
    path("claims/<int:pk>/edit", claim_views.edit, name="own-claim-edit"),
    path("claims/<int:pk>/scans/<int:scan>", claim_views.scan, name="own-claim-scan"),
    path("looks", views.looks, name="own-looks"),
    path("objections", views.objections, name="objections"),
    path("objections/<int:pk>", views.objection, name="objection"),
]
