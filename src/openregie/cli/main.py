"""The `openregie` command: one verb per thing you can do, `--help` that teaches."""

from __future__ import annotations

import traceback
from importlib import import_module
from typing import Any, ClassVar

import click

from openregie import __version__
from openregie.cli.outcome import EXIT_CODES_HELP, Exit, Stop


class Verbs(click.Group):
    """Verbs load when they are called, so that each image needs only its own packages."""

    modules: ClassVar[dict[str, tuple[str, str]]] = {
        "init": ("init", "Make a municipality's folder and its keys."),
        "synth": ("synth", "Make a synthetic municipality with its delivery files."),
        "deliver": ("deliver", "Check a source's file and put it in the inbox, encrypted."),
        "supplier": ("supplier", "Say who may deliver over the API, and what."),
        "run": ("run", "Link the deliveries blind and seal the result to each resident."),
        "take-in": ("take_in", "Take the run's hand-over into the sealed zone."),
        "serve": ("serve", "Serve the resident's pages, and run when someone enrols."),
        "demo": ("demo", "All of the above for a synthetic municipality, in one command."),
        "link": ("link", "Link any two CSV or Parquet files, with reasons per row."),
        "returns": ("returns", "Open the rows that went back to a source, to mend them."),
        "retain": ("retain", "Take away what is past its term, in both zones."),
        "incident": ("incident", "Contain an incident, and see whom it reached."),
        "erase": ("erase", "Take one resident out of the sealed zone."),
        "backup": ("backup", "Write one encrypted file from which all can be put back."),
        "restore": ("restore", "Put a backup back, without what was revoked since."),
        "custody": ("custody", "Hold the keys in two shares, for two organisations."),
        "policy": ("policy", "Ask who may see what, by which article; compare two policies."),
        "log": ("log", "Verify the log, and name in it what runs here."),
        "check": ("check", "Check everything in content/: streams, rules, policies, themes."),
        "bench": ("bench", "Measure linkage, sealing, the log and the run."),
    }

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the verbs in the order of the path."""
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Load one verb."""
        if cmd_name not in self.modules:
            return None
        module, _ = self.modules[cmd_name]
        try:
            loaded = import_module(f"openregie.cli.{module}")
        except ModuleNotFoundError as error:
            raise Stop(
                f"verb `{cmd_name}`: package `{error.name}` is not installed in this image",
                remedy="install openregie[blind] for the run, openregie[sealed] for the pages",
                code=Exit.NOT_READY,
            ) from error
        command: click.Command = loaded.command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a verb; the one place where errors become exit codes.

        An error class of our own says place and remedy, never a value. Any other is a fault of the
        product: only its kind and line are shown, for its text may hold a value.
        """
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if type(error).__module__.startswith("openregie."):
                raise Stop(str(error)) from error
            place = traceback.extract_tb(error.__traceback__)[-1]
            raise Stop(
                f"internal fault: {type(error).__name__} in {place.name}, line {place.lineno}",
                remedy="running again is safe; please report these words (they hold no data)",
                code=Exit.FAULT,
            ) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without loading them."""
        del ctx
        with formatter.section("Verbs"):
            formatter.write_dl([(verb, text) for verb, (_, text) in self.modules.items()])


@click.command(cls=Verbs, epilog=EXIT_CODES_HELP, context_settings={"max_content_width": 100})
@click.version_option(__version__, prog_name="openregie")
def main() -> None:
    """Link a municipality's social-domain data blind; only the resident reads the result.

    Start with:  openregie demo
    """
