"""What a fuzzed parser must do: give a value that round-trips, or an error of its own package."""

import functools
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

CANARY = "zeehond"
"""Planted in the seeds; no error may repeat it, whatever became of the input around it."""


class Broken(AssertionError):
    """A parser broke its promise; the message names the target and never the input."""


@dataclass(frozen=True)
class Target:
    """One parser. `read` parses the bytes and checks that the value round-trips.

    `errors` are what it may raise; `seeds` are inputs to begin from. `size` is the longest input,
    `changes` how many changed seeds a quick test takes.
    `signed`: behind the run's own signature, so that an error may name a part by its name.
    """

    name: str
    read: Callable[[bytes], object]
    errors: tuple[type[Exception], ...]
    seeds: Callable[[], Iterable[bytes]]
    size: int = 4096
    changes: int = 150
    signed: bool = False


def attempt(target, data):
    """One input; whether it was read. Raises Broken, or what the parser should not have raised."""
    try:
        target.read(data)
    except target.errors as error:
        if CANARY in f"{error}".lower() and not target.signed:
            raise Broken(f"{target.name}: {type(error).__name__} repeats its input") from None
        return False
    return True


def same(one, other):
    """Raise Broken unless a value survived being written and read."""
    if one != other:
        raise Broken("a value changed by being written and read again")


def text_of(data):
    """Any text, lone surrogates too: what JSON can bring in."""
    return data.decode("utf-8", "surrogateescape")


@functools.cache
def _kept(name):
    """A folder for as long as the process lives, in memory where there is such a place."""
    shared = Path("/dev/shm")
    place = str(shared) if shared.is_dir() else None
    return tempfile.TemporaryDirectory(prefix=f"openregie-{name}-", dir=place)


def folder(name):
    """An own folder of one target."""
    return Path(_kept(name).name)
