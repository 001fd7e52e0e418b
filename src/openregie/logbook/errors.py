"""What can go wrong with the log: one class for each thing that happened.

Messages name the place and the remedy and never a value.
"""

from __future__ import annotations


class LogbookError(Exception):
    """Base of every error of this package."""


class MalformedEntry(LogbookError):
    """An entry, a leaf or its salt does not have the form it should have."""


class CommitmentBroken(LogbookError):
    """An event and its salt do not give the commitment that stands in the log."""


class ChainBroken(LogbookError):
    """A resident's entries have a gap, a double number or a wrong previous commitment."""


class NoSuchLeaf(LogbookError):
    """A proof was asked for a leaf or a size that the tree does not have."""


class ProofBroken(LogbookError):
    """A proof does not lead from leaf to root, or from the old root to the new one."""


class MalformedProof(LogbookError):
    """A proof text cannot be read."""


class MalformedCheckpoint(LogbookError):
    """A checkpoint, key or note cannot be read."""


class CheckpointForged(LogbookError):
    """A checkpoint is not signed by the log's key, or one such signature is wrong."""


class Rollback(LogbookError):
    """A checkpoint is older than one that was seen before."""


class HistoryEdited(LogbookError):
    """Two checkpoints of one log cannot both be true."""


class ReleaseNotLogged(LogbookError):
    """What should show that the log names a release does not show it."""
