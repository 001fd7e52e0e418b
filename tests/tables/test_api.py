"""The rules that hold for all of /v1, walked over the very table of its addresses."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from openregie.sealed.api import endpoint
from openregie.sealed.api.endpoint import Needs
from openregie.sealed.api.middleware import MOST_BODY_BYTES
from openregie.sealed.api.urls import ENDPOINTS, SUPPLIER_ENDPOINTS
from openregie.sealed.log.models import Entry
from openregie.sealed.vault.models import KeyEpoch, StoredItem, Wrap

pytestmark = pytest.mark.django_db(databases=["default", "sessions"])

CALLS = [
    pytest.param(one, name, method, id=f"{name} {one.path}")
    for one in ENDPOINTS
    for name, method in one.methods.items()
]


def address(one, wrap_id="code-1"):
    return "/v1/" + one.path.replace("<str:wrap_id>", wrap_id)


def bodies(someone):
    """A right body for each POST, made by someone's own browser."""
    return {
        "enrolments": someone.enrolment(),
        "vault/wraps": someone.wrap("letter-9", "letter"),
        "returns": someone.sealed_return("shown", {"v": 1, "items": []}),
        "withdrawals": {"return": someone.keys_return("withdraw")},
    }


def call(browser, one, name, body_of=None, **headers):
    if name == "GET":
        return browser.get(address(one), **headers)
    if name == "DELETE":
        return browser.delete(address(one), **headers)
    return browser.post(address(one), bodies(body_of or browser)[one.path], **headers)


def state_of(mailbox):
    """Everything the tables hold of one mailbox."""
    return {
        "epochs": list(KeyEpoch.objects.filter(resident_id=mailbox).values_list("epoch")),
        "wraps": list(Wrap.objects.filter(key_epoch__resident_id=mailbox).values_list("wrap_id")),
        "items": list(StoredItem.objects.filter(mailbox=mailbox).values_list("seq")),
        "log": list(Entry.objects.filter(mailbox=mailbox).values_list("type", "sealed")),
    }


def give_item(someone):
    StoredItem.objects.create(
        mailbox=someone.mailbox,
        seq=1,
        kid="k",
        suite="s1",
        day="2026-11-05",
        bucket=256,
        blob=b"ciphertext of " + someone.mailbox.encode(),
    )


@pytest.mark.parametrize(("one", "name", "method"), CALLS)
def test_bram_neither_sees_nor_changes_anything_of_anna(anna, bram, one, name, method):
    anna.enrol()
    give_item(anna)
    bram.enrol()
    give_item(bram)
    before = state_of(anna.mailbox)
    secrets = [
        anna.mailbox,
        *(key["kid"] for key in anna.keys.public().to_json()["compartments"].values()),
    ]
    own = call(bram, one, name)
    assert not any(secret in own.content.decode() for secret in secrets)
    if name == "POST":
        foreign = call(bram, one, name, body_of=anna)
        assert not any(secret in foreign.content.decode() for secret in secrets)
    assert state_of(anna.mailbox) == before


def test_a_wrap_of_another_resident_cannot_be_named(anna, bram):
    anna.enrol()
    anna.post("/v1/vault/wraps", anna.wrap("only-annas", "letter"))
    bram.enrol()
    bram.post("/v1/vault/wraps", bram.wrap("second", "letter"))
    assert bram.delete("/v1/vault/wraps/only-annas").status_code == 404
    assert Wrap.objects.filter(wrap_id="only-annas").exists()


@pytest.mark.parametrize("path", ["/v1/enrolments", "/v1/returns", "/v1/withdrawals"])
def test_a_return_of_another_mailbox_is_refused(anna, bram, path):
    bram.enrol()
    said = {
        "/v1/enrolments": {**bram.enrolment(), "return": anna.keys_return()},
        "/v1/returns": anna.sealed_return("shown", {"v": 1}),
        "/v1/withdrawals": {"return": anna.keys_return("withdraw")},
    }[path]
    answer = bram.post(path, said)
    assert answer.status_code == 400
    assert "not the mailbox that is logged in" in answer.json()["detail"]


@pytest.mark.parametrize(("one", "name", "method"), CALLS)
def test_without_login_only_public_calls_answer(anna, one, name, method):
    expected = 200 if method.needs is Needs.NOBODY else 401
    answer = call(anna, one, name)
    assert answer.status_code == expected


@pytest.mark.parametrize(("one", "name", "method"), CALLS)
def test_a_session_left_alone_for_a_quarter_of_an_hour_is_over(anna, one, name, method, settings):
    anna.enrol()
    session = anna.client.session
    kept = session["signed_in"]
    long_ago = "2026-01-01T10:00:00+00:00"
    session["signed_in"] = {**kept, "signed_in_at": long_ago, "seen_at": long_ago}
    session.save()
    answer = call(anna, one, name)
    assert answer.status_code == (200 if method.needs is Needs.NOBODY else 401)
    if one.path == "session":
        assert answer.json() == {"state": "anonymous"}


@pytest.mark.parametrize(("one", "name", "method"), CALLS)
def test_changing_keys_needs_a_login_of_the_last_five_minutes(anna, one, name, method):
    anna.enrol()
    anna.log_in(ago=timedelta(minutes=6))
    answer = call(anna, one, name)
    if method.needs is Needs.FRESH_LOGIN:
        assert answer.status_code == 403
        assert answer.json()["type"].endswith("log-in-again")
    else:
        assert answer.status_code != 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "http://localhost:8001"},
        {"X-Openregie": ""},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize(
    ("one", "name", "method"), [call for call in CALLS if call.values[1] != "GET"]
)
def test_another_site_cannot_make_a_browser_change_anything(anna, one, name, method, headers):
    anna.enrol()
    give_item(anna)
    before = state_of(anna.mailbox)
    answer = call(anna, one, name, **headers)
    assert answer.status_code == 403
    assert state_of(anna.mailbox) == before


def test_a_link_on_another_site_causes_no_opening(anna):
    anna.enrol()
    give_item(anna)
    before = state_of(anna.mailbox)
    answer = anna.get("/v1/items", **{"Sec-Fetch-Mode": "navigate"})
    assert answer.status_code == 403
    assert state_of(anna.mailbox) == before


@pytest.mark.parametrize(("one", "name", "method"), CALLS)
def test_every_answer_follows_the_design_rules(anna, one, name, method):
    anna.enrol()
    answer = call(anna, one, name)
    assert answer.headers["API-Version"] == "1.0.0"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert {"type", "status", "title", "detail"} == set(answer.json())


@pytest.mark.parametrize(("one", "name", "method"), CALLS)
def test_a_trailing_slash_is_not_found_and_not_redirected(anna, one, name, method):
    anna.log_in()
    answer = anna.get(address(one) + "/")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["API-Version"] == "1.0.0"


@pytest.mark.parametrize(("one", "name", "method"), CALLS)
def test_other_methods_are_named_as_not_allowed(anna, one, name, method):
    anna.log_in()
    said = {"Host": "localhost:8001", "Origin": "http://localhost:8000", "X-Openregie": "1"}
    answer = anna.client.put(address(one), headers=said)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == ", ".join(sorted(one.methods))


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "1", '"x"', "NaN", '{"a":Infinity}', "{}", "[" * 5000]
)
@pytest.mark.parametrize("path", ["enrolments", "vault/wraps", "returns", "withdrawals"])
def test_a_body_that_is_no_such_thing_is_400_and_says_which_field(anna, path, text):
    anna.enrol()
    said = {"Host": "localhost:8001", "Origin": "http://localhost:8000", "X-Openregie": "1"}
    answer = anna.client.post(f"/v1/{path}", text, "application/json", headers=said)
    assert answer.status_code == 400


@pytest.mark.parametrize("after", ["-1", "x", "1e3", "٣", "9" * 40, ""])
def test_a_place_that_is_no_number_is_400(anna, after):
    anna.enrol()
    assert anna.get(f"/v1/items?after={after}").status_code == 400


def test_a_body_that_is_too_long_is_refused_unread(anna):
    anna.enrol()
    answer = anna.post("/v1/returns", {"blob": "x" * MOST_BODY_BYTES})
    assert answer.status_code == 413


def test_only_the_client_origin_may_read_answers(anna):
    ours = anna.get("/v1/session")
    assert ours.headers["Access-Control-Allow-Origin"] == "http://localhost:8000"
    assert ours.headers["Access-Control-Allow-Credentials"] == "true"
    theirs = anna.get("/v1/session", Origin="https://elsewhere.example")
    assert "Access-Control-Allow-Origin" not in theirs.headers
    described = anna.get("/v1/openapi.json", Origin="https://elsewhere.example")
    assert described.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in described.headers


def test_a_preflight_of_the_client_origin_is_answered(anna):
    said = {
        "Host": "localhost:8001",
        "Origin": "http://localhost:8000",
        "Access-Control-Request-Method": "DELETE",
    }
    answer = anna.client.options("/v1/vault/wraps/x", headers=said)
    assert answer.status_code == 204
    assert "DELETE" in answer.headers["Access-Control-Allow-Methods"]
    assert "X-Openregie" in answer.headers["Access-Control-Allow-Headers"]


def test_who_calls_too_often_is_asked_to_wait(anna, monkeypatch):
    monkeypatch.setattr(endpoint.READS, "timer", lambda: 0.0)
    anna.log_in()
    answers = [anna.get("/v1/runs/latest") for _ in range(endpoint.READS.burst + 2)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1


def test_the_description_names_every_address_and_method(anna):
    said = anna.get("/v1/openapi.json").json()
    described = {(path, name.upper()) for path, item in said["paths"].items() for name in item}
    served = {
        ("/" + one.path.replace("<str:wrap_id>", "{wrapId}"), name)
        for one in (*ENDPOINTS, *SUPPLIER_ENDPOINTS)
        for name in one.methods
    }
    assert described == served
    assert said["openapi"].startswith("3.1")


def test_a_return_sent_twice_is_one_return(anna, tenant):
    anna.enrol()
    sealed = anna.sealed_return("corrections", {"v": 1, "mailbox": anna.mailbox})
    first = anna.post("/v1/returns", sealed)
    second = anna.post("/v1/returns", sealed)
    assert first.status_code == second.status_code == 202
    assert first.json() == second.json()
    (path,) = (tenant.dir / "inbox" / "corrections").iterdir()
    assert path.stem == first.json()["id"]
    assert json.loads(path.read_text()) == sealed
    assert Entry.objects.filter(type="return.sent").count() == 1


def test_the_keys_of_run_and_log_are_public_and_nothing_else(anna, tenant):
    said = json.dumps(anna.get("/v1/public-keys").json())
    for name in ("run.json", "tenant.secret", "log.key"):
        text = (tenant.dir / "custody" / name).read_text()
        kept = json.loads(text)
        private = [kept.get("secret"), kept.get("privateKey"), kept.get("age")]
        private += [key["privateKey"] for key in kept.get("kem", [])]
        private += list(kept.get("signing", {}).values())
        assert not any(one and one in said for one in private)
