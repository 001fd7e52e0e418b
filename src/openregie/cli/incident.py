"""`openregie incident`: contain first, then find out, then mend (docs/incident.md)."""

from __future__ import annotations

from pathlib import Path

import click

from openregie.cli import options, tenant
from openregie.cli.disk import told_plainly
from openregie.cli.lock import only_one
from openregie.cli.outcome import EXIT_CODES_HELP, Exit, Stop, report
from openregie.envelope.mailbox import is_mailbox
from openregie.sealed.web import incidents

ASIDE = "set-aside"
_run = click.option("--run", "number", type=click.IntRange(min=1), help="What this run brought.")
_mailbox = click.option("--mailbox", help="One resident: the 43 characters of their mailbox.")
_delivery = click.option("--delivery", required=True, help="Its 16 characters, as deliver said.")


@click.group("incident", epilog=EXIT_CODES_HELP)
def command() -> None:
    """Contain an incident, find out whom it reached, and undo what was contained.

    docs/incident.md (in Dutch) says which command when: a wrong link, a stolen key or phone, a
    leaked backup, a delivery that should not have come. Holds are obeyed at the next opening.
    """


@command.command("hold", epilog=EXIT_CODES_HELP)
@options.directory
@_run
@_mailbox
@click.option("--everybody", is_flag=True, help="Close every vault: nothing is handed out.")
@options.as_json
def hold(
    directory: Path, number: int | None, mailbox: str | None, everybody: bool, as_json: bool
) -> None:
    """Keep back what one run brought, or close one vault, or all.

    Nothing is deleted; `openregie incident lift` ends it. Each resident whose items are held reads
    so in their own log. Doing it again changes nothing.
    """
    tenant.find(directory)
    if (number is not None) + (mailbox is not None) + everybody != 1:
        raise Stop(
            "name one of --run, --mailbox and --everybody",
            remedy="not sure yet? hold --everybody, then lift it when you know more",
            code=Exit.USAGE,
        )
    _demand_mailbox(mailbox)
    with told_plainly(directory, "openregie incident hold"), only_one(directory, "take-in"):
        made = incidents.hold(directory, run=number, mailbox=mailbox)
    report(made, as_json=as_json, lines=f"held: {made['hold']}, {made['mailboxes']} mailboxes")


@command.command("lift", epilog=EXIT_CODES_HELP)
@click.argument("name")
@options.directory
@options.as_json
def lift(name: str, directory: Path, as_json: bool) -> None:
    """End a hold by its NAME, as `openregie incident status` shows it."""
    tenant.find(directory)
    if name not in incidents.holds(directory):
        raise Stop(f"no hold `{name}`", remedy="see: openregie incident status")
    with told_plainly(directory, "openregie incident lift"), only_one(directory, "take-in"):
        count = incidents.lift(directory, name)
    report({"lifted": name, "mailboxes": count}, as_json=as_json, lines=f"lifted: {name}")


@command.command("status", epilog=EXIT_CODES_HELP)
@options.directory
@options.as_json
def status(directory: Path, as_json: bool) -> None:
    """Show every hold in force, and every delivery that was set aside."""
    tenant.find(directory)
    aside = sorted(file.stem for file in (directory / ASIDE).glob("*/*.json"))
    holds = incidents.holds(directory)
    told = {"holds": holds, "setAside": aside}
    lines = [f"hold {n}: {h['mailboxes']} mailboxes, {h['on']}" for n, h in holds.items()]
    lines += [f"set aside: delivery {name}" for name in aside]
    report(told, as_json=as_json, lines="\n".join(lines) or "nothing is held or set aside")


@command.command("affected", epilog=EXIT_CODES_HELP)
@options.directory
@click.option("--run", "number", type=click.IntRange(min=1), required=True, help="Which run.")
@options.as_json
def affected(directory: Path, number: int, as_json: bool) -> None:
    """List the mailboxes that a run brought something new; counts and mailboxes alone.

    What it brought is sealed: nobody here can say which of them got the wrong item.
    """
    tenant.find(directory)
    with told_plainly(directory, "openregie incident affected"):
        found = incidents.affected(directory, number)
    head = f"{len(found['mailboxes'])} mailboxes, {found['items']} items, {found['still']} there"
    report(found, as_json=as_json, lines="\n".join([head, *found["mailboxes"]]))


@command.command("end-keys", epilog=EXIT_CODES_HELP)
@options.directory
@click.option("--mailbox", required=True, help="Whose keys.")
@options.as_json
def end_keys(directory: Path, mailbox: str, as_json: bool) -> None:
    """End one resident's keys: a phone or printed code was stolen.

    Keys, wraps and items go at once and cannot come back, also not from a backup. The resident
    enrols again; the run seals to the new keys after three days.
    """
    tenant.find(directory)
    _demand_mailbox(mailbox)
    with told_plainly(directory, "openregie incident end-keys"), only_one(directory, "take-in"):
        incidents.end_keys(directory, mailbox)
    report({"ended": mailbox}, as_json=as_json, lines="keys ended; they enrol again")


@command.command("set-aside", epilog=EXIT_CODES_HELP)
@options.directory
@_delivery
@click.option("--undo", is_flag=True, help="Put it back in the inbox.")
@options.as_json
def set_aside(directory: Path, delivery: str, undo: bool, as_json: bool) -> None:
    """Take a delivery out of the inbox, so that the next run does not know it.

    It stays encrypted, in DIR/set-aside. After the next run and take-in, every item that was made
    from it is gone. --undo puts it back. Retention does not look there: end it by hand.
    """
    tenant.find(directory)
    source, target = ("inbox", ASIDE)[:: -1 if undo else 1]
    with told_plainly(directory, "openregie incident set-aside"), only_one(directory):
        found = [f for f in directory.glob(f"{source}/*/*.json") if f.stem == delivery]
        if not found:
            raise Stop(f"delivery: not in {source}", remedy="see: openregie incident status")
        for file in found:
            folder = directory / target / file.parent.name
            folder.mkdir(parents=True, exist_ok=True)
            # INVARIANT: without its manifest a delivery does not exist, so that goes first out
            # and comes last in.
            pair = [file, file.with_suffix(".age")][:: -1 if undo else 1]
            for one in pair:
                one.replace(folder / one.name)
    told = {"delivery": delivery, "in": target}
    report(told, as_json=as_json, lines=f"delivery {delivery} is in {target} now")


def _demand_mailbox(mailbox: str | None) -> None:
    if mailbox is not None and not is_mailbox(mailbox):
        raise Stop(
            "option --mailbox: not a mailbox",
            remedy="give the 43 characters A-Z a-z 0-9 _ - as the session shows them",
            code=Exit.USAGE,
        )
