import json
import platform
from datetime import date

import pytest
from click.testing import CliRunner

from openregie.cli.bench import command
from openregie.lab import bench, bench_machine
from openregie.lab.bench import Measured, Row
from openregie.lab.bench_figure import Figure, Peer, Scene, in_turns
from openregie.lab.bench_machine import Machine
from openregie.lab.bench_tenant import make_folder, spend
from openregie.lab.errors import BenchFailed

MACHINE = Machine("a processor", 2, 8.0, "Linux", "3.11.7", ("duckdb 2.0.0",))
FIGURE = Figure(
    "seal", "items sealed", "items/s", (10.0, 30.0, 20.0), Peer("bare", (40.0, 50.0, 45.0))
)


def measured(load_before=0.1):
    return Measured(date(2026, 11, 1), MACHINE, (Row(FIGURE, load_before, 2.0),))


def test_a_row_says_median_lowest_highest_and_the_ratio_to_its_peer():
    told = FIGURE.to_json()
    assert (told["median"], told["min"], told["max"]) == (20.0, 10.0, 30.0)
    assert told["peer"]["median"] == 45.0
    assert told["ratio"] == round(20 / 45, 3)  # of 0.25, 0.6 and 0.444
    assert told["better"] == "higher"


def test_a_row_without_a_peer_has_no_ratio():
    told = Figure("run", "seconds", "s", (3.0,)).to_json()
    assert (told["peer"], told["ratio"], told["better"]) == (None, None, "lower")


def test_the_page_states_the_machine_and_its_load():
    page = bench.page(measured())
    assert "2 x a processor, 8 GB, Linux" in page
    assert "| seal | 20.00 | 10.00 | 30.00 | items/s | 3 | bare: 45.00 | 0.44 | 0.1 - 2.0 |" in page
    assert "- **seal**: items sealed" in page
    assert "busy with other work" not in page


def test_the_page_says_when_the_machine_was_busy_before_we_began():
    assert bench_machine.is_busy(1.2, processors=2)
    assert "busy with other work" in bench.page(measured(load_before=1.2))


def test_ours_and_theirs_are_measured_in_turns():
    order = []
    ours, theirs = in_turns(
        lambda: order.append("ours"), lambda: order.append("theirs"), amount=1, runs=3
    )
    assert order == ["ours", "theirs"] * 4
    assert len(ours) == len(theirs) == 3


def test_every_bench_has_a_name_of_its_own():
    assert len(set(bench.NAMES)) == len(bench.BENCHES)


def test_a_bench_that_is_not_there_is_refused_before_anything_is_measured(tmp_path):
    with pytest.raises(BenchFailed, match="no bench `fly`"):
        bench.measure(["fly"], content=tmp_path, on=date(2026, 11, 1))


def test_canonical_json_is_measured_beside_the_library_it_agrees_with(tmp_path, monkeypatch):
    monkeypatch.setattr(bench.bench_sealing, "ITEMS", 5)
    (figure,) = bench.bench_sealing.measure_jcs(Scene(tmp_path, tmp_path))
    assert len(figure.runs) == len(figure.peer.runs) == 5
    assert all(run > 0 for run in figure.runs)


@pytest.mark.parametrize("measure", ["measure_sealing", "measure_opening"])
def test_each_suite_is_measured_beside_bare_hpke(tmp_path, monkeypatch, measure):
    monkeypatch.setattr(bench.bench_sealing, "ITEMS", 3)
    figures = getattr(bench.bench_sealing, measure)(Scene(tmp_path, tmp_path))
    assert [figure.name[-2:] for figure in figures] == ["s0", "s1", "s2"]


def test_a_page_is_never_written_from_some_rows(tmp_path):
    page = tmp_path / "benchmarks.md"
    done = CliRunner().invoke(command, ["--only", "jcs", "--write", str(page)])
    assert done.exit_code == 2
    assert not page.exists()


def test_one_bench_can_be_asked_for_by_name(monkeypatch):
    monkeypatch.setattr(bench.bench_sealing, "ITEMS", 5)
    done = CliRunner().invoke(command, ["--only", "jcs", "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert [row["name"] for row in told["rows"]] == ["jcs"]
    assert set(told["rows"][0]["load"]) == {"before", "after"}
    assert platform.node() not in done.stdout


def test_a_process_is_measured_in_time_and_memory():
    spent = spend("platform", [])
    assert spent.seconds > 0
    assert spent.peak_mb > 1
    assert platform.system() in spent.output


def test_a_process_that_fails_gives_no_figure():
    with pytest.raises(BenchFailed, match="ended with code"):
        spend("openregie.no_such_module", [])


def test_a_folder_to_measure_in_has_the_keys_of_a_synthetic_municipality(tmp_path):
    folder = make_folder(tmp_path / "town", seed=7, sources=["landlord", "landlord"])
    assert json.loads((folder / "openregie.json").read_text())["synthetic"] is True
    assert (folder / "public" / "sources" / "landlord.json").is_file()
