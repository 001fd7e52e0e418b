"""Codes that people type over, and keys wrapped under them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openregie.envelope import base64url, code, errors, wraps

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@given(st.binary(min_size=16, max_size=16))
def test_every_code_reads_back(secret: bytes) -> None:
    printed = code.code_of(secret)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){6}", printed)
    assert code.secret_of(printed) == secret
    assert code.secret_of(printed.lower().replace("-", "")) == secret


def test_new_codes_differ() -> None:
    assert code.new_code() != code.new_code()


def test_almost_every_slip_of_one_character_is_noticed() -> None:
    printed = code.code_of(bytes(range(16)))
    missed = tried = 0
    for place, right in enumerate(printed):
        for character in ALPHABET if right != "-" else "":
            if character != right:
                tried += 1
                try:
                    code.secret_of(printed[:place] + character + printed[place + 1 :])
                    missed += 1
                except errors.CodeChecksum:
                    pass
    assert tried == 28 * 31
    assert missed <= 3  # one in 4,096 by chance


def test_a_code_refusal_says_where_and_not_what() -> None:
    with pytest.raises(errors.CodeCharacter, match="character 3") as caught:
        code.secret_of("AB?D")
    assert "?" not in str(caught.value)


def test_a_letter_and_a_print_of_one_code_are_two_keys() -> None:
    printed = code.new_code()
    assert code.kek(printed) != code.kek(printed, kind="letter")


@given(st.binary(max_size=40))
def test_base64url_has_one_spelling(data: bytes) -> None:
    text = base64url.encode(data)
    assert base64url.decode(text, place="test") == data
    for bad in (text + "=", text + "\n", " " + text, text + "A" * (5 - len(text) % 4)):
        if bad != text:
            with pytest.raises(errors.BadEncoding):
                assert base64url.decode(bad, place="test") is None


@pytest.mark.parametrize("algorithm", ["x25519", "ed25519", "p256"])
def test_the_der_form_reads_back_and_nothing_else_does(algorithm: str) -> None:
    public = b"\x04" + bytes(64) if algorithm == "p256" else bytes(32)
    der = wraps.to_pkcs8(algorithm, b"\x07" * 32, public)
    assert wraps.from_pkcs8(algorithm, der) == b"\x07" * 32
    for bad in (der[:-70], der[1:], b"", b"\x31" + der[1:]):
        with pytest.raises(errors.MalformedKey):
            wraps.from_pkcs8(algorithm, bad)
