"""`openregie supplier`: who may deliver over the API (docs/suppliers.md)."""

from __future__ import annotations

from pathlib import Path

import click
import yaml

from openregie.cli import options, tenant
from openregie.cli.disk import told_plainly
from openregie.cli.lock import only_one
from openregie.cli.outcome import EXIT_CODES_HELP, Exit, Stop, report
from openregie.sealed.web import suppliers

_NOTE = "  the secret is shown this once; hand it over safely"


@click.group("supplier", epilog=EXIT_CODES_HELP)
def command() -> None:
    """Make, renew, end and list the accounts of suppliers that deliver over the API.

    An account delivers the streams it was given and no others. Its secret is shown once; only a
    hash is kept. How a supplier uses it: docs/suppliers.md.
    """


@command.command("add", epilog=EXIT_CODES_HELP)
@options.directory
@options.content
@click.option("--name", required=True, help="Who delivers: 'Woonstichting De Linde'.")
@click.option("--oin", required=True, help="Its organisation number (20 digits).")
@click.option("--stream", "streams", multiple=True, required=True, help="May deliver; repeat it.")
@options.as_json
def add(
    directory: Path, content: Path, name: str, oin: str, streams: tuple[str, ...], as_json: bool
) -> None:
    """Make an account for one organisation, and show its secret."""
    tenant.find(directory)
    _demand_declared(streams, content)
    with told_plainly(directory, "openregie supplier add"), only_one(directory, "take-in"):
        made = suppliers.add(directory, name=name, oin=oin, streams=streams)
    report(made, as_json=as_json, lines=_credentials(made))


@command.command("rotate", epilog=EXIT_CODES_HELP)
@click.argument("client")
@options.directory
@options.as_json
def rotate(client: str, directory: Path, as_json: bool) -> None:
    """Give account CLIENT a new secret; the old one ends at once."""
    tenant.find(directory)
    with told_plainly(directory, "openregie supplier rotate"), only_one(directory, "take-in"):
        made = suppliers.rotate(directory, client)
    report(made, as_json=as_json, lines=_credentials(made))


@command.command("end", epilog=EXIT_CODES_HELP)
@click.argument("client")
@options.directory
@options.as_json
def end(client: str, directory: Path, as_json: bool) -> None:
    """End account CLIENT at once; what it delivered stays in force."""
    tenant.find(directory)
    with told_plainly(directory, "openregie supplier end"), only_one(directory, "take-in"):
        suppliers.end(directory, client)
    report({"ended": client}, as_json=as_json, lines=f"ended: {client}")


@command.command("list", epilog=EXIT_CODES_HELP)
@options.directory
@options.as_json
def listed(directory: Path, as_json: bool) -> None:
    """List every account: what it may deliver, and how often it did."""
    tenant.find(directory)
    found = suppliers.accounts(directory)
    lines = [
        f"{one['client']}  {one['name']}  {', '.join(one['streams'])}  "
        f"{one['deliveries']} deliveries{'  ended ' + one['ended'] if one['ended'] else ''}"
        for one in found
    ]
    report({"accounts": found}, as_json=as_json, lines="\n".join(lines) or "no accounts")


def _credentials(made: dict[str, str]) -> str:
    return f"client: {made['client']}\nsecret: {made['secret']}\n{_NOTE}"


def _demand_declared(streams: tuple[str, ...], content: Path) -> None:
    """Refuse a stream that no file declares, or that only residents send. Raises Stop."""
    declared = [
        one["stream"]
        for file in sorted((content / "streams").glob("*.yaml"))
        if not (one := yaml.safe_load(file.read_text(encoding="utf-8"))).get("sealed_return")
    ]
    if set(streams) - set(declared):
        raise Stop(
            "option --stream: not a declared stream that a supplier may deliver",
            remedy=f"name one of {', '.join(declared)}",
            code=Exit.USAGE,
        )
