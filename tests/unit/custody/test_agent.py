"""The process that holds unlocked keys: who may ask, what they get, and when it ends."""

from __future__ import annotations

import socket
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from openregie.envelope import base64url, custody_agent, custody_ceremony
from openregie.envelope.errors import CustodyError, CustodyLocked
from openregie.envelope.shares import Lock
from unit.custody.custody_folder import Folder


class Seconds:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def contents_of(folder: Folder) -> dict[Lock, dict]:
    opened = folder.opened("a", "b")
    secret = base64url.encode(opened.tenant_secret)
    return {Lock.RUN: opened.to_json(), Lock.MAILBOX: {"secret": secret}}


@contextmanager
def holding(
    folder: Folder, *locks: Lock, clock: Seconds | None = None
) -> Iterator[threading.Thread]:
    every = contents_of(folder)
    told = {lock: every[lock] for lock in locks or tuple(Lock)}
    ready = threading.Event()
    work = threading.Thread(
        target=custody_agent.hold,
        args=(folder.dir, told),
        kwargs={"seconds": 3600, "clock": clock or Seconds(), "ready": ready.set},
    )
    work.start()
    assert ready.wait(5)
    try:
        yield work
    finally:
        for lock in Lock:
            custody_agent.end(folder.dir, lock)
        work.join(10)
        assert not work.is_alive()


def test_a_run_and_a_login_get_what_they_need_and_only_while_it_is_held(folder: Folder) -> None:
    folder.split()
    expected = folder.opened("a", "b").unlocked()
    with holding(folder):
        assert custody_agent.unlocked(folder.dir) == expected
        assert custody_agent.unlocked(folder.dir) == expected
        assert custody_agent.tenant_secret(folder.dir) == folder.secret
    for ask in (custody_agent.unlocked, custody_agent.tenant_secret):
        with pytest.raises(CustodyLocked):
            ask(folder.dir)
    assert not any(custody_agent.is_held(folder.dir, lock) for lock in Lock)


def test_only_this_account_may_speak_to_the_sockets(folder: Folder) -> None:
    folder.split()
    with holding(folder):
        for lock in Lock:
            path = custody_agent.socket_of(folder.dir, lock)
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert not any(custody_agent.socket_of(folder.dir, lock).exists() for lock in Lock)


def test_who_serves_logins_never_sees_a_key_of_the_run(folder: Folder) -> None:
    folder.split()
    with holding(folder, Lock.MAILBOX):
        path = custody_agent.socket_of(folder.dir, Lock.MAILBOX)
        with socket.socket(socket.AF_UNIX) as asking, custody_agent._short(path) as short:
            asking.connect(short)
            asking.sendall(custody_agent.GIVE)
            with asking.makefile("rb") as answer:
                said = answer.read()
        assert base64url.encode(folder.secret).encode() in said
        for key in folder.run.kem.values():
            assert base64url.encode(key.secret).encode() not in said
        assert folder.run.age_identity.encode() not in said
        with pytest.raises(CustodyLocked):
            custody_agent.unlocked(folder.dir)


def test_after_its_time_the_process_ends_and_takes_the_sockets_away(folder: Folder) -> None:
    folder.split()
    clock = Seconds()
    with holding(folder, clock=clock) as work:
        clock.now = 3599.9
        assert custody_agent.is_held(folder.dir, Lock.RUN)
        clock.now = 3600.0
        assert not custody_agent.is_held(folder.dir, Lock.RUN)
        work.join(10)
        assert not work.is_alive()
        assert not custody_agent.socket_of(folder.dir, Lock.RUN).exists()


def test_a_second_holder_is_refused_and_a_dead_ones_socket_is_taken_over(folder: Folder) -> None:
    folder.split()
    with holding(folder), pytest.raises(CustodyLocked, match="openregie custody lock"):
        custody_agent.hold(
            folder.dir, contents_of(folder), seconds=1, clock=Seconds(), ready=lambda: None
        )
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(custody_agent.socket_of(folder.dir, Lock.RUN)))
    left.close()
    with holding(folder):
        assert custody_agent.unlocked(folder.dir).tenant_secret == folder.secret


def test_a_folder_of_any_depth_can_be_held(tmp_path: Path) -> None:
    folder = Folder(tmp_path / ("d" * 120))
    folder.split()
    with holding(folder):
        assert custody_agent.tenant_secret(folder.dir) == folder.secret


def test_another_program_behind_the_socket_gives_no_keys(folder: Folder) -> None:
    folder.split()
    for said in (b"", b"[]", b"{}", b'{"v":1}', b'{"v":1,"secret":"*"}', b"\xff"):
        path = custody_agent.socket_of(folder.dir, Lock.MAILBOX)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            listener.listen()

            def answer(listener: socket.socket = listener, said: bytes = said) -> None:
                connected, _ = listener.accept()
                with connected:
                    connected.recv(16)
                    connected.sendall(said)

            work = threading.Thread(target=answer)
            work.start()
            with pytest.raises(CustodyError):
                custody_agent.tenant_secret(folder.dir)
            work.join(5)
        path.unlink()


def test_plain_keys_of_a_synthetic_municipality_need_no_holder(folder: Folder) -> None:
    assert custody_agent.unlocked(folder.dir).keys == folder.run
    assert custody_agent.tenant_secret(folder.dir) == folder.secret


def test_opening_takes_no_time_that_anyone_notices(folder: Folder) -> None:
    import time  # noqa: PLC0415 - only this test measures

    folder.split()
    held = folder.shares("a", "b")
    started = time.process_time()
    for _ in range(10):
        custody_ceremony.open_run(folder.dir, held)
    assert (time.process_time() - started) / 10 < 0.25
