"""What can go wrong when counts leave the run."""


class InsightError(Exception):
    """Base of this package's errors."""


class BudgetSpent(InsightError):
    """The year's privacy budget does not cover this release; nothing was published."""


class CountRefused(InsightError):
    """A count asks for what its streams do not allow, or for cells that were not declared."""
