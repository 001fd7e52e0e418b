"""What can go wrong when policy is read."""


class PolicyError(Exception):
    """Base of this package's errors."""


class PolicyInvalid(PolicyError):
    """A policy file does not fit its form; nothing is permitted until it does."""
