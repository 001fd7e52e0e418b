"""Where the embedded provider answers; included by the data origin."""

from __future__ import annotations

from django.urls import path

from openregie.sealed.web.development_login import views

urlpatterns = [
    path(".well-known/openid-configuration", views.configuration),
    path("jwks", views.keys),
    path("inloggen", views.pick),
    path("token", views.token),
]
