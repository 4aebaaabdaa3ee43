"""Addresses of bills and estimates 结算单与测算."""

from django.urls import path

from openyibao.bureau.statement import views

urlpatterns = [
    path("", views.bills, name="bills"),
    path("<int:setl_id>", views.bill, name="bill"),
    path("<int:setl_id>.pdf", views.bill_pdf, name="bill-pdf"),
    path("own/<int:setl_id>", views.own_bill, name="own-bill"),
    path("own/<int:setl_id>.pdf", views.own_bill_pdf, name="own-bill-pdf"),
    path("own/years/<int:year>", views.own_year, name="own-year"),
    path("persons/<str:psn_no>/<int:year>", views.person_year, name="person-year"),
    path("verify/<str:token>", views.verify, name="bill-verify"),
    path("estimate", views.estimate, name="estimate"),
    path("estimate/public", views.public_estimate, name="estimate-public"),
]
