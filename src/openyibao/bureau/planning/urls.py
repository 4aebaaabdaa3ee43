"""Addresses of the plan's indicators 规划指标."""

from django.urls import path

from openyibao.bureau.planning import views, views_report, views_work

urlpatterns = [
    path("", views.plan, name="plan"),
    path("refresh", views.refresh, name="plan-refresh"),
    path("refreshing", views.refreshing, name="plan-refreshing"),
    path("report", views_report.annual, name="plan-report"),
    path("evaluation", views_report.evaluation, name="plan-evaluation"),
    path("milestones", views_work.milestones, name="plan-milestones"),
    path("milestones/new", views_work.new_milestone, name="plan-milestone-new"),
    path("milestones/<int:pk>", views_work.milestone, name="plan-milestone"),
    path("tasks", views_work.tasks, name="plan-tasks"),
    path("tasks/new", views_work.new_task, name="plan-task-new"),
    path("tasks/<int:pk>", views_work.task, name="plan-task"),
    path("proofs/<int:number>", views.proof, name="plan-proof"),
    path("<str:code>", views.indicator, name="indicator"),
    path("<str:code>/rows", views.rows, name="indicator-rows"),
    path("<str:code>/enter", views.enter, name="indicator-enter"),
]
