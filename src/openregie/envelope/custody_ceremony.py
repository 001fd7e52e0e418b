"""The ceremonies: split the keys over two organisations, renew the shares, mend what broke off.

INVARIANT, tested by killing each ceremony at each step: at every moment either the keys of before
or the shares of before open everything, or the new shares do. New shares are on their media, read
back and tried in every pair before locked.json is replaced in one step. Source: docs/custody.md.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path

from openregie.envelope import age, base64url, custody, custody_files, custody_locked, shares
from openregie.envelope.custody_files import Holding
from openregie.envelope.custody_locked import Contents, Earlier, Locked
from openregie.envelope.errors import AgeRefused, CustodyError, ShareRefused
from openregie.envelope.keys import RandomBytes
from openregie.envelope.mailbox import SECRET_BYTES
from openregie.envelope.shares import Lock, Share

Step = Callable[[str], None]
"""Told before each step that changes a disk; a test ends the process in it."""


def quiet(step: str) -> None:
    """Tell nobody."""


def split(
    directory: Path,
    to: Sequence[Path],
    *,
    on: date,
    fresh: bool = False,
    random_bytes: RandomBytes = os.urandom,
    step: Step = quiet,
) -> Locked:
    """Close the plain keys and write a share to each path; the third is a spare.

    `fresh` throws the plain keys away and closes new ones that were never on this disk: only
    before the first delivery. Raises CustodyError, ShareRefused.
    """
    if custody.is_locked(directory):
        raise CustodyError(
            f"custody/{custody.LOCKED}: the keys are in shares already; renew them with "
            "`openregie custody rotate`, or end a ceremony that broke off with `... mend`"
        )
    plain = custody.load_unlocked(directory)
    contents = Contents(plain.keys, plain.tenant_secret)
    replaced: tuple[str, ...] = ()
    if fresh:
        _refuse_used(directory)
        replaced = tuple(key.kid for key in plain.keys.kem.values())
        run = custody.new_run(plain.keys.tenant, random_bytes)
        contents = Contents(run, random_bytes(SECRET_BYTES))
    locked = _close(
        directory, contents, to, on=on, replaced=replaced, random_bytes=random_bytes, step=step
    )
    _finish(directory, locked, contents, step)
    return locked


def renew(
    directory: Path,
    given: Sequence[Share],
    to: Sequence[Path],
    *,
    on: date,
    new_keys_until: date | None = None,
    random_bytes: RandomBytes = os.urandom,
    step: Step = quiet,
) -> Locked:
    """Close everything anew and write new shares: after a loss, a leaver, or a year.

    With `new_keys_until` the run also gets new keys to be sealed to; those of before stay closed in
    the file at least until that day, and as long as something in the inbox needs them. The signing
    keys stay: residents' devices know them. Raises CustodyError, ShareRefused.
    """
    if custody_files.plain_secrets(directory):
        raise CustodyError("custody: a ceremony broke off; end it with `openregie custody mend`")
    contents = open_run(directory, given)
    contents = replace(contents, earlier=_needed(directory, contents, on))
    if new_keys_until is not None:
        contents = _with_new_keys(contents, new_keys_until, random_bytes)
    locked = _close(directory, contents, to, on=on, random_bytes=random_bytes, step=step)
    _finish(directory, locked, contents, step)
    return locked


def mend(directory: Path, given: Sequence[Share], *, step: Step = quiet) -> list[str]:
    """End a ceremony that broke off, once the shares proved to open; says what it did.

    Raises CustodyError, ShareRefused.
    """
    if not custody.is_locked(directory):
        return _sweep(directory, step)
    locked = custody_files.read_locked(directory)
    contents = custody_locked.open_run(locked, _key_of(locked, given, Lock.RUN))
    return _sweep(directory, step) + _finish(directory, locked, contents, step)


def open_run(directory: Path, given: Sequence[Share]) -> Contents:
    """All that a run needs, from shares of the lock `run`. Raises CustodyError, ShareRefused.

    Also refuses when public/run.json is not the public half of these keys: then somebody changed
    it, and sources would encrypt to a stranger.
    """
    locked = custody_files.read_locked(directory)
    contents = custody_locked.open_run(locked, _key_of(locked, given, Lock.RUN))
    if not custody_files.public_fits(directory, locked):
        raise CustodyError(
            "public/run.json: not the public half of these keys; somebody changed it, or a ceremony"
            " broke off: find out which, then `openregie custody mend`"
        )
    return contents


def open_mailbox(directory: Path, given: Sequence[Share]) -> bytes:
    """The tenant secret, from shares of the lock `mailbox`. Raises CustodyError, ShareRefused."""
    locked = custody_files.read_locked(directory)
    return custody_locked.open_mailbox(locked, _key_of(locked, given, Lock.MAILBOX))


def returns_of(directory: Path) -> Mapping[str, int]:
    """How many returns in the inbox name each key of the run."""
    found: dict[str, int] = {}
    for file in sorted((directory / "inbox").glob("*/*.return")):
        try:
            kid = str(json.loads(file.read_text(encoding="utf-8"))["kid"])
        except (OSError, ValueError, KeyError, TypeError):
            continue  # the run sets it apart; it needs no key
        found[kid] = found.get(kid, 0) + 1
    return found


def _close(
    directory: Path,
    contents: Contents,
    to: Sequence[Path],
    *,
    on: date,
    replaced: Sequence[str] = (),
    random_bytes: RandomBytes,
    step: Step,
) -> Locked:
    _refuse_places(directory, to)
    keys = {lock: random_bytes(shares.KEY_BYTES) for lock in Lock}
    locked = custody_locked.close(
        contents,
        keys,
        made_on=on,
        shares=len(to),
        replaced=replaced,
        random_bytes=random_bytes,
    )
    holdings = _holdings(locked, keys, random_bytes)
    with _taken_back() as written:
        for path, holding in zip(to, holdings, strict=True):
            step(f"write share {holding.number}")
            custody_files.write_holding(path, holding)
            written.append(path)
        step("prove the shares")
        _prove(locked, contents, to)
    step("close the keys")  # INVARIANT: from here on the new shares stay, whatever happens
    try:
        custody_files.write_locked(directory, locked)
    except OSError as error:
        raise CustodyError(
            f"custody/{custody.LOCKED}: could not be written; make room or mend its rights. Keep "
            "both the keys or shares of before and the new shares until `openregie custody status`"
            " says which ceremony counts"
        ) from error
    return locked


def _holdings(
    locked: Locked, keys: Mapping[Lock, bytes], random_bytes: RandomBytes
) -> list[Holding]:
    made = {
        lock: shares.split_key(
            keys[lock],
            lock=lock,
            tenant=locked.tenant,
            shares=locked.shares,
            random_bytes=random_bytes,
        )
        for lock in Lock
    }
    told = (locked.tenant, locked.made_on)
    return [
        Holding(*told, number, locked.shares, {lock: made[lock][number - 1] for lock in Lock})
        for number in range(1, locked.shares + 1)
    ]


def _prove(locked: Locked, contents: Contents, to: Sequence[Path]) -> None:
    """Open with every pair of what the media hold now. Raises CustodyError, ShareRefused."""
    held = [custody_files.read_holding(path) for path in to]
    for pair in combinations(held, shares.NEEDED):
        run = shares.join_key([one.shares[Lock.RUN] for one in pair])
        mailbox = shares.join_key([one.shares[Lock.MAILBOX] for one in pair])
        opened = custody_locked.open_run(locked, run)
        secret = custody_locked.open_mailbox(locked, mailbox)
        if (opened, secret) != (contents, contents.tenant_secret):
            raise CustodyError("shares: do not open what was closed; nothing was changed")


def _finish(directory: Path, locked: Locked, contents: Contents, step: Step) -> list[str]:
    """What remains once locked.json is there: the public half, and no plain key."""
    done = []
    if not custody_files.public_fits(directory, locked):
        step("write the public half")
        custody_files.write_public(directory, locked)
        done.append("public/run.json was written anew")
    _refuse_foreign(directory, locked, contents)
    for path in custody_files.plain_secrets(directory):
        step(f"remove {path.name}")
        custody_files.remove(path)
        done.append(f"custody/{path.name} was removed")
    return done


def _refuse_foreign(directory: Path, locked: Locked, contents: Contents) -> None:
    """INVARIANT: a plain key that the locked file does not hold or replace is never removed."""
    known = {*locked.replaced, *(key.kid for key in contents.run.kem.values())}
    known |= {kid for old in contents.earlier for kid in old.kids}
    folder = directory / "custody"
    try:
        if (folder / custody.RUN).exists():
            run = json.loads((folder / custody.RUN).read_text(encoding="utf-8"))
            strange = not {key["kid"] for key in run["kem"]} <= known
        else:
            strange = False
        if (folder / custody.TENANT_SECRET).exists() and not locked.replaced:
            told = json.loads((folder / custody.TENANT_SECRET).read_text(encoding="utf-8"))
            strange |= told["secret"] != base64url.encode(contents.tenant_secret)
    except (OSError, ValueError, KeyError, TypeError):
        strange = True
    if strange:
        raise CustodyError(
            "custody: holds a plain key that the shares do not open, and it was left; find out "
            "whose it is and keep it apart"
        )


def _sweep(directory: Path, step: Step) -> list[str]:
    done = []
    for path in custody_files.unfinished(directory):
        step(f"remove {path.name}")
        custody_files.remove(path)
        done.append(f"{path.parent.name}/{path.name} was removed")
    return done


def _key_of(locked: Locked, given: Sequence[Share], lock: Lock) -> bytes:
    fitting = [share for share in given if share.lock is lock]
    for share in fitting:
        if share.tenant_mark != shares.tenant_mark(locked.tenant):
            raise ShareRefused(
                f"share {share.number}: of another municipality; bring the right one"
            )
        if share.fingerprint.hex() != locked.fingerprints[lock]:
            raise ShareRefused(
                f"share {share.number}: of another ceremony than {locked.made_on.isoformat()}; "
                "bring the newest, and destroy this one when that opens"
            )
    return shares.join_key(fitting)


def _refuse_places(directory: Path, to: Sequence[Path]) -> None:
    if len(to) not in (shares.NEEDED, shares.NEEDED + 1):
        raise ShareRefused("shares: name two places, and at most one for a spare")
    whole = directory.resolve()
    places = [path.resolve() for path in to]
    if len(set(places)) != len(places):
        raise ShareRefused("shares: two shares in one file open everything; name different places")
    for path, place in zip(to, places, strict=True):
        if place.is_relative_to(whole):
            raise ShareRefused(
                f"{path}: lies in the municipality's own folder; write it to a medium that leaves"
            )
        if not place.parent.is_dir():
            raise ShareRefused(f"{path}: its folder is not there; is the medium in?")
        if place.exists():
            raise ShareRefused(f"{path}: is there already; a share is never overwritten")


@contextmanager
def _taken_back() -> Iterator[list[Path]]:
    """Remove the new shares when the ceremony fails before they open anything."""
    written: list[Path] = []
    try:
        yield written
    except BaseException:  # also when a keeper presses Ctrl+C
        for path in written:
            custody_files.remove(path)
        raise


def _refuse_used(directory: Path) -> None:
    folders = ("inbox", "state", "handover", "sealed")
    if any(file.is_file() for name in folders for file in (directory / name).rglob("*")):
        raise CustodyError(
            "custody: something was received already, so the keys must stay; split without --fresh"
        )


def _with_new_keys(contents: Contents, until_on: date, random_bytes: RandomBytes) -> Contents:
    now = contents.run
    made = custody.new_run(now.tenant, random_bytes)
    before = Earlier(until_on, tuple(now.kem.values()), now.age_identity)
    run = replace(now, kem=made.kem, age_identity=made.age_identity)
    return replace(contents, run=run, earlier=(before, *contents.earlier))


def _needed(directory: Path, contents: Contents, on: date) -> tuple[Earlier, ...]:
    named = returns_of(directory)
    return tuple(
        old
        for old in contents.earlier
        if on < old.until_on
        or any(kid in named for kid in old.kids)
        or _opens_a_file(directory, old.age_identity)
    )


def _opens_a_file(directory: Path, identity: str) -> bool:
    for file in sorted([*directory.glob("inbox/*/*.age"), *directory.glob("state/*.age")]):
        try:
            age.decrypt(file.read_bytes(), identity=identity)
        except AgeRefused:
            continue
        return True
    return False
