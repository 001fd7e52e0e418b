"""What can be wrong with a situation."""

from __future__ import annotations


class SituationsError(Exception):
    """Base of all errors of this package."""


class TableMissing(SituationsError):
    """A step before this one did not run."""

    def __init__(self, table: str, maker: str) -> None:
        super().__init__(f"table `{table}` is missing; run {maker} first")


class FactColumnMistyped(SituationsError):
    """A stream gives one of the columns of a fact another type than a fact has."""

    def __init__(self, stream: str, column: str, wanted: str) -> None:
        super().__init__(
            f"stream `{stream}`, column `{column}`: not of type {wanted}; "
            f"give it that type or another `as` name in content/streams/{stream}.yaml"
        )
