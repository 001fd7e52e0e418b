"""The two origins: what each serves, with which headers, and what never shows anywhere."""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import re
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.test import Client

from openregie.sealed.vault.models import KeyEpoch
from openregie.sealed.web.browser_files import BrowserFinder

CANARY = "Kanarie-7f3a"
PAGES = ["/", "/welkom/", "/mijn/", "/en/", "/en/mijn/", "/hulp/", "/nothing-here/"]

both_databases = pytest.mark.django_db(databases=["default", "sessions"])


@pytest.fixture
def pages(tenant):
    return Client(raise_request_exception=False, headers={"Host": "localhost:8000"})


@pytest.fixture
def log_text():
    """What the process would write to its log."""
    text = io.StringIO()
    handlers = logging.getLogger("openregie").handlers
    handler = next(one for one in handlers if type(one) is logging.StreamHandler)
    before = handler.setStream(text)
    yield text
    handler.setStream(before)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_needs_no_database_and_sets_no_cookie(pages, path):
    answer = pages.get(path)
    assert answer.status_code in {200, 404}
    assert not answer.cookies
    assert "Vary" not in answer.headers or "Cookie" not in answer.headers["Vary"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_may_load_its_own_files_and_talk_to_the_data_origin_only(pages, path):
    policy = dict(
        part.split(" ", 1)
        for part in pages.get(path).headers["Content-Security-Policy"].split("; ")
    )
    assert policy["default-src"] == "'none'"
    assert policy["connect-src"] == "http://localhost:8001"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["trusted-types"] == "'none'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in str(policy)


@pytest.mark.parametrize("path", PAGES)
def test_the_only_inline_script_is_the_import_map_and_its_hash_is_allowed(pages, path):
    answer = pages.get(path)
    policy = answer.headers["Content-Security-Policy"]
    text = answer.content.decode()
    inline = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", text, flags=re.DOTALL)
    assert len(inline) <= 1
    for script in inline:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert not re.search(r"\son\w+=|\sstyle=", text)


def test_every_script_and_style_of_ours_carries_its_integrity(pages):
    text = pages.get("/welkom/").content.decode()
    for tag in re.findall(r"<script[^>]*\bsrc=[^>]*>", text):
        assert re.search(r'integrity="sha384-[\w+/=]{64}"', tag)


@pytest.mark.parametrize("path", ["/v1/session", "/v1/openapi.json", "/inloggen", "/uitloggen"])
def test_the_client_origin_has_no_login_and_no_data(pages, path):
    assert pages.get(path).status_code == 404


@both_databases
@pytest.mark.parametrize("path", ["/", "/welkom/", "/mijn/"])
def test_the_data_origin_has_no_pages(anna, path):
    assert anna.get(path).status_code == 404


@both_databases
def test_the_data_origin_runs_no_script(anna):
    policy = anna.get("/v1/session").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


@pytest.mark.parametrize("host", ["elsewhere.example", "localhost", "localhost:9", "", "127.0.0.1"])
def test_an_unknown_host_gets_nothing(tenant, host):
    answer = Client(headers={"Host": host}).get("/welkom/")
    assert answer.status_code == 400
    assert answer.content == b"Unknown host."


def test_only_what_a_browser_needs_is_served():
    served = [path for path, _ in BrowserFinder().list([])]
    assert "assets/app.css" in served
    assert not any("tests/" in path or path.endswith((".json", ".html", ".ts")) for path in served)


def test_sensitive_settings_are_off():
    assert django_settings.DEBUG is False
    assert "django.contrib.admin" not in django_settings.INSTALLED_APPS
    assert "django.contrib.auth" not in django_settings.INSTALLED_APPS
    assert django_settings.SESSION_COOKIE_HTTPONLY is True
    assert django_settings.SESSION_COOKIE_SAMESITE == "Lax"


@both_databases
def test_a_session_cookie_is_for_this_host_and_out_of_reach_of_scripts(anna):
    anna.log_in(ago=timedelta(minutes=2))
    session = anna.client.session
    session["signed_in"]["seen_at"] = session["signed_in"]["signed_in_at"]
    session.save()
    cookie = anna.get("/v1/log-entries").cookies["openregie"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["domain"]


@both_databases
def test_no_planted_value_in_tables_logs_or_error_pages(anna, tenant, log_text):
    shown = []
    anna.enrol()
    shown.append(anna.post("/v1/returns", anna.sealed_return("corrections", {"note": CANARY})))
    shown += [
        anna.post(f"/v1/{path}", {CANARY: CANARY, "kind": CANARY, "v": CANARY})
        for path in ("returns", "enrolments", "vault/wraps", "withdrawals")
    ]
    shown += [
        anna.get(f"/v1/items?after={CANARY}"),
        anna.get(f"/v1/{CANARY}"),
        anna.get(f"/{CANARY}"),
        anna.get(f"/inloggen/terug?state={CANARY}&code={CANARY}"),
        anna.delete(f"/v1/vault/wraps/{CANARY}"),
        Client(headers={"Host": CANARY}).get("/"),
        Client(headers={"Host": "localhost:8000"}, raise_request_exception=False).get(f"/{CANARY}"),
    ]
    KeyEpoch.objects.update(compartments={CANARY: CANARY})  # now every opening of it fails
    broken = anna.post("/v1/vault/wraps", anna.wrap("other", "letter"))
    assert broken.status_code == 500
    KeyEpoch.objects.update(compartments={})
    shown.append(broken)
    assert not any(CANARY in answer.content.decode() for answer in shown)
    logged = log_text.getvalue()
    assert "status 500 KeyError" in logged
    for value in (CANARY, anna.bsn, anna.mailbox):
        assert value not in logged
    for name in ("default", "sessions"):
        dump = "\n".join(connections[name].connection.iterdump())
        assert CANARY not in dump
        assert anna.bsn not in dump
    for file in tenant.dir.rglob("*"):
        if file.is_file() and "custody" not in file.parts:
            assert CANARY.encode() not in file.read_bytes()
