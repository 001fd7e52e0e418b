"""The judge of FEBRL on pairs whose truth is plain; its rows go when its peers are away."""

import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openregie.lab import bench, bench_febrl
from openregie.lab.bench_febrl import Linker
from openregie.lab.bench_process import spend_command


def test_a_peer_is_judged_by_the_names_of_what_it_linked(tmp_path, monkeypatch):
    monkeypatch.setattr(bench_febrl, "TRUE_PAIRS", 4)
    out = tmp_path / "peer.csv"
    out.write_text(
        "left,right,probability\n"
        "rec-1-org,rec-1-dup-0,0.99\n"
        "rec-2-org,rec-3-dup-0,0.97\n"
        "rec-4-org,rec-4-dup-0,0.60\n"
        "rec-5-org,rec-5-dup-0,0.50\n"
    )
    found = Linker("peer", (), out).judge()
    assert (found["precision"], found["recall"]) == (0.5, 0.25)
    assert found["f1"] == pytest.approx(2 * 3 / (4 + 4))  # with all four: three right


def test_ours_is_judged_by_what_it_called_certain(tmp_path, monkeypatch):
    monkeypatch.setattr(bench_febrl, "TRUE_PAIRS", 2)
    out = tmp_path / "ours.parquet"
    rows = {
        "record_id": ["rec-1-dup-0", "rec-2-dup-0", "rec-3-dup-0"],
        "candidate": ["rec-1-org", "rec-2-org", None],
        "probability": [0.999, 0.999, 0.0],
        "class": ["certain", "household", "none"],
    }
    pq.write_table(pa.table(rows), out)
    found = Linker("ours", (), out).judge()
    assert (found["precision"], found["recall"], found["f1"]) == (1.0, 0.5, 1.0)


def test_without_its_peers_febrl_is_left_out_and_says_how_to_get_them(tmp_path):
    (tmp_path / "content").mkdir()
    groups = bench.choose(["febrl"])
    (group,) = bench.measure(groups, content=tmp_path / "content")
    assert "make bench-peers" in group["rows"][0]["left_out"]


def test_splink_runs_with_its_documented_settings_on_two_files(tmp_path):
    """Every setting named in `peer_splink` still exists in the Splink that is installed."""
    head = "rec_id,given_name,surname,street_number,address_1,address_2,suburb,postcode,state"
    head += ",date_of_birth,soc_sec_id\n"
    for side, end in (("a", "org"), ("b", "dup-0")):
        lines = [
            f"rec-{n}-{end},name{n % 7},sur{n % 11},{n % 5},street {n % 13},,town,{2000 + n % 9},"
            f"nsw,19{50 + n % 40}0{1 + n % 9}1{n % 10},{1000000 + n}\n"
            for n in range(300)
        ]
        (tmp_path / f"febrl4{side}.csv").write_text(head + "".join(lines))
    out = tmp_path / "out.csv"
    command = [sys.executable, "-m", "openregie.lab.peer_splink", str(tmp_path), str(out)]
    spend_command(command, name="Splink")
    assert out.read_text().startswith("left,right,probability\n")
    assert len(out.read_text().splitlines()) > 200
