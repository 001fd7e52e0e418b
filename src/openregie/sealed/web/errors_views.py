"""What the data origin answers when something is wrong: never what it was about."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openregie.sealed.api.problems import problem


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Status 400."""
    del exception  # its text may hold a value
    return _say(request, HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Status 403."""
    del exception  # its text may hold a value
    return _say(request, HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Status 404."""
    del exception  # its text may hold a value
    return _say(request, HTTPStatus.NOT_FOUND)


def failed(request: HttpRequest) -> HttpResponse:
    """Status 500."""
    return _say(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def _say(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    if request.path.startswith("/v1/"):
        return problem(status)
    return render(request, "login/error.html", {"status": status.value}, status=status.value)
