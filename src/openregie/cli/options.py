"""Options that several verbs share, so that they read and work the same everywhere."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from openregie.cli.places import content_directory

directory = click.option(
    "--dir",
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo-data"),
    show_default=True,
    help="The municipality's folder.",
)
as_json = click.option(
    "--json", "as_json", is_flag=True, help="Print the result as JSON, for machines."
)
content = click.option(
    "--content",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=content_directory,
    help="What domain people write: streams, rules, policies, themes.  [default: content/]",
)


class Day(click.ParamType[date]):
    """A day as YYYY-MM-DD."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read a day."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail("not a day; write it as 2026-11-01", param, ctx)


on = click.option(
    "--on",
    type=Day(),
    default=date.today,
    help="The day, YYYY-MM-DD: same inputs and same day, same receipt.  [default: today]",
)
