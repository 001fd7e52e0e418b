"""Every parser holds: over its seeds, over what fuzzing once found, and over changes of both.

`make fuzz` looks further, guided by coverage; this needs nothing beyond the product and is the
same on every machine.
"""

import random

import pytest

from fuzz.campaign import CORPUS
from fuzz.target import CANARY, Broken, Target, attempt
from fuzz.targets import ALL, BY_NAME

SIGNED = {"frame"}
"""Refuses every seed, since nobody signs what is made up."""

_BITS = (b"\0", b"\xff", b"\xed\xa0\x80", b"1e999", b'"', b"{", b"[", b"\n", b"-", b"9" * 30)


def inputs(target):
    """Seeds and kept inputs."""
    kept = sorted((CORPUS / target.name).glob("*"))
    return [*target.seeds(), *(file.read_bytes() for file in kept)]


def changed(chance, data, other):
    """The input with one thing done to it: cut, doubled, spliced, a byte turned, a bit put in."""
    at, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return chance.choice(
        (
            data[:at] + data[end:],
            data[:end] + data[at:],
            data[:at] + other[at:],
            data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :],
            data[:at] + chance.choice(_BITS) + data[at:],
            data[:at] + chance.choice(_BITS) + data[end:],
        )
    )


@pytest.mark.parametrize("name", BY_NAME)
def test_a_parser_holds_over_its_seeds_and_what_was_found(name):
    target = BY_NAME[name]
    read = [attempt(target, data) for data in inputs(target)]
    assert any(read) or name in SIGNED, "a target that refuses every seed tests little"


@pytest.mark.parametrize("name", BY_NAME)
def test_a_parser_holds_over_changed_seeds(name):
    target = BY_NAME[name]
    chance = random.Random(name)
    begin = [data for data in inputs(target) if len(data) <= target.size]
    for _ in range(target.changes):
        data = changed(chance, chance.choice(begin), chance.choice(begin))
        attempt(target, changed(chance, data, chance.choice(begin)))


def test_names_are_their_own_and_what_was_kept_belongs_to_a_target():
    assert len(BY_NAME) == len(ALL)
    assert {folder.name for folder in CORPUS.iterdir() if folder.is_dir()} <= set(BY_NAME)


def refusing(error):
    def read(data):
        raise error(data.decode())

    return Target("example", read, (ValueError,), list)


def test_an_error_that_repeats_its_input_is_found():
    with pytest.raises(Broken, match="repeats its input"):
        attempt(refusing(ValueError), f"a {CANARY}".encode())


def test_an_error_that_was_not_declared_is_found():
    with pytest.raises(KeyError):
        attempt(refusing(KeyError), b"x")
