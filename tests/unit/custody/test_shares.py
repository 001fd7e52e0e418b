"""Shares: two of them are the key, one is nothing, and people can type them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openregie.envelope import shares
from openregie.envelope.errors import ShareRefused
from openregie.envelope.shares import Lock

KEYS = st.binary(min_size=32, max_size=32)
PAIRS = [(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)]


def split(key: bytes, *, seed: int = 7, lock: Lock = Lock.RUN, count: int = 3, tenant: str = "a"):
    draw = random.Random(seed).randbytes
    return shares.split_key(key, lock=lock, tenant=tenant, shares=count, random_bytes=draw)


def test_the_published_test_case_is_joined_to_its_secret() -> None:
    """Source: draft-mcgrew-tss-03 section 9 (threshold 2, two shares)."""
    one, two = bytes.fromhex("B9FA07E185"), bytes.fromhex("F5409B4511")
    secret = bytes.fromhex("7465737400")
    assert shares.value_at_zero(1, one, 2, two) == secret
    slope = bytes(a ^ b for a, b in zip(one, secret, strict=True))
    assert shares.points(secret, slope, 1) == one
    assert shares.points(secret, slope, 2) == two


def test_the_field_multiplies_as_aes_does() -> None:
    """Source: FIPS 197 sections 4.2 and 4.2.1."""
    zero = bytes(1)
    for a, b, product in ((0x57, 0x83, 0xC1), (0x57, 0x13, 0xFE), (0x57, 0x02, 0xAE)):
        assert shares.points(zero, bytes([a]), b) == bytes([product])


@settings(deadline=None)
@given(key=KEYS, seed=st.integers(0, 2**32), pair=st.sampled_from(PAIRS))
def test_any_two_shares_give_the_key(key: bytes, seed: int, pair: tuple[int, int]) -> None:
    made = split(key, seed=seed)
    assert shares.join_key([made[n] for n in pair]) == key


@settings(max_examples=30, deadline=None)
@given(value=KEYS, number=st.sampled_from([1, 2, 3]), key=KEYS)
def test_one_share_fits_every_key_that_could_be(value: bytes, number: int, key: bytes) -> None:
    """Perfect secrecy: for any share and any key there is exactly one slope that joins them."""
    difference = bytes(a ^ b for a, b in zip(value, key, strict=True))
    slope = bytes(
        next(s for s in range(256) if shares.points(b"\0", bytes([s]), number)[0] == wanted)
        for wanted in difference
    )
    assert shares.points(key, slope, number) == value


@settings(max_examples=30, deadline=None)
@given(key=KEYS, seed=st.integers(0, 2**32))
def test_no_share_holds_the_key_or_a_part_of_the_other(key: bytes, seed: int) -> None:
    made = split(key, seed=seed)
    for share in made:
        for start in range(0, 32, 8):
            assert key[start : start + 8] not in share.value
        assert repr(share.value) not in repr(share)


@settings(deadline=None)
@given(key=KEYS, number=st.sampled_from([0, 1, 2]), lock=st.sampled_from(Lock))
def test_a_share_survives_paper_in_any_spelling(key: bytes, number: int, lock: Lock) -> None:
    share = split(key, lock=lock)[number]
    lines = shares.to_lines(share)
    assert [len(line) for line in lines] == [24] * 5
    for spelling in (
        "\n".join(lines),
        " ".join(lines).lower(),
        "".join(lines).replace("-", ""),
        "\u2013".join(lines).replace("0", "O").replace("1", "l"),
    ):
        assert shares.from_text(spelling) == share


@settings(deadline=None)
@given(place=st.integers(0, 99), other=st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_character_is_found_in_its_line(place: int, other: str) -> None:
    text = "".join(shares.to_lines(split(bytes(32))[0])).replace("-", "")
    if text[place] == other:
        return
    wrong = text[:place] + other + text[place + 1 :]
    with pytest.raises(ShareRefused, match=f"line {place // 20 + 1}"):
        shares.from_text(wrong)


def test_lines_in_another_order_or_of_another_share_are_refused() -> None:
    one, two = (shares.to_lines(share) for share in split(bytes(32))[:2])
    with pytest.raises(ShareRefused, match="line 1"):
        shares.from_text("\n".join([one[1], one[0], *one[2:]]))
    with pytest.raises(ShareRefused, match="two different shares"):
        shares.from_text("\n".join([*one[:3], *two[3:]]))
    with pytest.raises(ShareRefused, match="96 characters"):
        shares.from_text("\n".join(one)[:-5])
    with pytest.raises(ShareRefused, match="line 2: holds a character"):
        shares.from_text("\n".join([one[0], one[1].replace(one[1][0], "U"), *one[2:]]))


def test_shares_that_do_not_belong_together_give_no_key() -> None:
    key = bytes(range(32))
    one, two, spare = split(key)
    with pytest.raises(ShareRefused, match="two are needed"):
        shares.join_key([one])
    with pytest.raises(ShareRefused, match="same share twice"):
        shares.join_key([one, one])
    with pytest.raises(ShareRefused, match="different ceremonies"):
        shares.join_key([one, split(key[::-1])[1]])
    with pytest.raises(ShareRefused, match="different ceremonies"):
        shares.join_key([one, split(key, tenant="b")[1]])
    with pytest.raises(ShareRefused, match="same line"):
        shares.join_key([one, split(key, lock=Lock.MAILBOX)[1]])
    with pytest.raises(ShareRefused, match="use the spare"):
        shares.join_key([one, split(key, seed=8)[1]])
    assert shares.join_key([two, spare]) == key


def test_only_keys_of_32_bytes_are_split_in_two_or_three() -> None:
    with pytest.raises(ShareRefused):
        split(bytes(16))
    for count in (1, 4):
        with pytest.raises(ShareRefused):
            split(bytes(32), count=count)
