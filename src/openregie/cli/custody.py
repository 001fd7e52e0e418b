"""`openregie custody`: the run's keys and the tenant secret in shares of two organisations."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click

from openregie.cli import custody_status, options, released, tenant, unlocking
from openregie.cli.lock import only_one
from openregie.cli.outcome import EXIT_CODES_HELP, Exit, Stop, report
from openregie.envelope import base64url, custody_agent, custody_ceremony, custody_files
from openregie.envelope.custody_locked import Locked
from openregie.envelope.shares import Lock
from openregie.release_digest import measure

UNITS = {"m": 60, "h": 3600, "d": 86_400}
LONGEST_SECONDS = 31 * UNITS["d"]

_to = click.option(
    "--to",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    help="Where a new share is written; twice, on two media.",
)
_spare = click.option(
    "--spare", type=click.Path(path_type=Path), help="Where a third share is written, for loss."
)


class Duration(click.ParamType[int]):
    """A time such as 30m, 8h or 2d, in seconds."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read a time."""
        if isinstance(value, int):
            return value
        number, unit = str(value)[:-1], str(value)[-1:]
        seconds = int(number) * UNITS.get(unit, 0) if number.isascii() and number.isdigit() else 0
        if not 0 < seconds <= LONGEST_SECONDS:
            self.fail("not a time of at most 31 days; write it as 30m, 8h or 2d", param, ctx)
        return seconds


@click.group("custody", epilog=EXIT_CODES_HELP)
def command() -> None:
    """Hold the run's keys and the tenant secret in two shares, for two organisations.

    Either share with the whole disk opens nothing. The ceremony is on one page: docs/custody.md.
    """


@command.command("split", epilog=EXIT_CODES_HELP)
@options.directory
@_to
@_spare
@click.option("--fresh", is_flag=True, help="Close new keys that were never on this disk.")
@options.on
@options.as_json
def split(
    directory: Path, to: tuple[Path, ...], spare: Path | None, fresh: bool, on: date, as_json: bool
) -> None:
    """Close the plain keys that `init` made, and write a share to each place.

    Use --fresh before the first delivery: then the keys that lay plain on this disk are thrown
    away. Later, follow this with `openregie custody rotate --new-run-keys`.
    """
    places = _places(to, spare)
    with _alone(directory):
        locked = custody_ceremony.split(directory, places, on=on, fresh=fresh)
    _tell("split", directory, locked, places, as_json=as_json, fresh=fresh)


def _renewing(name: str) -> Callable[[Callable[..., None]], click.Command]:
    """Options that `rotate` and `recover` share."""

    def wrap(function: Callable[..., None]) -> click.Command:
        for one in (options.as_json, options.on, _spare, _to, unlocking.option, options.directory):
            function = one(function)
        made: click.Command = command.command(name, epilog=EXIT_CODES_HELP)(function)
        return made

    return wrap


@_renewing("rotate")
@click.option("--new-run-keys", is_flag=True, help="Also make new keys for the run itself.")
@click.option(
    "--old-until",
    type=options.Day(),
    help="With --new-run-keys: keep the old keys at least until this day.  [default: in 400 days]",
)
def rotate(
    directory: Path,
    given: tuple[Path, ...],
    to: tuple[Path, ...],
    spare: Path | None,
    on: date,
    as_json: bool,
    new_run_keys: bool,
    old_until: date | None,
) -> None:
    """Make new shares from two of the old ones: every year, and when a holder leaves.

    The old shares open nothing afterwards: destroy them. With --new-run-keys what was sealed to
    the old keys still opens: they stay closed in the file as long as something needs them.
    """
    if old_until is not None and not new_run_keys:
        raise click.UsageError("--old-until goes with --new-run-keys")
    until = old_until or date.fromordinal(on.toordinal() + 400)
    places = _places(to, spare)
    with _alone(directory):
        locked = custody_ceremony.renew(
            directory,
            unlocking.read(given, [Lock.RUN]),
            places,
            on=on,
            new_keys_until=until if new_run_keys else None,
        )
    _tell("rotated", directory, locked, places, as_json=as_json, newRunKeys=new_run_keys)


@_renewing("recover")
def recover(
    directory: Path,
    given: tuple[Path, ...],
    to: tuple[Path, ...],
    spare: Path | None,
    on: date,
    as_json: bool,
) -> None:
    """Make new shares from the spare and one other, when a share is lost.

    The lost share opens nothing afterwards, together with whatever other share it turns up.
    """
    places = _places(to, spare)
    with _alone(directory):
        held = unlocking.read(given, [Lock.RUN])
        locked = custody_ceremony.renew(directory, held, places, on=on)
    _tell("recovered", directory, locked, places, as_json=as_json)


@command.command("mend", epilog=EXIT_CODES_HELP)
@options.directory
@unlocking.option
@options.as_json
def mend(directory: Path, given: tuple[Path, ...], as_json: bool) -> None:
    """End a ceremony that broke off, once two shares proved to open."""
    with _alone(directory):
        locked = custody_status.state(directory) != custody_status.PLAIN
        shares = unlocking.read(given, [Lock.RUN]) if locked else []
        done = custody_ceremony.mend(directory, shares)
    lines = "\n".join(f"  {one}" for one in done) or "  nothing had broken off"
    report({"done": done}, as_json=as_json, lines=lines)


@command.command("status", epilog=EXIT_CODES_HELP)
@options.directory
@options.as_json
def status(directory: Path, as_json: bool) -> None:
    """Say who can open what now, and what is still to be done. Needs no share."""
    told = custody_status.look(directory, synthetic=tenant.find(directory).synthetic)
    report(told, as_json=as_json, lines=custody_status.lines(told))
    if told["todo"]:
        sys.exit(Exit.PROBLEMS)


@command.command("unlock", epilog=EXIT_CODES_HELP)
@options.directory
@unlocking.option
@click.option(
    "--for", "seconds", type=Duration(), default="8h", show_default=True, help="How long."
)
@click.option("--only", type=click.Choice([lock.value for lock in Lock]), help="One part only.")
@click.option("--stay", is_flag=True, help="Stay in the foreground, for a service manager.")
@options.content
@released.unlogged_option
@options.as_json
def unlock(
    directory: Path,
    given: tuple[Path, ...],
    seconds: int,
    only: str | None,
    stay: bool,
    content: Path,
    unlogged: bool,
    as_json: bool,
) -> None:
    """Hold the keys in the memory of a small process, for runs at night and for logins.

    `run` is for the account of the run, `mailbox` for the account that serves logins: start one
    for each with --only. It gives them over sockets in DIR/custody that only this account may use.

    The log must name what runs here first: `openregie log release`. With --unlogged, for the run
    alone, each run asks it again and its receipt says so.
    """
    tenant.find(directory)
    locks = [Lock(only)] if only else list(Lock)
    if unlogged and locks != [Lock.RUN]:
        raise click.UsageError("--unlogged goes with --only run")
    released.demand_logged(directory, measure(content), unlogged=unlogged)
    contents = _contents(directory, locks, unlocking.read(given, locks))
    told = {"held": [lock.value for lock in locks], "seconds": seconds}
    words = f"held for {seconds // 60} minutes: {', '.join(told['held'])}"  # type: ignore[arg-type]
    lines = f"{words}\n  end it sooner with: openregie custody lock --dir {directory}"

    def ready() -> None:
        report(told, as_json=as_json, lines=lines)
        sys.stdout.flush()

    if stay:
        _hold(directory, contents, seconds, ready)
    else:
        _hold_behind(directory, contents, seconds, ready)


@command.command("lock", epilog=EXIT_CODES_HELP)
@options.directory
@options.as_json
def lock(directory: Path, as_json: bool) -> None:
    """End the process that holds the keys; its memory is gone with it."""
    held = [one for one in Lock if custody_agent.is_held(directory, one)]
    for one in held:
        custody_agent.end(directory, one)
    ended = [one.value for one in held]
    report({"ended": ended}, as_json=as_json, lines=f"ended: {', '.join(ended) or 'nothing held'}")


@command.command("print", epilog=EXIT_CODES_HELP)
@click.argument("share", type=click.Path(path_type=Path))
@click.option("--to", required=True, type=click.Path(path_type=Path), help="The page, .html.")
def print_share(share: Path, to: Path) -> None:
    """Make a page of a share to print: lines to type and squares to scan. It is as secret."""
    try:
        from openregie.cli import share_sheet  # noqa: PLC0415 - only here is a QR code drawn
    except ModuleNotFoundError as error:
        raise Stop(
            "QR codes cannot be drawn in this image",
            remedy="install openregie[sealed]",
            code=Exit.NOT_READY,
        ) from error
    text = share_sheet.page(custody_files.read_holding(share))
    try:
        custody_files.write_secret(to, text.encode())
    except OSError as error:
        raise Stop(f"{to}: is there already or cannot be written", remedy="name another") from error
    click.echo(f"{to}: print it, then remove the file")


@command.command("give", epilog=EXIT_CODES_HELP)
@click.argument("name")
@click.option("--to", required=True, type=click.Path(path_type=Path), help="The file for them.")
@options.directory
def give(name: str, to: Path, directory: Path) -> None:
    """Move the private key of a team, source or print house out of DIR, to who it belongs to.

    NAME as `openregie custody status` says it, such as teams/debt_help.
    """
    with _alone(directory):
        custody_files.hand_out(directory, name, to)
    click.echo(f"{name}: is in {to} and no longer in {directory}; bring it to its owner")


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    tenant.find(directory)
    with only_one(directory):
        yield


def _places(to: Sequence[Path], spare: Path | None) -> list[Path]:
    if len(to) != 2:  # noqa: PLR2004 - two organisations
        raise click.UsageError("name two places: --to A.share --to B.share (and --spare C.share)")
    return [*to, *([spare] if spare else [])]


def _tell(
    done: str,
    directory: Path,
    locked: Locked,
    places: Sequence[Path],
    *,
    as_json: bool,
    **more: bool,
) -> None:
    warnings = custody_status.near(directory, places)
    told = {
        "done": done,
        "tenant": locked.tenant,
        "madeOn": locked.made_on.isoformat(),
        "shares": [str(path) for path in places],
        "fingerprints": {one.value: locked.fingerprints[one] for one in Lock},
        "warnings": warnings,
        **more,
    }
    roles = ["organisation 1", "organisation 2", "spare, for a third safe"]
    lines = [f"{locked.tenant}: {done}. Any two of these open the keys; one opens nothing:"]
    lines += [f"  {path}   {role}" for path, role in zip(places, roles, strict=False)]
    lines += [f"  {one.value:<8} key {locked.fingerprints[one]}" for one in Lock]
    lines += [f"  now: {one}" for one in warnings]
    if done != "split":
        lines.append("  now: destroy the shares of before; they open nothing but old backups")
    lines.append("  next: openregie custody print SHARE --to SHEET.html")
    report(told, as_json=as_json, lines="\n".join(lines))


def _contents(
    directory: Path, locks: Sequence[Lock], shares: Sequence[Any]
) -> dict[Lock, Mapping[str, Any]]:
    """What each socket gives: `mailbox` never more than the tenant secret."""
    made: dict[Lock, Mapping[str, Any]] = {}
    if Lock.RUN in locks:
        made[Lock.RUN] = custody_ceremony.open_run(directory, shares).to_json()
    if Lock.MAILBOX in locks:
        secret = custody_ceremony.open_mailbox(directory, shares)
        made[Lock.MAILBOX] = {"secret": base64url.encode(secret)}
    return made


def _hold(
    directory: Path,
    contents: Mapping[Lock, Mapping[str, Any]],
    seconds: int,
    ready: Callable[[], None],
) -> None:
    custody_agent.keep_to_memory()  # also in a child: locked memory is not inherited
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    custody_agent.hold(directory, contents, seconds=seconds, clock=_clock, ready=ready)


def _clock() -> float:
    """Seconds that also pass while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def _hold_behind(
    directory: Path,
    contents: Mapping[Lock, Mapping[str, Any]],
    seconds: int,
    ready: Callable[[], None],
) -> None:
    """Hold in a process of its own; return when it listens. Raises `Stop`."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.close(reading)
        _leave_terminal()
        try:
            _hold(directory, contents, seconds, lambda: _say(writing, b"ready"))
        except Exception as error:  # noqa: BLE001 - told to who waits, by its kind and words
            _say(writing, str(error).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        said = answer.read()
    if said != b"ready":
        raise Stop(said.decode() or "the process that holds the keys did not start")
    ready()


def _leave_terminal() -> None:
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for handle in range(3):
        os.dup2(nowhere, handle)


def _say(handle: int, words: bytes) -> None:
    os.write(handle, words)
    os.close(handle)
