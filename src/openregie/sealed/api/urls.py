"""Every address of /v1. The two-resident test walks this very table."""

from __future__ import annotations

from django.urls import path

from openregie.sealed.api import supplier_views, views
from openregie.sealed.api.endpoint import Endpoint, Method, Needs
from openregie.sealed.api.supplier_endpoint import SupplierEndpoint
from openregie.sealed.api.supplier_views import TokenEndpoint

ENDPOINTS = (
    Endpoint("session", {"GET": Method(views.session, Needs.NOBODY)}),
    Endpoint("public-keys", {"GET": Method(views.public_keys, Needs.NOBODY)}),
    Endpoint("enrolments", {"POST": Method(views.enrol)}),
    Endpoint("vault", {"GET": Method(views.vault)}),
    Endpoint("vault/wraps", {"POST": Method(views.add_wrap, Needs.FRESH_LOGIN)}),
    Endpoint("vault/wraps/<str:wrap_id>", {"DELETE": Method(views.remove_wrap, Needs.FRESH_LOGIN)}),
    Endpoint("items", {"GET": Method(views.items)}),
    Endpoint("log-entries", {"GET": Method(views.log_entries)}),
    Endpoint("returns", {"POST": Method(views.put_return)}),
    Endpoint("withdrawals", {"POST": Method(views.withdraw, Needs.FRESH_LOGIN)}),
    Endpoint("runs/latest", {"GET": Method(views.latest_run)}),
    Endpoint("openapi.json", {"GET": Method(views.openapi, Needs.NOBODY)}),
    Endpoint("health", {"GET": Method(views.health, Needs.NOBODY)}),
)

SUPPLIER_ENDPOINTS: tuple[TokenEndpoint | SupplierEndpoint, ...] = (
    TokenEndpoint("oauth/token"),
    SupplierEndpoint(
        "deliveries", {"GET": supplier_views.deliveries, "POST": supplier_views.deliver}
    ),
)

urlpatterns = [
    *(path(endpoint.path, endpoint) for endpoint in ENDPOINTS),
    *(path(endpoint.path, endpoint) for endpoint in SUPPLIER_ENDPOINTS),
]
