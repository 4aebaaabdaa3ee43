"""Addresses of policies 政策."""

from django.urls import path

from openyibao.bureau.policymaking import draft_views, emergency_views, public_views, views

urlpatterns = [
    path("", views.policies, name="policies"),
    path("parameter/<slug:city>/<str:key>", views.parameter, name="policy-parameter"),
    path("compare", views.compare, name="policy-compare"),
    path("packages", views.packages, name="policy-packages"),
    path("packages/<slug:digest>.zip", views.package, name="policy-package"),
    path("drafts", draft_views.drafts, name="policy-drafts"),
    path("drafts/new", draft_views.new, name="policy-draft-new"),
    path("drafts/<int:pk>", draft_views.draft, name="policy-draft"),
    path("drafts/<int:pk>/edit", draft_views.edit, name="policy-draft-edit"),
    path("drafts/<int:pk>/file", draft_views.file, name="policy-draft-file"),
    path("drafts/<int:pk>/submit", draft_views.submit, name="policy-draft-submit"),
    path("drafts/<int:pk>/withdraw", draft_views.withdraw, name="policy-draft-withdraw"),
    path("drafts/<int:pk>/agree", draft_views.agree, name="policy-draft-agree"),
    path("drafts/<int:pk>/approve", draft_views.approve, name="policy-draft-approve"),
    path("drafts/<int:pk>/decline", draft_views.decline, name="policy-draft-decline"),
    path("emergency", emergency_views.emergency, name="policy-emergency"),
    path("emergency/ask", emergency_views.ask, name="policy-emergency-ask"),
    path("emergency/<int:pk>/confirm", emergency_views.confirm, name="policy-emergency-confirm"),
    path("emergency/<int:pk>/refuse", emergency_views.refuse, name="policy-emergency-refuse"),
    path("public", public_views.public, name="policies-public"),
    path("public/<slug:city>", public_views.public, name="policies-public-city"),
]
