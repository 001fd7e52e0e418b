"""The suppliers' door: accounts, tokens, and ciphertext that becomes a delivery of the run."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from openregie.blind.streams.inbox import list_kept, read_kept
from openregie.envelope import age, custody
from openregie.logbook.entry import Entry as LogbookEntry
from openregie.logbook.entry import commit_of
from openregie.sealed.api import supplier_endpoint
from openregie.sealed.api.middleware import MOST_DELIVERY_BYTES
from openregie.sealed.api.urls import SUPPLIER_ENDPOINTS
from openregie.sealed.log.models import Entry
from openregie.sealed.suppliers import actions, inbox_files
from openregie.sealed.suppliers.errors import AccountRefused
from openregie.sealed.suppliers.models import Account, Delivery
from openregie.sealed.vault.models import HandOver

pytestmark = pytest.mark.django_db(databases=["default", "sessions"])

PLAIN = b"bsn;bedrag\n999990019;Kanarievogeltje\n"
HOST = {"Host": "localhost:8001"}
CALLS = [(one.path, name) for one in SUPPLIER_ENDPOINTS for name in one.methods]


class Machine:
    """A supplier's own program."""

    def __init__(self, credentials):
        self.client_id, self.secret = credentials.client_id, credentials.secret
        self.client = Client(raise_request_exception=False)
        self.token = ""

    def ask_token(self, secret=None, **form):
        said = f"{self.client_id}:{secret or self.secret}".encode()
        basic = "Basic " + base64.b64encode(said).decode()
        return self.client.post(
            "/v1/oauth/token",
            urlencode({"grant_type": "client_credentials", **form}),
            "application/x-www-form-urlencoded",
            headers={**HOST, "Authorization": basic},
        )

    def log_in(self):
        self.token = self.ask_token().json()["access_token"]
        return self

    def post(self, data, *, kind="application/octet-stream", **query):
        today = timezone.localdate().isoformat()
        said = {"stream": "rent_arrears", "coversFrom": today, "coversUntil": today, **query}
        return self.client.post(
            "/v1/deliveries?" + urlencode(said, doseq=True),
            data,
            kind,
            headers={**HOST, "Authorization": "Bearer " + self.token},
        )

    def deliveries(self):
        return self.client.get(
            "/v1/deliveries", headers={**HOST, "Authorization": "Bearer " + self.token}
        )


@pytest.fixture(autouse=True)
def patient():
    supplier_endpoint.SUPPLIER_CALLS.forget()
    supplier_endpoint.STRANGERS.forget()


def account(vault, name="Woonstichting De Linde", oin="00000003990000010000"):
    return actions.add(vault, name=name, oin=oin, streams=["rent_arrears"], now=timezone.now())


@pytest.fixture
def landlord(vault):
    return Machine(account(vault)).log_in()


def sealed(vault, data=PLAIN):
    return age.encrypt(data, to=custody.load_run_public(vault.folder).age_recipient)


def inbox_of(vault):
    return sorted(path for path in (vault.folder / "inbox").rglob("*") if path.is_file())


def test_what_was_uploaded_is_a_delivery_as_the_run_reads_it(landlord, vault):
    data = sealed(vault)
    answer = landlord.post(data, attests=["b", "a"])
    assert answer.status_code == 201
    (kept,), refused = list_kept(vault.folder / "inbox", "rent_arrears")
    assert not refused
    assert read_kept(kept) == data
    assert kept.sealed_by_source
    assert kept.sequence == 1
    manifest = kept.manifest
    assert manifest.delivery_id == answer.json()["id"]
    assert (manifest.supplier, manifest.supplier_oin) == (
        "Woonstichting De Linde",
        "00000003990000010000",
    )
    assert manifest.delivered_on == timezone.localdate()
    assert manifest.sha256 == hashlib.sha256(data).hexdigest() == answer.json()["sha256"]
    assert manifest.attests == ("a", "b")


def test_the_receipt_opens_the_commitment_in_the_log(landlord, vault):
    told = landlord.post(sealed(vault)).json()
    entry = told["log"]["entry"]
    assert entry["event"]["sha256"] == told["sha256"]
    made = LogbookEntry(
        entry["chain"], entry["seq"], entry["prev"], entry["event"], entry["mailbox"]
    )
    commit = commit_of(made, bytes.fromhex(told["log"]["salt"]))
    assert Entry.objects.get(type="delivery.received").commit == commit


def test_the_same_file_again_is_one_delivery_also_on_a_later_day(landlord, vault):
    data = sealed(vault)
    first = landlord.post(data)
    day = Delivery.objects.get().received_at - timedelta(days=1)
    Delivery.objects.update(received_at=day)
    again = landlord.post(data)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert len(inbox_of(vault)) == 2
    assert Entry.objects.filter(type="delivery.received").count() == 1


def test_the_same_file_with_other_words_is_refused(landlord, vault):
    data = sealed(vault)
    landlord.post(data)
    assert landlord.post(data, attests="other").status_code == 409


def test_two_deliveries_of_a_day_are_told_apart_in_their_order(landlord, vault):
    first, second = landlord.post(sealed(vault)), landlord.post(sealed(vault))
    kept, _ = list_kept(vault.folder / "inbox", "rent_arrears")
    assert [one.sequence for one in kept] == [1, 2]
    ids = [one.manifest.delivery_id for one in kept]
    assert ids == [first.json()["id"], second.json()["id"]]


@pytest.mark.parametrize(
    "data", [PLAIN, b"age-encryption.org/v1\n" + PLAIN], ids=["plain", "disguised"]
)
def test_plaintext_is_refused_and_stands_nowhere(landlord, vault, data, caplog):
    answer = landlord.post(data)
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"].endswith("not-encrypted")
    assert inbox_of(vault) == []
    assert not Delivery.objects.exists()
    assert "Kanarievogeltje" not in answer.content.decode() + caplog.text
    for file in vault.folder.rglob("*"):
        assert not (file.is_file() and b"Kanarievogeltje" in file.read_bytes()), file


def test_a_form_upload_is_refused_unread(landlord, vault):
    answer = landlord.post(sealed(vault), kind="text/csv")
    assert answer.status_code == 400
    assert inbox_of(vault) == []


def test_a_body_beyond_the_limit_is_refused_unread(landlord, vault):
    answer = landlord.post(sealed(vault, bytes(MOST_DELIVERY_BYTES)))
    assert answer.status_code == 413
    assert inbox_of(vault) == []


@pytest.mark.parametrize(
    "query",
    [
        {"stream": "../custody"},
        {"stream": ""},
        {"coversFrom": "1-1-2026"},
        {"coversFrom": "2999-01-01", "coversUntil": "2999-01-02"},
        {"coversUntil": "2001-01-01"},
        {"attests": "Met hoofdletter"},
        {"supplier": "Iemand anders"},
    ],
)
def test_words_that_do_not_fit_are_400_and_nothing_is_kept(landlord, vault, query):
    assert landlord.post(sealed(vault), **query).status_code == 400
    assert inbox_of(vault) == []


def test_another_stream_than_the_accounts_own_is_refused(landlord, vault):
    answer = landlord.post(sealed(vault), stream="benefits")
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("stream-not-yours")
    assert inbox_of(vault) == []


def test_nobody_sees_what_another_supplier_delivered(landlord, vault):
    mine = landlord.post(sealed(vault)).json()["id"]
    other = Machine(account(vault, "Energie", "00000003990000020000")).log_in()
    assert other.deliveries().json() == {"deliveries": []}
    assert [one["id"] for one in landlord.deliveries().json()["deliveries"]] == [mine]


def test_what_became_of_a_delivery_stands_in_the_list(landlord, vault):
    used = landlord.post(sealed(vault)).json()
    refused = landlord.post(sealed(vault)).json()
    waits = landlord.post(sealed(vault)).json()
    assert used["state"] == "received"
    folder = vault.folder / "handover" / "1"
    folder.mkdir(parents=True)
    files = [
        {"deliveryId": used["id"], "refused": []},
        {"deliveryId": refused["id"], "refused": ["file: cut short"]},
    ]
    (folder / "receipt.json").write_text(json.dumps({"files": files}))
    said = {one["id"]: one["state"] for one in landlord.deliveries().json()["deliveries"]}
    assert set(said.values()) == {"received"}, "a hand-over that was not taken in says nothing"
    HandOver.objects.create(number=1, digest="0" * 64, day="2026-11-01", state="taken")
    told = {one["id"]: one for one in landlord.deliveries().json()["deliveries"]}
    assert (told[used["id"]]["state"], told[used["id"]]["run"]) == ("used", 1)
    assert told[refused["id"]]["state"] == "refused"
    assert told[refused["id"]]["reasons"] == ["file: cut short"]
    assert told[waits["id"]]["state"] == "received"


@pytest.mark.parametrize(("path", "name"), CALLS)
def test_without_a_secret_or_token_nothing_answers(anna, vault, path, name):
    anna.enrol()
    for said in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp5"}):
        answer = anna.client.generic(
            name,
            "/v1/" + path,
            "grant_type=client_credentials",
            "application/x-www-form-urlencoded",
            headers={**HOST, **said},
        )
        assert answer.status_code == 401
        assert "WWW-Authenticate" in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_supplier_reaches_nothing_of_a_resident(landlord, anna):
    anna.enrol()
    for path in ("items", "vault", "log-entries"):
        said = {**HOST, "Authorization": "Bearer " + landlord.token}
        assert landlord.client.get("/v1/" + path, headers=said).status_code == 401


def test_a_token_follows_the_standard(landlord):
    answer = landlord.ask_token()
    assert answer.json()["token_type"] == "Bearer"
    assert answer.json()["expires_in"] == 600
    assert answer.headers["Cache-Control"] == "no-store"
    wrong = landlord.ask_token(secret="wrong")
    assert (wrong.status_code, wrong.json()) == (401, {"error": "invalid_client"})
    other = landlord.ask_token(grant_type="password")
    assert (other.status_code, other.json()) == (400, {"error": "unsupported_grant_type"})


def test_a_token_is_over_after_ten_minutes(landlord, monkeypatch):
    assert landlord.deliveries().status_code == 200
    monkeypatch.setattr(actions, "TOKEN_SECONDS", -1)
    assert landlord.deliveries().status_code == 401


def test_a_new_secret_ends_the_old_one_and_its_tokens(landlord, vault):
    made = actions.rotate(vault, landlord.client_id, now=timezone.now())
    assert landlord.deliveries().status_code == 401
    assert landlord.ask_token().status_code == 401
    landlord.secret = made.secret
    assert landlord.log_in().deliveries().status_code == 200


def test_an_ended_account_gets_in_no_more_and_its_organisation_may_begin_anew(landlord, vault):
    with pytest.raises(AccountRefused):
        account(vault)
    actions.end(vault, landlord.client_id, now=timezone.now())
    assert landlord.deliveries().status_code == 401
    assert landlord.ask_token().status_code == 401
    assert Machine(account(vault)).log_in().deliveries().status_code == 200


def test_every_act_on_an_account_is_in_the_log_and_no_secret_in_the_tables(landlord, vault):
    made = actions.rotate(vault, landlord.client_id, now=timezone.now())
    actions.end(vault, landlord.client_id, now=timezone.now())
    kinds = Entry.objects.filter(mailbox=landlord.client_id).order_by("seq")
    assert [one.type for one in kinds] == ["supplier.added", "supplier.rotated", "supplier.ended"]
    kept = json.dumps(list(Account.objects.values()), default=str)
    assert landlord.secret not in kept
    assert made.secret not in kept


def test_who_delivers_too_often_is_asked_to_wait(landlord):
    answers = (landlord.deliveries() for _ in range(10 * supplier_endpoint.SUPPLIER_CALLS.burst))
    refused = next(answer for answer in answers if answer.status_code != 200)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) >= 1


@pytest.mark.parametrize("breaks", ["write_sealed", "write_manifest"])
def test_a_crash_while_writing_is_answered_by_sending_again(landlord, vault, monkeypatch, breaks):
    data = sealed(vault)

    def crash(*_words):
        raise OSError("no room")

    with monkeypatch.context() as broken:
        broken.setattr(inbox_files, breaks, crash)
        assert landlord.post(data).status_code == 500
    assert list_kept(vault.folder / "inbox", "rent_arrears") == ([], {})
    assert landlord.post(data).status_code in {200, 201}
    (kept,), _ = list_kept(vault.folder / "inbox", "rent_arrears")
    assert read_kept(kept) == data
    assert Entry.objects.filter(type="delivery.received").count() == 1


def test_the_heartbeat_writes_a_manifest_that_a_crash_left_out(landlord, vault):
    landlord.post(sealed(vault))
    (manifest,) = (path for path in inbox_of(vault) if path.suffix == ".json")
    before = manifest.read_bytes()
    manifest.unlink()
    Delivery.objects.update(written_at=None)
    assert actions.finish(vault, now=timezone.now()) == 1
    assert manifest.read_bytes() == before
    assert actions.finish(vault, now=timezone.now()) == 0
