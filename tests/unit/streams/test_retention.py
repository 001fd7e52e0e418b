"""The day before its term ends a file is there; the day after it is gone."""

import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from openregie.blind.streams.declaration import load_all
from openregie.blind.streams.inbox import keep, list_kept
from openregie.blind.streams.manifest import parse_manifest
from openregie.blind.streams.retention import sweep, unfinished
from openregie.policy.keeping import load

STREAMS = load_all(Path(__file__).parents[3] / "content" / "streams")
TERMS = load(Path(__file__).parents[3] / "content" / "retention.yaml")
DELIVERED = date(2026, 3, 2)
DELIVERED_STREAMS = sorted(name for name, one in STREAMS.items() if not one.sealed_return)
RETURNED_STREAMS = sorted(name for name, one in STREAMS.items() if one.sealed_return)


def deliver(inbox, stream):
    told = {
        "v": 1,
        "stream": stream,
        "supplier": {"name": "Bron", "oin": "00000001000000000000"},
        "delivered_on": DELIVERED.isoformat(),
        "covers": {"from_on": "2026-02-01", "until_on": "2026-03-01"},
        "attests": [],
        "sha256": "0" * 64,
    }
    return keep(b"x" * 100, parse_manifest(told), sealed_by_source=True, inbox=inbox)[0]


def gone(inbox, *, on):
    return sum(one.number for one in sweep(inbox, STREAMS.values(), TERMS, on=on))


def after(stream, days):
    return DELIVERED + timedelta(days=STREAMS[stream].retention_days + days)


@pytest.mark.parametrize("stream", DELIVERED_STREAMS)
def test_a_delivery_is_there_to_the_last_day_of_its_term_and_not_a_day_longer(tmp_path, stream):
    file = deliver(tmp_path, stream)
    assert gone(tmp_path, on=after(stream, 0)) == 0
    assert file.exists()
    (swept,) = sweep(tmp_path, STREAMS.values(), TERMS, on=after(stream, 1))
    assert (swept.number, swept.bytes) == (1, 100)
    assert [one.name for one in file.parent.iterdir()] == [f"{file.stem}.gone"]
    assert list_kept(tmp_path, stream) == ([], {})


@pytest.mark.parametrize("stream", RETURNED_STREAMS)
def test_a_return_is_there_to_the_last_day_of_its_term_and_not_a_day_longer(tmp_path, stream):
    (tmp_path / stream).mkdir()
    file = tmp_path / stream / "00.return"
    file.write_text("{}")
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp()
    os.utime(file, (noon, noon))
    assert gone(tmp_path, on=after(stream, 0)) == 0
    assert gone(tmp_path, on=after(stream, 1)) == 1
    assert not file.exists()


def test_a_tombstone_says_stream_days_and_size_and_nothing_else(tmp_path):
    file = deliver(tmp_path, "rent_arrears")
    on = after("rent_arrears", 1)
    sweep(tmp_path, STREAMS.values(), TERMS, on=on)
    assert json.loads(file.with_suffix(".gone").read_text()) == {
        "v": 1,
        "stream": "rent_arrears",
        "delivered_on": "2026-03-02",
        "removed_on": on.isoformat(),
        "bytes": 100,
    }


def test_what_an_interrupted_sweep_left_is_finished_by_the_next(tmp_path):
    file = deliver(tmp_path, "rent_arrears")
    file.with_suffix(".gone").write_text("{}")
    file.with_suffix(".json").unlink()
    sweep(tmp_path, STREAMS.values(), TERMS, on=DELIVERED)
    assert not file.exists()


def test_a_delivery_whose_manifest_cannot_be_read_goes_by_the_day_of_its_file(tmp_path):
    file = deliver(tmp_path, "rent_arrears")
    manifest = file.with_suffix(".json")
    manifest.write_text("{")
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp()
    os.utime(manifest, (noon, noon))
    assert gone(tmp_path, on=after("rent_arrears", 0)) == 0
    assert gone(tmp_path, on=after("rent_arrears", 1)) == 1


def test_a_dry_run_says_what_would_go_and_why_and_takes_nothing(tmp_path):
    file = deliver(tmp_path, "rent_arrears")
    on = after("rent_arrears", 1)
    (would,) = sweep(tmp_path, STREAMS.values(), TERMS, on=on, dry=True)
    assert "content/streams/rent_arrears.yaml" in would.why
    assert file.exists()
    assert sweep(tmp_path, STREAMS.values(), TERMS, on=on) == [would]


def test_sweeping_again_takes_nothing_more_until_the_tombstone_ends(tmp_path):
    file = deliver(tmp_path, "rent_arrears")
    on = after("rent_arrears", 1)
    assert gone(tmp_path, on=on) == 1
    assert gone(tmp_path, on=on) == 0
    days = TERMS.days["tombstones"]
    assert gone(tmp_path, on=on + timedelta(days=days)) == 0
    assert gone(tmp_path, on=on + timedelta(days=days + 1)) == 1
    assert list(file.parent.iterdir()) == []


def test_what_a_killed_process_left_goes_and_what_one_writes_now_stays(tmp_path):
    old, fresh = tmp_path / ".a.age.1.part", tmp_path / "2.tmp"
    old.write_text("half")
    fresh.write_text("half")
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp()
    os.utime(old, (noon, noon))
    today = datetime.now(UTC).date()
    (ended,) = unfinished([tmp_path], TERMS, on=today, dry=False)
    assert ended.number == 1
    assert [one.name for one in tmp_path.iterdir()] == ["2.tmp"]
