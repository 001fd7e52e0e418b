"""The vectors that a second implementation gets are read as the specification says."""

from __future__ import annotations

import json
from itertools import combinations

import pytest

from openregie.envelope import base64url, custody_locked, shares
from openregie.envelope.errors import ShareRefused
from openregie.envelope.shares import Lock
from unit.custody.make_custody_vectors import VECTORS, make

TOLD = json.loads((VECTORS / "shares.json").read_text(encoding="utf-8"))


def test_the_vectors_are_made_as_they_were() -> None:
    assert make() == TOLD


@pytest.mark.parametrize("lock", Lock)
def test_any_two_shares_in_lines_give_the_key(lock: Lock) -> None:
    read = [shares.from_text(" ".join(s["lines"])) for s in TOLD["shares"] if s["lock"] == lock]
    assert [share.number for share in read] == [1, 2, 3]
    for pair in combinations(read, 2):
        assert shares.join_key(pair).hex() == TOLD["keys"][lock]


def test_the_keys_open_the_locked_file() -> None:
    locked = custody_locked.from_json(TOLD["locked"])
    keys = {lock: bytes.fromhex(TOLD["keys"][lock]) for lock in Lock}
    assert custody_locked.open_run(locked, keys[Lock.RUN]).to_json() == TOLD["opened"]["run"]
    secret = custody_locked.open_mailbox(locked, keys[Lock.MAILBOX])
    assert base64url.encode(secret) == TOLD["opened"]["mailbox"]


@pytest.mark.parametrize("one", TOLD["refused"], ids=lambda one: one["why"])
def test_damaged_lines_are_refused_for_the_reason_told(one) -> None:
    with pytest.raises(ShareRefused, match=one["why"]):
        shares.from_text("\n".join(one["lines"]))
