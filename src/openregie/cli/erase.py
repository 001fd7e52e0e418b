"""`openregie erase`: take one resident out of the sealed zone (AVG article 17)."""

from __future__ import annotations

from pathlib import Path

import click

from openregie.cli import options, tenant
from openregie.cli.disk import told_plainly
from openregie.cli.outcome import EXIT_CODES_HELP, Exit, Stop, report
from openregie.envelope.mailbox import is_mailbox
from openregie.sealed.web.erasure import erase
from openregie.terms import Mailbox


@click.command("erase", epilog=EXIT_CODES_HELP)
@options.directory
@click.option("--mailbox", required=True, help="Whose: the 43 characters of their mailbox.")
@options.as_json
def command(directory: Path, mailbox: str, as_json: bool) -> None:
    """Take one resident out of the sealed zone: AVG article 17.

    Items, keys, wraps, the texts and salts of log events, relations, and what they sent that waits
    in the inbox. What stays is the commitments in the log, of which nobody can say any more what
    they stood for. The next run seals nothing to them. Doing it again changes nothing; the ledger
    DIR/revocations.jsonl keeps it true when a backup is put back.

    What sources delivered about them is not the sealed zone's: it goes at the end of its own term
    (`openregie retain`), or when the source delivers again without it.
    """
    tenant.find(directory)
    if not is_mailbox(mailbox):
        raise Stop(
            "option --mailbox: not a mailbox",
            remedy="give the 43 characters A-Z a-z 0-9 _ - as the session shows them",
            code=Exit.USAGE,
        )
    with told_plainly(directory, "openregie erase"):
        erased = erase(directory, Mailbox(mailbox))
    names = {
        "items": "items",
        "keyEpochs": "sets of keys",
        "wraps": "wraps",
        "logTexts": "log texts",
        "relations": "relations",
        "returns": "returns",
    }
    told = ", ".join(f"{erased[key]} {name}" for key, name in names.items())
    report({"erased": erased}, as_json=as_json, lines=f"erased: {told}")
