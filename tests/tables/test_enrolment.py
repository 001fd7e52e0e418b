"""Enrolling, reading, changing wraps and withdrawing, through /v1 as a browser does it."""

from __future__ import annotations

import json

import pytest

from openregie.envelope import custody, item, returns
from openregie.envelope.keys import VerifyKey
from openregie.envelope.suites import SignatureAlgorithm
from openregie.logbook import checkpoint
from openregie.logbook.checkpoint import LogVerifier
from openregie.logbook.entry import commit_of, leaf_of, opened, verify_chain
from openregie.logbook.proof import TlogProof, verify_inclusion
from openregie.sealed.vault.models import KeyEpoch, Resident, Return, StoredItem, Wrap
from openregie.terms import Compartment

pytestmark = pytest.mark.django_db(databases=["default", "sessions"])


def the_return(folder, stream):
    (path,) = (folder / "inbox" / stream).glob("*.return")
    return json.loads(path.read_text())


def test_enrolling_stores_public_halves_and_wraps_and_tells_the_run_with_a_proof(anna, tenant):
    answer = anna.enrol()
    assert answer.status_code == 201
    assert answer.json()["epoch"] == 1
    assert answer.json()["logIndex"] == 0
    sealed = the_return(tenant.dir, "keys")
    said, _ = returns.open_keys_return(
        sealed, tenant="lindestad", key=custody.load_run(tenant.dir).kem["s1"]
    )
    assert said["compartments"] == anna.keys.public().to_json()["compartments"]
    entry, salt = opened(sealed["log"])
    assert entry.event["keys"] == anna.keys.public().to_json()
    origin, key = custody.load_log_public(tenant.dir)
    proof = TlogProof.from_text(sealed["log"]["proof"])
    head = checkpoint.verify(proof.checkpoint, log=LogVerifier(origin, key.raw))
    leaf = leaf_of(type=entry.type, commit=commit_of(entry, salt))
    verify_inclusion(leaf, index=proof.index, size=head.size, proof=proof.hashes, root=head.root)


@pytest.mark.parametrize("suite", ["s0", "s1", "s2"])
def test_a_resident_opens_the_log_of_their_own_vault(tenant, suite, anna):
    anna.suite = suite
    anna.__post_init__()
    assert anna.enrol().status_code == 201
    anna.post("/v1/vault/wraps", anna.wrap("letter-1", "letter"))
    keys = anna.get("/v1/public-keys").json()["log"]
    algorithm = anna.keys.suite.signature
    text = keys["key"] if algorithm is SignatureAlgorithm.ED25519 else keys["p256"]
    verify = VerifyKey.from_text(algorithm, text)
    entries = anna.get("/v1/log-entries").json()["entries"]
    own = anna.keys.compartments[Compartment.OWN]
    seen = [
        opened(
            item.open_sealed(
                item.SealedItem.from_json(one["sealed"]),
                key=own,
                verify=verify,
                protocol=item.EVENT,
            )
        )
        for one in entries
    ]
    assert [entry.type for entry, _ in seen] == ["key.added", "wrap.added"]
    verify_chain(seen, chain="vault", mailbox=anna.mailbox)


def test_the_vault_gives_back_what_opens_it(anna):
    anna.enrol()
    said = anna.get("/v1/vault").json()
    assert said["wraps"] == anna.enrolment()["wraps"] or said["wraps"][0]["wrapId"] == "code-1"
    assert said["compartments"] == anna.keys.public().to_json()["compartments"]
    again = anna.keys.unwrap(anna.keys.public(), said["wraps"][0], bytes(32), mailbox=anna.mailbox)
    assert again.signer.secret == anna.keys.signer.secret


def test_the_last_wrap_cannot_be_removed(anna):
    anna.enrol()
    assert anna.delete("/v1/vault/wraps/code-1").status_code == 409
    assert anna.post("/v1/vault/wraps", anna.wrap("letter-1", "letter")).status_code == 201
    assert anna.delete("/v1/vault/wraps/code-1").status_code == 204
    assert [one["wrapId"] for one in anna.get("/v1/vault").json()["wraps"]] == ["letter-1"]


def test_an_epoch_is_enrolled_once(anna):
    anna.enrol()
    answer = anna.enrol()
    assert answer.status_code == 409
    assert KeyEpoch.objects.count() == 1


def test_withdrawing_deletes_items_wraps_and_keys_at_once_and_tells_the_run(anna, tenant):
    anna.enrol()
    StoredItem.objects.create(
        mailbox=anna.mailbox, seq=1, kid="k", suite="s1", day="2026-11-05", bucket=256, blob=b"x"
    )
    (tenant.dir / "inbox" / "keys").rename(tenant.dir / "inbox" / "seen")
    answer = anna.post("/v1/withdrawals", {"return": anna.keys_return("withdraw")})
    assert answer.status_code == 202
    assert not StoredItem.objects.exists()
    assert not Wrap.objects.exists()
    assert not KeyEpoch.objects.exists()
    assert Resident.objects.get().state == "withdrawn"
    assert the_return(tenant.dir, "keys")["log"]["entry"]["event"]["type"] == "key.withdrawn"
    assert anna.get("/v1/items").status_code == 404
    session = anna.get("/v1/session").json()
    assert (session["enrolled"], session["epoch"]) == (False, 1)


def test_new_keys_after_old_ones_wait_three_days_before_the_run_knows(anna, tenant):
    anna.enrol()
    anna.post("/v1/withdrawals", {"return": anna.keys_return("withdraw")})
    before = len(list((tenant.dir / "inbox" / "keys").iterdir()))
    anna.epoch = 2
    anna.__post_init__()
    assert anna.enrol().status_code == 201
    assert len(list((tenant.dir / "inbox" / "keys").iterdir())) == before
    assert Return.objects.filter(written_at=None).count() == 1
    assert anna.get("/v1/runs/latest").json()["state"] == "waiting"
