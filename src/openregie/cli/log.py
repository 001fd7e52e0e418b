"""`openregie log`: questions to the log that nobody can quietly change."""

from __future__ import annotations

from pathlib import Path

import click

from openregie.cli import options, tenant
from openregie.cli.disk import told_plainly
from openregie.cli.outcome import EXIT_CODES_HELP, Exit, Stop, report
from openregie.cli.progress import bars
from openregie.envelope import custody
from openregie.logbook import checkpoint
from openregie.logbook.checkpoint import LogVerifier
from openregie.logbook.errors import HistoryEdited, Rollback
from openregie.release_digest import measure
from openregie.sealed.web.releasing import log_release
from openregie.sealed.web.verify import verify


@click.group("log", epilog=EXIT_CODES_HELP)
def command() -> None:
    """Verify the log that nobody can quietly change, and name in it what runs here."""


@command.command("verify", epilog=EXIT_CODES_HELP)
@options.directory
@click.option(
    "--kept",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A signed head that you kept elsewhere: the log must continue it.",
)
@click.option(
    "--keep",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the newest signed head here, when all is sound.",
)
@options.as_json
def verify_log(directory: Path, kept: Path | None, keep: Path | None, as_json: bool) -> None:
    """Recompute the whole log and compare it with every head that was signed.

    Each entry in its place, each stored hash, each signed head, each resident's chain without a
    gap. Needs the log's public key alone. A log that was changed gives exit code 1 and the first
    place that is wrong.

    Whoever holds the log's private key could cut off its end and sign anew. Keep a head elsewhere
    with --keep, and hand it back next time with --kept: then that shows too.
    """
    place = tenant.find(directory)
    if not place.path("sealed", "db.sqlite3").is_file():
        raise Stop(
            f"folder `{directory}`: holds no log yet",
            remedy=f"make one with: openregie take-in --dir {directory}",
            code=Exit.NOT_READY,
        )
    with bars(quiet=as_json) as progress:
        found = verify(directory, progress=progress)
    head, broken = _compare(directory, kept)
    is_sound = found.is_sound and not broken
    if keep is not None and is_sound and head:
        keep.write_text(head, encoding="utf-8")
    lines = [
        f"log of {found.entries} entries in {found.chains} chains, {found.checkpoints} heads",
        f"  root {found.root}",
        f"  {found.waiting} entries wait for their place",
    ]
    lines += [f"  wrong: {_place(one.index)}{one.text}" for one in found.findings]
    lines += [f"  wrong: {broken}"] if broken else []
    lines.append("  sound" if is_sound else "  NOT SOUND")
    told = {**found.to_json(), "sound": is_sound, "continuesKept": None if not kept else not broken}
    report(told, as_json=as_json, lines="\n".join(lines))
    if not is_sound:
        raise SystemExit(Exit.PROBLEMS)


@command.command("release", epilog=EXIT_CODES_HELP)
@options.directory
@options.content
@options.as_json
def release(directory: Path, content: Path, as_json: bool) -> None:
    """Name in the log what runs here, before keys are opened for it.

    Measures the package and what in content/ decides a run. Compare the digest with one that you
    computed yourself (docs/specs/release.md). The proof goes into DIR/public/release.json, where
    the run finds it. Doing it again changes nothing.
    """
    tenant.find(directory)
    measured = measure(content)
    with told_plainly(directory, "openregie log release"):
        is_new = log_release(directory, measured)
    lines = [f"release {measured.digest}", f"  version {measured.version}"]
    lines += [f"  package {measured.package}", f"  content {measured.content}"]
    lines.append("  is in the log now" if is_new else "  was in the log; its proof is new")
    report({**measured.to_json(), "new": is_new}, as_json=as_json, lines="\n".join(lines))


def _compare(directory: Path, kept: Path | None) -> tuple[str, str]:
    """The newest head, and what is wrong between it and a head kept elsewhere; empty for nothing.

    Raises MalformedCheckpoint, CheckpointForged for a kept head that this log never signed.
    """
    from openregie.sealed.log.tree import actions as tree  # noqa: PLC0415 - after prepare

    newest = tree.newest_head()
    head = newest.note if newest else ""
    if kept is None:
        return head, ""
    origin, key = custody.load_log_public(directory)
    log = LogVerifier(origin, key.raw)
    old = checkpoint.verify(kept.read_text(encoding="utf-8"), log=log)
    if newest is None or newest.size < old.size:
        return head, f"the log has fewer entries than the kept head, which has {old.size}"
    try:
        proof = tree.consistency(old.size, newest.size)
        checkpoint.extends(old, checkpoint.verify(head, log=log), proof=proof)
    except (Rollback, HistoryEdited):
        return head, f"one of the first {old.size} entries differs from the kept head"
    return head, ""


def _place(index: int | None) -> str:
    return "" if index is None else f"entry {index}: "
