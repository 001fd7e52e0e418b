"""A small process that holds the unlocked keys in memory and gives them over a Unix socket.

Two sockets in DIR/custody, mode 0600: `run.sock` gives what a run needs, `mailbox.sock` only the
tenant secret. After its hours, or when told, the process ends and the keys are gone.
Source: docs/specs/custody.md, docs/adr/0006.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import selectors
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from openregie.envelope import base64url, custody
from openregie.envelope.custody import Unlocked
from openregie.envelope.custody_locked import contents_from_json
from openregie.envelope.errors import CustodyError, CustodyLocked, EnvelopeError
from openregie.envelope.shares import Lock

VERSION = 1
GIVE, LEAVE, ASK = b"give\n", b"lock\n", b"here?\n"
_SECONDS = 5.0
_LONGEST_REQUEST = 16
_LONGEST_NAME = 107
_PR_SET_DUMPABLE = 4
_MCL_CURRENT = 1


def socket_of(directory: Path, lock: Lock) -> Path:
    """Where the process that holds a lock's content listens."""
    return directory / "custody" / f"{lock}.sock"


def unlocked(directory: Path) -> Unlocked:
    """What a run needs: from plain files, or from the process that holds it.

    Raises CustodyError, CustodyLocked.
    """
    if not custody.is_locked(directory):
        return custody.load_unlocked(directory)
    told = _ask(directory, Lock.RUN, GIVE)
    if told is None:
        return custody.load_unlocked(directory)
    return contents_from_json(told).unlocked()


def tenant_secret(directory: Path) -> bytes:
    """What a login needs: from the plain file, or from the process that holds it.

    Raises CustodyError, CustodyLocked.
    """
    told = _ask(directory, Lock.MAILBOX, GIVE) if custody.is_locked(directory) else None
    if told is None:
        return custody.load_tenant_secret(directory)
    try:
        return base64url.decode(told["secret"], place="field `secret`")
    except (EnvelopeError, KeyError) as error:
        raise CustodyError("custody/mailbox.sock: another program answers here") from error


def is_held(directory: Path, lock: Lock) -> bool:
    """Whether a process holds the content of this lock now."""
    return _ask(directory, lock, ASK) is not None


def end(directory: Path, lock: Lock) -> bool:
    """Tell the process that holds this lock's content to forget it; whether there was one."""
    return _ask(directory, lock, LEAVE) is not None


def hold(
    directory: Path,
    contents: Mapping[Lock, Mapping[str, Any]],
    *,
    seconds: float,
    clock: Callable[[], float],
    ready: Callable[[], None],
) -> None:
    """Give the contents to who may read the sockets, until the time is over or somebody ends it.

    `clock` counts seconds and never goes back. Raises CustodyLocked when another process holds
    them already.
    """
    until = clock() + seconds
    with _listening(directory, list(contents)) as sockets, selectors.DefaultSelector() as waiting:
        for lock, listener in sockets.items():
            waiting.register(listener, selectors.EVENT_READ, lock)
        ready()
        while (left := until - clock()) > 0:
            for key, _ in waiting.select(timeout=min(left, 60.0)):
                listener = sockets[key.data]
                if clock() >= until:
                    return
                if _answer(listener, contents[key.data]) == LEAVE:
                    return


def keep_to_memory() -> None:
    """No core dump, no look from another process of this account, and no swap where allowed."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError, AttributeError):  # not on Linux: the limit above is what there is
        system = ctypes.CDLL(None, use_errno=True)
        system.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        system.mlockall(_MCL_CURRENT)


@contextmanager
def _listening(directory: Path, locks: list[Lock]) -> Iterator[dict[Lock, socket.socket]]:
    made: dict[Lock, socket.socket] = {}
    try:
        for lock in locks:
            if is_held(directory, lock):
                raise CustodyLocked(
                    f"custody/{lock}.sock: these keys are held already; `openregie custody lock`"
                )
            path = socket_of(directory, lock)
            path.unlink(missing_ok=True)
            made[lock] = _bound(path)
        yield made
    finally:
        for lock, listener in made.items():
            listener.close()
            socket_of(directory, lock).unlink(missing_ok=True)


def _bound(path: Path) -> socket.socket:
    """A listener that only this account may speak to, from its first moment."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        with _short(path) as name:
            listener.bind(name)
    finally:
        os.umask(before)
    listener.listen(8)
    return listener


@contextmanager
def _short(path: Path) -> Iterator[str]:
    """A name for a socket in a folder of any depth: the system allows 107 bytes."""
    if len(os.fsencode(path)) <= _LONGEST_NAME:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def _answer(listener: socket.socket, content: Mapping[str, Any]) -> bytes:
    """Answer one who connected; a slow or broken one costs the others at most five seconds."""
    with suppress(OSError):
        connected, _ = listener.accept()
        with connected:
            connected.settimeout(_SECONDS)
            asked = connected.recv(_LONGEST_REQUEST)
            told = {"v": VERSION, **(content if asked == GIVE else {})}
            connected.sendall(json.dumps(told).encode() + b"\n")
            return asked
    return b""


def _ask(directory: Path, lock: Lock, request: bytes) -> dict[str, Any] | None:
    """The answer of the process that holds a lock's content; None when there is none."""
    path = socket_of(directory, lock)
    if not path.is_socket():
        return None
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking, _short(path) as name:
            asking.settimeout(_SECONDS)
            asking.connect(name)
            asking.sendall(request)
            with asking.makefile("rb") as answer:
                told = json.loads(answer.read())
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) and told.get("v") == VERSION else None
