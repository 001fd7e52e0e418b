"""What can go wrong while making a synthetic municipality."""

from __future__ import annotations


class SynthError(Exception):
    """Base of the package's errors."""


class TooFewResidents(SynthError):
    """The town is too small to hold one household of every kind and the demo's people."""


class TooManyResidents(SynthError):
    """The synthetic range of citizen numbers is used up."""
