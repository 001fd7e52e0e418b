"""A ceremony that dies at any step: afterwards the old or the new opens, and mending ends it."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from itertools import combinations

import pytest

from openregie.envelope import custody, custody_ceremony
from openregie.envelope.errors import CustodyError
from unit.custody.custody_folder import ON, Folder

STEPS = [
    "write share 1",
    "write share 2",
    "write share 3",
    "prove the shares",
    "close the keys",
    "write the public half",
    "remove run.json",
    "remove tenant.secret",
]


def die_in(work: Callable[[Callable[[str], None]], object], step: str) -> bool:
    """Do the work in a child that ends as by kill -9 just before `step`; whether it got there."""

    def end(name: str) -> None:
        if name == step:
            os._exit(9)

    child = os.fork()
    if child == 0:
        try:
            work(end)
        except BaseException:  # noqa: BLE001 - the child may not go on with the tests
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def steps_of(work: Callable[[Callable[[str], None]], object]) -> list[str]:
    told: list[str] = []
    work(told.append)
    return told


def opens(folder: Folder, names: str) -> bool:
    """Whether two of these shares open everything now, in the file as it is."""
    for pair in combinations(names, 2):
        try:
            custody_ceremony.mend(folder.dir, folder.shares(*pair))
            folder.opened(*pair)
        except CustodyError:
            continue
        return True
    return False


def test_the_steps_are_the_ones_that_are_tried_below(folder: Folder) -> None:
    assert steps_of(lambda step: folder.split(fresh=True, step=step)) == STEPS


@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize("step", STEPS)
def test_a_split_that_dies_leaves_the_plain_keys_or_shares_that_open(folder, step, fresh) -> None:
    died = die_in(lambda end: folder.split(fresh=fresh, step=end), step)
    assert died is (fresh or step != "write the public half")
    if custody.is_locked(folder.dir):
        assert opens(folder, "abc")
        assert not (folder.dir / "custody" / "run.json").exists()
        assert not (folder.dir / "custody" / "tenant.secret").exists()
        run = folder.opened("b", "c").run
        assert (run == folder.run) is not fresh
        assert custody.load_run_public(folder.dir) == run.public()
    else:
        assert custody.load_run(folder.dir) == folder.run
        assert custody.load_tenant_secret(folder.dir) == folder.secret
        folder.split("d", "e")
        assert folder.opened("d", "e").run == folder.run


@pytest.mark.parametrize("new_keys", [False, True])
@pytest.mark.parametrize("step", STEPS[:6])
def test_a_rotation_that_dies_leaves_the_old_shares_or_the_new_ones(folder, step, new_keys) -> None:
    folder.split("a", "b")
    until = ON + timedelta(days=90) if new_keys else None

    def rotate(end: Callable[[str], None]) -> None:
        custody_ceremony.renew(
            folder.dir,
            folder.shares("a", "b"),
            folder.places("d", "e", "f"),
            on=ON,
            new_keys_until=until,
            step=end,
        )

    died = die_in(rotate, step)
    assert died is (new_keys or step != "write the public half")
    old = opens(folder, "ab")
    new = all(path.exists() for path in folder.places("d", "e", "f")) and opens(folder, "def")
    assert old is not new
    assert old is (step in STEPS[:5])
    keys = folder.opened(*("ab" if old else "de")).unlocked().keys
    for key in folder.run.kem.values():
        assert keys.key_for({"suite": key.suite.name, "kid": key.kid}) == key


def test_a_half_written_locked_file_is_swept_away(folder: Folder) -> None:
    half = folder.dir / "custody" / "locked.json.new"
    half.write_text('{"v":1,')
    assert custody_ceremony.mend(folder.dir, []) == ["custody/locked.json.new was removed"]
    half.write_text('{"v":1,')
    folder.split()
    assert not half.exists()
    assert custody_ceremony.mend(folder.dir, folder.shares("a", "b")) == []


def test_a_rotation_waits_for_a_split_that_broke_off(folder: Folder) -> None:
    assert die_in(lambda end: folder.split("a", "b", step=end), "remove run.json")
    with pytest.raises(CustodyError, match="openregie custody mend"):
        custody_ceremony.renew(folder.dir, folder.shares("a", "b"), folder.places("d", "e"), on=ON)
    assert custody_ceremony.mend(folder.dir, folder.shares("a", "b")) == [
        "custody/run.json was removed",
        "custody/tenant.secret was removed",
    ]


def test_a_ceremony_that_fails_takes_its_shares_back(folder: Folder) -> None:
    def fail(step: str) -> None:
        if step == "prove the shares":
            raise CustodyError("x")

    with pytest.raises(CustodyError):
        folder.split(step=fail)
    assert list(folder.media.iterdir()) == []
    assert custody.load_run(folder.dir) == folder.run


@pytest.mark.parametrize("damage", ["cut", "swap", "empty", "gone"])
def test_a_medium_that_did_not_keep_its_share_stops_the_split_in_time(folder, damage) -> None:
    """Proof before the point of no return: the plain keys stay when one medium lies."""
    a, b, c = folder.places("a", "b", "c")

    def spoil(step: str) -> None:
        if step != "prove the shares":
            return
        if damage == "gone":
            c.unlink()
        else:
            text = {"cut": c.read_text()[:200], "swap": a.read_text(), "empty": ""}[damage]
            c.write_text(text)

    with pytest.raises(CustodyError):
        folder.split(step=spoil)
    assert custody.load_run(folder.dir) == folder.run
    assert not any(path.exists() for path in (a, b, c))


def test_a_keeper_who_breaks_off_by_hand_leaves_nothing_behind(folder: Folder) -> None:
    def stop(step: str) -> None:
        if step == "write share 2":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        folder.split(step=stop)
    assert list(folder.media.iterdir()) == []
    assert custody.load_run(folder.dir) == folder.run
