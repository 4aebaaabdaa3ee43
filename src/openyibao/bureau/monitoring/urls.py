"""Addresses of the operations room 运行监测."""

from django.urls import path

from openyibao.bureau.monitoring import views

urlpatterns = [
    path("", views.operations, name="operations"),
    path("live", views.live, name="operations-live"),
    path("refusals", views.refusals, name="refusals"),
    path("institutions", views.institutions, name="operations-institutions"),
    path("messages", views.sent_messages, name="operations-messages"),
    path("alerts", views.alerts, name="alerts"),
    path("alerts/<int:pk>", views.alert, name="alert"),
]
