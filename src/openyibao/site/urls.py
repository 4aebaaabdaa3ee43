"""Addresses of the site 站点地址, beside those of the door (`site/asgi.py`)."""

from django.urls import include, path

from openyibao.bureau.staff import views as staff
from openyibao.site import first_page, guiding, health

urlpatterns = [
    path("healthz", health.live, name="live"),
    path("healthz/ready", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
    path("", first_page.first_page, name="home"),
    path("search", first_page.search, name="search"),
    path("guide/<int:number>", guiding.follow, name="guide-step"),
    path("sign-in", staff.sign_in, name="sign-in"),
    path("sign-in/code", staff.factor, name="factor"),
    path("sign-out", staff.sign_out, name="sign-out"),
    path("language", staff.language, name="language"),
    path("large-type", staff.large_type, name="large-type"),
    path("me", staff.my_account, name="my-account"),
    path("me/acts", staff.my_acts, name="my-acts"),
    path("me/notices", staff.notices, name="notices"),
    path("me/work", staff.my_work, name="my-work"),
    path("", include("openyibao.bureau.staff.urls")),
    path("parts", first_page.parts, name="parts"),
    path("bills/", include("openyibao.bureau.statement.urls")),
    path("claims/", include("openyibao.bureau.claims.urls")),
    path("policies/", include("openyibao.bureau.policymaking.urls")),
    path("simulations/", include("openyibao.bureau.simulation.urls")),
    path("plan/", include("openyibao.bureau.planning.urls")),
    path("operations/", include("openyibao.bureau.monitoring.urls")),
    path("own/", include("openyibao.bureau.frontdesk.urls")),
    path("window/", include("openyibao.gateway.window.urls")),
]
