"""What can go wrong with the log."""

from __future__ import annotations


class LogError(Exception):
    """Base of the log's errors; messages never carry a value."""


class ChainBroken(LogError):
    """An event does not continue its chain, or a place in a chain is taken by another event."""


class NotSequenced(LogError):
    """An entry has no place in the tree yet."""
