"""What a browser may send when it makes keys."""

from __future__ import annotations

import copy

import pytest

from openregie.envelope.keys import PrivateKey
from openregie.envelope.returns import seal_return
from openregie.envelope.suites import S1
from openregie.envelope.vault_keys import VaultKeys
from openregie.sealed.vault.enrolment import parse_enrolment, parse_return
from openregie.sealed.vault.errors import Malformed
from openregie.terms import Mailbox

MAILBOX = Mailbox("m" * 43)
KEYS = VaultKeys.generate(S1)
RUN = PrivateKey.generate(S1).public
RIGHT = {
    **KEYS.public().to_json(),
    "wraps": [KEYS.wrap(bytes(32), mailbox=MAILBOX, wrap_id="w", kind="code")],
    "return": seal_return(
        {"v": 1}, tenant="t", stream="keys", mailbox=MAILBOX, to=RUN, signer=KEYS.signer
    ),
    "assistedBy": "balie",
}


def test_a_right_enrolment_is_read():
    read = parse_enrolment(RIGHT, mailbox=MAILBOX)
    assert read.keys.epoch == 1
    assert read.assisted_by == "balie"
    assert read.own.kid == KEYS.compartments["own"].kid


@pytest.mark.parametrize(
    ("path", "value", "names"),
    [
        (("suite",), "s9", "suite"),
        (("epoch",), 0, "epoch"),
        (("epoch",), True, "epoch"),
        (("compartments", "own"), None, "public key"),
        (("compartments", "own", "publicKey"), "AAAA", "wrong length"),
        (("compartments", "extra"), {}, "compartments"),
        (("signingKey",), "x!", "verify key"),
        (("wraps",), [], "wraps"),
        (("wraps",), [1], "wrap"),
        (("wraps",), [RIGHT["wraps"][0]] * 2, "same wrapId"),
        (("wraps",), [RIGHT["wraps"][0]] * 17, "wraps"),
        (("wraps", 0, "wrapId"), "../x", "wrapId"),
        (("wraps", 0, "kind"), "password", "kind"),
        (("wraps", 0, "params"), {"x": "y" * 5000}, "params"),
        (("wraps", 0, "blobs"), {}, "blobs"),
        (("wraps", 0, "blobs", "own"), "not base64url!", "blobs.own"),
        (("wraps", 0, "blobs", "own"), "A" * 4000, "blobs.own"),
        (("assistedBy",), 7, "assistedBy"),
        (("assistedBy",), "x" * 81, "assistedBy"),
        (("return",), None, "return"),
        (("return", "extra"), 1, "return"),
        (("return", "stream"), "corrections", "stream"),
        (("return", "mailbox"), "n" * 43, "mailbox"),
        (("return", "blob"), "A" * 200_000, "blob"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(path, value, names):
    body = copy.deepcopy(RIGHT)
    place = body
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(Malformed, match=names):
        parse_enrolment(body, mailbox=MAILBOX)


def test_a_name_can_never_leave_the_inbox():
    said = {**RIGHT["return"], "stream": "../../custody"}
    with pytest.raises(Malformed, match="stream"):
        parse_return(said, mailbox=MAILBOX, streams=("corrections", "objections", "shown"))
