"""Addresses of simulations 模拟."""

from django.urls import path

from openyibao.bureau.simulation import files, views

urlpatterns = [
    path("", views.runs, name="simulations"),
    path("new", views.new, name="simulation-new"),
    path("open", views.opened, name="simulation-open"),
    path("export", views.export, name="simulation-export"),
    path("compare", views.compare, name="simulation-compare"),
    path("<int:pk>", views.simulation, name="simulation"),
    path("<int:pk>/progress", views.progress, name="simulation-progress"),
    path("<int:pk>/stop", views.stop, name="simulation-stop"),
    path("<int:pk>/again", views.again, name="simulation-again"),
    path("<int:pk>/later", views.later, name="simulation-later"),
    path("<int:pk>/attach", views.attach, name="simulation-attach"),
    path("<int:pk>/bills", views.bills, name="simulation-bills"),
    path("<int:pk>/bills/<int:bucket>/<int:row>", views.bill, name="simulation-bill"),
    path("<int:pk>/years", views.years, name="simulation-years"),
    path("<int:pk>/cases/<slug:by>/<int:rank>", views.case, name="simulation-case"),
    path("<int:pk>/report.html", files.report, name="simulation-report"),
    path("<int:pk>/report.xlsx", files.workbook, name="simulation-workbook"),
    path("<int:pk>/paper.pdf", files.paper, name="simulation-paper"),
    path("<int:pk>/package.zip", files.package, name="simulation-package"),
]
