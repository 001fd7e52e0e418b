"""Logging in against the embedded provider, over real HTTP, and what is refused."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connections
from django.test import Client

from openregie.envelope import custody
from openregie.envelope.mailbox import mailbox_of
from openregie.sealed.vault.tenant import LEVELS, LoginProvider
from openregie.sealed.web.checks import tenant_errors
from openregie.sealed.web.development_login.urls import urlpatterns as provider_urls

BSN = "999990019"
PERSONA = {
    "name": "Noor",
    "bsn": BSN,
    "birthYear": 1990,
    "initials": "N.",
    "enrolled": False,
    "code": None,
    "story_nl": "Woont met haar zoon.",
    "story_en": "Lives with her son.",
}

live = [
    pytest.mark.django_db(transaction=True, databases=["default", "sessions"]),
    pytest.mark.enable_socket,
]


@pytest.fixture
def origin(tenant, settings, live_server):
    """The data origin where the provider really answers."""
    (tenant.dir / "demo").mkdir()
    (tenant.dir / "demo" / "personas.json").write_text(json.dumps([PERSONA]))
    settings.OPENREGIE = replace(tenant, data_origin=live_server.url)
    return live_server.url


class Browser:
    """A browser on the data origin that follows the login by hand."""

    def __init__(self, origin):
        self.origin = origin
        self.client = Client()
        self.seen = []

    def get(self, url):
        parts = urlsplit(url)
        self.seen.append(url)
        return self.client.get(
            f"{parts.path}?{parts.query}", headers={"Host": urlsplit(self.origin).netloc}
        )

    def pick(self, start="/inloggen?next=/mijn/", **chosen):
        """Go to the picker and post the form as it stands there."""
        page = self.get(self.get(self.origin + start).headers["Location"])
        assert page.status_code == 200
        text = page.content.decode()
        assert BSN not in text
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text))
        answer = self.client.post(
            "/ontwikkel-oidc/inloggen",
            {**hidden, "persona": "1", **chosen},
            headers={"Host": urlsplit(self.origin).netloc, "Origin": self.origin},
        )
        return answer.headers["Location"]


@pytest.mark.parametrize("taal", ["", "&taal=en"])
class TestLogin:
    pytestmark = live

    def test_a_persona_becomes_a_mailbox_in_a_new_session(self, origin, tenant, taal):
        browser = Browser(origin)
        back = browser.pick(f"/inloggen?next=/en/mijn/{taal}")
        before = browser.client.cookies["openregie"].value
        answer = browser.get(back)
        assert answer.headers["Location"] == "http://localhost:8000/en/mijn/"
        assert browser.client.cookies["openregie"].value != before
        assert not Session.objects.filter(pk=before).exists()
        said = browser.get(f"{origin}/v1/session").json()
        secret = custody.load_tenant_secret(tenant.dir)
        assert said["mailbox"] == mailbox_of(BSN, tenant_secret=secret)
        assert said["levelOfAssurance"] == LEVELS[2]
        assert (said["enrolled"], said["epoch"]) == (False, None)
        assert not any(BSN in url for url in browser.seen)
        kept = "".join(str(one.get_decoded()) for one in Session.objects.all())
        assert BSN not in kept
        for name in ("default", "sessions"):
            assert BSN not in "\n".join(connections[name].connection.iterdump())


class TestRefusals:
    pytestmark = live

    def test_a_callback_is_used_once(self, origin):
        browser = Browser(origin)
        back = browser.pick()
        assert browser.get(back).status_code == 302
        assert browser.get(back).status_code == 400

    def test_a_callback_of_another_browser_is_refused(self, origin):
        back = Browser(origin).pick()
        other = Browser(origin)
        other.get(origin + "/inloggen")
        assert other.get(back).status_code == 400
        assert other.get(f"{origin}/v1/session").json() == {"state": "anonymous"}

    def test_a_level_below_the_minimum_is_refused_with_a_plain_page(self, origin):
        browser = Browser(origin)
        answer = browser.get(browser.pick(level=LEVELS[0]))
        assert answer.status_code == 403
        assert "te weinig zekerheid" in answer.content.decode()

    def test_stopping_leads_to_a_page_with_a_way_back(self, origin):
        browser = Browser(origin)
        answer = browser.get(browser.pick(cancel="1"))
        assert answer.status_code == 403
        assert "U bent gestopt" in answer.content.decode()
        assert "http://localhost:8000/" in answer.content.decode()

    def test_a_code_without_its_verifier_gives_no_token(self, origin):
        browser = Browser(origin)
        code = parse_qs(urlsplit(browser.pick()).query)["code"][0]
        answer = browser.client.post(
            "/ontwikkel-oidc/token",
            {"code": code, "code_verifier": "guess", "redirect_uri": f"{origin}/inloggen/terug"},
            headers={"Host": urlsplit(origin).netloc},
        )
        assert answer.status_code == 401

    def test_a_provider_that_is_away_says_so_without_detail(self, origin, settings):
        settings.OPENREGIE = replace(
            settings.OPENREGIE,
            provider=LoginProvider("http://localhost:9", "client", "secret"),
        )
        answer = Browser(origin).get(origin + "/inloggen")
        assert answer.status_code == 502
        assert "localhost:9" not in answer.content.decode()

    def test_who_starts_too_many_logins_is_asked_to_wait(self, origin):
        browser = Browser(origin)
        answers = [browser.get(origin + "/inloggen") for _ in range(22)]
        assert [answers[0].status_code, answers[-1].status_code] == [302, 429]

    def test_logging_out_ends_the_session(self, origin):
        browser = Browser(origin)
        browser.get(browser.pick())
        said = {"Host": urlsplit(origin).netloc, "Origin": "http://localhost:8000"}
        assert browser.client.post("/uitloggen", headers=said).status_code == 403
        answer = browser.client.post("/uitloggen", headers={**said, "X-Openregie": "1"})
        assert answer.status_code == 204
        assert browser.get(f"{origin}/v1/session").json() == {"state": "anonymous"}
        assert not Session.objects.exists()


@pytest.mark.django_db(databases=["default", "sessions"])
@pytest.mark.parametrize(
    "change",
    [
        {"development": False},
        {"synthetic": False},
        {"data_origin": "https://data.example"},
        {"client_origin": "https://mijn.example"},
    ],
)
def test_the_embedded_provider_cannot_be_enabled_outside_development(tenant, settings, change):
    settings.OPENREGIE = replace(tenant, **change)
    assert not settings.OPENREGIE.development_login
    client = Client()
    host = urlsplit(settings.OPENREGIE.data_origin).netloc
    for one in provider_urls:
        for call in (client.get, client.post):
            answer = call(f"/ontwikkel-oidc/{one.pattern}", headers={"Host": host})
            assert answer.status_code == 404
    answer = client.get("/inloggen", headers={"Host": host})
    assert answer.status_code == 502
    with pytest.raises(SystemCheckError, match=r"openregie\.E003"):
        call_command("check")
    assert tenant_errors(settings.OPENREGIE)


def test_outside_development_only_https_with_a_provider_is_sound(tenant):
    ready = replace(
        tenant,
        development=False,
        synthetic=False,
        client_origin="https://mijn.example",
        data_origin="https://data.mijn.example",
        provider=LoginProvider("https://broker.example", "client", "secret"),
    )
    assert tenant_errors(ready) == []
    assert {code for code, _ in tenant_errors(replace(ready, development=True))} == {
        "openregie.E001",
        "openregie.E002",
    }
