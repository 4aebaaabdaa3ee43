"""Addresses of the staff desk 人员、岗位与日志; those of signing in and of the own account stand in site/urls.py."""

from django.urls import path

from openyibao.bureau.staff import administration as staff

urlpatterns = [
    path("staff", staff.officers, name="staff-officers"),
    path("staff/new", staff.officer, name="staff-officer-new"),
    path("staff/posts", staff.posts, name="staff-posts"),
    path("staff/posts/new", staff.post, name="staff-post-new"),
    path("staff/posts/<str:code>", staff.post, name="staff-post"),
    path("staff/changes", staff.changed, name="staff-changes"),
    path("staff/changes/<int:pk>", staff.change, name="staff-change"),
    path("staff/officers/<str:login>", staff.officer, name="staff-officer"),
    path("logs/acts", staff.acts, name="log-acts"),
    path("logs/looks", staff.looks, name="log-looks"),
    path("logs/sign-ins", staff.sign_ins, name="log-sign-ins"),
]
