"""Where one logs in and out; included by the data origin."""

from __future__ import annotations

from django.urls import path

from openregie.sealed.web.login import views

urlpatterns = [
    path("inloggen", views.log_in),
    path("inloggen/terug", views.come_back),
    path("uitloggen", views.log_out),
]
