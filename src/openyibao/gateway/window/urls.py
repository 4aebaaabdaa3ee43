"""Addresses of the hospital's window 医院窗口."""

from django.urls import path

from openyibao.gateway.window import day_views, views

urlpatterns = [
    path("", views.window, name="window"),
    path("demo-voucher", views.demo_voucher, name="window-demo-voucher"),
    path("goods", views.goods, name="window-goods"),
    path("diagnoses", views.diagnoses, name="window-diagnoses"),
    path("visits/<int:number>", views.visit, name="window-visit"),
    path("visits/<int:number>/register", views.register, name="window-register"),
    path("visits/<int:number>/cancel", views.cancel, name="window-cancel"),
    path("visits/<int:number>/discharge", views.discharge, name="window-discharge"),
    path("visits/<int:number>/back-in", views.back_in, name="window-back-in"),
    path("visits/<int:number>/charge", views.charge, name="window-charge"),
    path("visits/<int:number>/take-off", views.take_off, name="window-take-off"),
    path("visits/<int:number>/trial", views.trial, name="window-trial"),
    path("charges/<int:number>/settle", views.settle, name="window-settle"),
    path("charges/<int:number>/fetch", views.fetch, name="window-fetch"),
    path("charges/<int:number>/void", views.void, name="window-void"),
    path("day", day_views.day_close, name="day-close"),
    path("day/upload", day_views.upload, name="day-upload"),
    path("day/remedy", day_views.remedy, name="day-remedy"),
    path("day/book", day_views.book, name="day-book"),
    path("days", day_views.closes, name="day-closes"),
]
