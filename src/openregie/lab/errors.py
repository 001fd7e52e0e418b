"""What can go wrong in the lab. Messages name place and remedy, never a value."""


class LabError(Exception):
    """Base of this package's errors."""


class BenchFailed(LabError):
    """A measurement did not end well; no figure was made."""
