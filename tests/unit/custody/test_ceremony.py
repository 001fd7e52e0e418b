"""The ceremonies on a disk: split, renew, mend, and everything that two people can get wrong."""

from __future__ import annotations

import json
import re
import resource
import stat
from datetime import date, timedelta
from itertools import combinations

import pytest

from openregie.envelope import age, custody, custody_ceremony, custody_files
from openregie.envelope.errors import CustodyError, CustodyLocked, ShareRefused
from openregie.envelope.shares import Lock
from unit.custody.custody_folder import ON, Folder

LATER = ON + timedelta(days=90)


def test_a_split_closes_the_keys_and_any_two_shares_open_them(folder: Folder) -> None:
    folder.split()
    assert not (folder.dir / "custody" / "run.json").exists()
    assert not (folder.dir / "custody" / "tenant.secret").exists()
    for pair in combinations("abc", 2):
        contents = folder.opened(*pair)
        assert (contents.run, contents.tenant_secret) == (folder.run, folder.secret)
        assert custody_ceremony.open_mailbox(folder.dir, folder.shares(*pair)) == folder.secret


def test_who_loads_locked_keys_is_told_how_to_open_them(folder: Folder) -> None:
    folder.split()
    for load in (custody.load_run, custody.load_tenant_secret, custody.load_unlocked):
        with pytest.raises(CustodyLocked, match="openregie run --share"):
            load(folder.dir)
    assert custody.load_run_public(folder.dir) == folder.run.public()


def test_shares_and_the_locked_file_are_for_one_account_only(folder: Folder) -> None:
    folder.split()
    for path in [*folder.places("a", "b", "c"), folder.dir / "custody" / custody.LOCKED]:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("names", [("a",), ("a", "b", "c", "d"), ("a", "a"), ()])
def test_two_places_are_needed_and_at_most_one_spare(folder: Folder, names) -> None:
    with pytest.raises(ShareRefused):
        custody_ceremony.split(folder.dir, folder.places(*names), on=ON)
    assert custody.load_run(folder.dir) == folder.run


def test_no_share_is_written_into_the_municipalitys_folder_not_even_by_a_link(folder) -> None:
    (folder.media / "link").symlink_to(folder.dir / "state")
    for place in (
        folder.dir / "a.share",
        folder.dir / "custody" / "a",
        folder.media / "link" / "a",
    ):
        with pytest.raises(ShareRefused, match="own folder"):
            custody_ceremony.split(folder.dir, [place, folder.media / "b"], on=ON)
    assert custody.load_run(folder.dir) == folder.run


def test_a_share_is_never_written_over_another(folder: Folder) -> None:
    other = folder.places("b")[0]
    other.write_text("somebody's")
    with pytest.raises(ShareRefused, match="never overwritten"):
        folder.split("a", "b")
    assert other.read_text() == "somebody's"
    assert not folder.places("a")[0].exists()


def test_a_missing_medium_is_named_before_anything_is_written(folder: Folder) -> None:
    with pytest.raises(ShareRefused, match="is the medium in"):
        custody_ceremony.split(folder.dir, [folder.media / "a", folder.media / "usb" / "b"], on=ON)
    assert not (folder.media / "a").exists()


def test_keys_are_split_once(folder: Folder) -> None:
    folder.split("a", "b")
    with pytest.raises(CustodyError, match="rotate"):
        folder.split("c", "d")


def test_fresh_keys_were_never_on_this_disk_and_replace_the_plain_ones(folder: Folder) -> None:
    folder.split(fresh=True)
    contents = folder.opened("a", "b")
    assert contents.run.kem["s1"].secret != folder.run.kem["s1"].secret
    assert contents.tenant_secret != folder.secret
    assert custody.load_run_public(folder.dir) == contents.run.public()


def test_keys_that_something_was_encrypted_to_are_not_thrown_away(folder: Folder) -> None:
    (folder.dir / "inbox" / "rent_arrears").mkdir()
    (folder.dir / "inbox" / "rent_arrears" / "1.age").write_bytes(b"x")
    with pytest.raises(CustodyError, match="without --fresh"):
        folder.split(fresh=True)
    assert custody.load_run(folder.dir) == folder.run


def test_a_share_of_another_municipality_is_named(folder: Folder, tmp_path) -> None:
    folder.split()
    other = Folder(tmp_path / "other", tenant="eikenrode")
    other.split()
    with pytest.raises(ShareRefused, match="another municipality"):
        custody_ceremony.open_run(folder.dir, [*folder.shares("a"), *other.shares("b")])


def test_shares_of_before_a_rotation_open_nothing_now(folder: Folder) -> None:
    folder.split("a", "b")
    custody_ceremony.renew(folder.dir, folder.shares("a", "b"), folder.places("d", "e"), on=ON)
    for mixed in (("a", "b"), ("a", "e"), ("d", "b")):
        with pytest.raises(ShareRefused, match="another ceremony"):
            folder.opened(*mixed)
    assert folder.opened("d", "e").run == folder.run


def test_one_share_twice_and_one_share_alone_open_nothing(folder: Folder) -> None:
    folder.split()
    with pytest.raises(ShareRefused, match="same share twice"):
        folder.opened("a", "a")
    with pytest.raises(ShareRefused, match="two are needed"):
        folder.opened("a")


def test_the_mailbox_shares_never_open_the_runs_keys(folder: Folder) -> None:
    folder.split()
    mailbox = [s for s in folder.shares("a", "b") if s.lock is Lock.MAILBOX]
    assert custody_ceremony.open_mailbox(folder.dir, mailbox) == folder.secret
    with pytest.raises(ShareRefused):
        custody_ceremony.open_run(folder.dir, mailbox)


def test_a_damaged_share_names_its_line_and_the_spare_still_helps(folder: Folder) -> None:
    folder.split()
    path = folder.places("b")[0]
    value = json.loads(path.read_text())
    line = value["run"][2]
    value["run"][2] = line[:-1] + ("0" if line[-1] != "0" else "1")
    path.write_text(json.dumps(value))
    with pytest.raises(ShareRefused, match="line 3"):
        folder.opened("a", "b")
    assert folder.opened("a", "c").run == folder.run


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b"[1]", b'{"v":1,"run":3}', b"null"])
def test_what_is_not_a_share_file_is_refused_clearly(folder: Folder, content: bytes) -> None:
    folder.split()
    folder.places("b")[0].write_bytes(content)
    with pytest.raises(ShareRefused, match=r"b\.share"):
        folder.opened("a", "b")


def test_a_share_file_put_together_from_two_is_refused(folder: Folder) -> None:
    folder.split()
    a, b = (json.loads(path.read_text()) for path in folder.places("a", "b"))
    folder.places("a")[0].write_text(json.dumps({**a, "mailbox": b["mailbox"]}))
    with pytest.raises(ShareRefused, match="different shares"):
        folder.shares("a")


def test_a_changed_locked_file_does_not_open(folder: Folder) -> None:
    folder.split()
    path = folder.dir / "custody" / custody.LOCKED
    whole = json.loads(path.read_text())
    for change in (
        {"tenant": "lindestad "},
        {"madeOn": "2026-11-24"},
        {"shares": 2},
        {"replaced": ["x"]},
        {"locks": {"run": whole["locks"]["mailbox"], "mailbox": whole["locks"]["run"]}},
        {"public": {**whole["public"], "age": "age1stranger"}},
    ):
        path.write_text(json.dumps({**whole, **change}))
        with pytest.raises(CustodyError):
            folder.opened("a", "b")
    for text in ("", "{", "[]", '{"v":2}', '{"v":1,"p":"openregie/custody/v1"}'):
        path.write_text(text)
        with pytest.raises(CustodyError, match=r"locked\.json"):
            folder.opened("a", "b")


def test_a_public_key_that_somebody_changed_stops_the_run(folder: Folder, tmp_path) -> None:
    folder.split()
    stranger = Folder(tmp_path / "x", tenant="lindestad2")
    theirs = (stranger.dir / "public" / "run.json").read_text()
    (folder.dir / "public" / "run.json").write_text(theirs)
    with pytest.raises(CustodyError, match=r"public/run\.json"):
        folder.opened("a", "b")
    assert custody_ceremony.mend(folder.dir, folder.shares("a", "b")) == [
        "public/run.json was written anew"
    ]
    assert folder.opened("a", "b").run == folder.run


def test_a_lost_share_is_answered_with_the_spare_and_the_lost_one_opens_nothing(folder) -> None:
    folder.split()
    lost = folder.shares("b")
    folder.places("b")[0].unlink()
    custody_ceremony.renew(folder.dir, folder.shares("a", "c"), folder.places("d", "e", "f"), on=ON)
    assert folder.opened("d", "f").run == folder.run
    for other in "acdef":
        with pytest.raises(ShareRefused):
            custody_ceremony.open_run(folder.dir, [*lost, *folder.shares(other)])


def test_new_keys_keep_opening_what_was_sealed_before(folder: Folder) -> None:
    folder.split()
    delivery = age.encrypt(b"rows", to=folder.run.age_recipient)
    custody_ceremony.renew(
        folder.dir,
        folder.shares("a", "b"),
        folder.places("d", "e"),
        on=ON,
        new_keys_until=LATER,
    )
    unlocked = folder.opened("d", "e").unlocked()
    keys = unlocked.keys
    assert keys.age_recipient != folder.run.age_recipient
    assert custody.load_run_public(folder.dir) == keys.public()
    assert age.decrypt(delivery, identity=keys.age_identity) == b"rows"
    assert age.decrypt(age.encrypt(b"new", to=keys.age_recipient), identity=keys.age_identity)
    for suite, old in folder.run.kem.items():
        assert keys.key_for({"suite": suite, "kid": old.kid}) == old
        assert keys.key_for({"suite": suite, "kid": keys.kem[suite].kid}) != old
    assert keys.signers == folder.run.signers
    assert unlocked.tenant_secret == folder.secret


def rotate(folder: Folder, before: str, after: str, on: date, **options) -> None:
    custody_ceremony.renew(
        folder.dir, folder.shares(*before), folder.places(*after), on=on, **options
    )


def test_old_keys_are_forgotten_after_their_day_and_never_while_something_needs_them(folder):
    folder.split("a", "b")
    rotate(folder, "ab", "cd", ON, new_keys_until=LATER)
    kid = folder.run.kem["s1"].kid
    kept = folder.dir / "inbox" / "keys" / "1.return"
    kept.parent.mkdir()
    kept.write_text(json.dumps({"kid": kid}))
    rotate(folder, "cd", "ef", LATER)
    assert folder.opened("e", "f").earlier, "a return still names the old key"
    kept.unlink()
    state = folder.dir / "state" / "3.age"
    state.write_bytes(age.encrypt(b"memory", to=folder.run.age_recipient))
    rotate(folder, "ef", "gh", LATER)
    assert folder.opened("g", "h").earlier, "the run's memory still needs the old key"
    state.unlink()
    rotate(folder, "gh", "ij", LATER - timedelta(days=1))
    assert folder.opened("i", "j").earlier, "its day has not come"
    rotate(folder, "ij", "kl", LATER)
    assert folder.opened("k", "l").earlier == ()


def test_mending_never_removes_a_plain_key_that_the_shares_do_not_open(folder, tmp_path) -> None:
    folder.split()
    stranger = Folder(tmp_path / "x", tenant="lindestad2")
    for name in ("run.json", "tenant.secret"):
        strange = (stranger.dir / "custody" / name).read_text()
        (folder.dir / "custody" / name).write_text(strange)
        with pytest.raises(CustodyError, match="plain key"):
            custody_ceremony.mend(folder.dir, folder.shares("a", "b"))
        assert (folder.dir / "custody" / name).read_text() == strange
        (folder.dir / "custody" / name).unlink()
    assert custody_ceremony.mend(folder.dir, folder.shares("a", "b")) == []


def test_the_keys_of_others_are_handed_out_and_leave_the_folder(folder: Folder) -> None:
    assert custody_files.secrets_of_others(folder.dir) == [
        "print-house",
        "sources/landlord",
        "teams/debt_help",
    ]
    kept = (folder.dir / "custody" / "teams" / "debt_help.json").read_bytes()
    custody_files.hand_out(folder.dir, "teams/debt_help", folder.media / "team.json")
    assert (folder.media / "team.json").read_bytes() == kept
    assert not (folder.dir / "custody" / "teams" / "debt_help.json").exists()
    for name in ("teams/debt_help", "run", "../public/run", "web.key"):
        with pytest.raises(CustodyError, match="no such key"):
            custody_files.hand_out(folder.dir, name, folder.media / "again.json")
    with pytest.raises(CustodyError, match="never overwritten"):
        custody_files.hand_out(folder.dir, "print-house", folder.media / "team.json")
    assert (folder.dir / "custody" / "print-house.json").exists()


@pytest.mark.parametrize(
    ("room_bytes", "place"), [(0, "a.share"), (100, "a.share"), (1000, "locked.json")]
)
def test_a_full_disk_leaves_the_keys_as_they_were(folder: Folder, room_bytes, place) -> None:
    before, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room_bytes, hard))
    try:
        with pytest.raises(CustodyError, match=re.escape(place)):
            folder.split()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, hard))
    assert custody.load_run(folder.dir) == folder.run
    assert custody_files.unfinished(folder.dir) == []
    assert bool(list(folder.media.iterdir())) is (place == "locked.json")
