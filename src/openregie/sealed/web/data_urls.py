"""The data origin: login and /v1. No pages of its own, no scripts."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("openregie.sealed.web.login.urls")),
    path("ontwikkel-oidc/", include("openregie.sealed.web.development_login.urls")),
    path("v1/", include("openregie.sealed.api.urls")),
]

handler400 = "openregie.sealed.web.errors_views.bad_request"
handler403 = "openregie.sealed.web.errors_views.forbidden"
handler404 = "openregie.sealed.web.errors_views.not_found"
handler500 = "openregie.sealed.web.errors_views.failed"
