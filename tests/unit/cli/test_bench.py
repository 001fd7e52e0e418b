import json
import platform
import subprocess
import sys

import pytest
from click.testing import CliRunner

from openregie.cli.bench import command
from openregie.lab import bench, bench_machine, bench_page, bench_plots, bench_results
from openregie.lab.bench_figure import Figure, Group, LeftOut, Need, Peer, Scene, Target, in_turns
from openregie.lab.bench_process import spend
from openregie.lab.bench_tenant import make_folder
from openregie.lab.errors import BenchFailed

RUNS = (10.0, 30.0, 20.0)
BARE = Peer("bare", (40.0, 50.0, 45.0))
FIGURE = Figure("seal", "items sealed", "items/s", RUNS, (BARE,))


def group_of(*rows, name="seal", load_before=0.1):
    return {
        "group": name,
        "at": "2026-11-01T10:00Z",
        "took_seconds": 3,
        "quick": False,
        "commit": "abc1234",
        "machine": ["2 x a processor, 8 GB, Linux", "Python 3.11.7; duckdb 2.0.0"],
        "load": {"before": load_before, "after": 2.0},
        "busy": bench_machine.is_busy(load_before, 2),
        "rows": [row.to_json() for row in rows],
    }


def registered(monkeypatch, *groups):
    monkeypatch.setattr(bench, "GROUPS", groups)
    monkeypatch.setattr(bench, "NAMES", tuple(group.name for group in groups))
    return groups


def test_a_row_says_median_lowest_highest_and_the_ratio_to_its_peer():
    told = FIGURE.to_json()
    assert (told["median"], told["min"], told["max"]) == (20.0, 10.0, 30.0)
    (peer,) = told["peers"]
    assert peer["median"] == 45.0
    assert peer["ratio"]["median"] == round(20 / 45, 6)  # of 0.25, 0.6 and 0.444
    assert (peer["ratio"]["min"], peer["ratio"]["max"]) == (0.25, 0.6)
    assert told["better"] == "higher"


def test_a_row_without_a_peer_has_no_ratio():
    told = Figure("run", "seconds", "s", (3.0,)).to_json()
    assert (told["peers"], told["better"]) == ([], "lower")
    assert "target" not in told


@pytest.mark.parametrize(
    ("target", "told"),
    [
        (Target(at_least=20), "at least 20.00: met"),
        (Target(at_least=21), "at least 21.00: **not met**"),
        (Target(at_most=20), "at most 20.00: met"),
        (Target(at_most=19), "at most 19.00: **not met**"),
        (Target(at_least=0.4, of="ratio"), "ratio at least 0.40: met"),
        (Target(at_least=0.5, of="ratio"), "ratio at least 0.50: **not met**"),
    ],
)
def test_a_target_is_met_or_not_and_the_page_says_which(target, told):
    row = Figure("seal", "items sealed", "items/s", RUNS, (BARE,), target)
    assert f"| {told} |" in bench_page.page({"seal": group_of(row)})


def test_the_page_states_machine_load_commit_and_day():
    page = bench_page.page({"seal": group_of(FIGURE)})
    assert (
        "| seal | 20.00 | 10.00 | 30.00 | items/s | 3 | bare: 45.00 | 0.44 (0.25 - 0.60) |  |"
        " 0.1 - 2.0 |"
    ) in page
    assert '<a id="seal"></a>**seal**: items sealed' in page
    assert (
        "Measured on 2026-11-01, commit abc1234, 2 x a processor, 8 GB, Linux; "
        "Python 3.11.7; duckdb 2.0.0: seal."
    ) in page
    assert "busy with other work" not in page


def test_the_page_says_when_the_machine_was_busy_before_we_began():
    assert bench_machine.is_busy(1.2, processors=2)
    assert "busy with other work" in bench_page.page({"seal": group_of(FIGURE, load_before=1.2)})


def test_a_share_keeps_the_digits_that_tell_it_from_one():
    assert bench_page.number(0.99995, "share") == "0.99995"
    assert bench_page.number(1.0, "share") == "1.0000"
    assert bench_page.number(0.658, "share") == "0.6580"


def test_ours_and_theirs_are_measured_in_turns():
    order = []
    ours, theirs = in_turns(
        lambda: order.append("ours"), lambda: order.append("theirs"), amount=1, runs=3
    )
    assert order == ["ours", "theirs"] * 4
    assert len(ours) == len(theirs) == 3


def test_every_group_has_a_name_of_its_own():
    assert len(set(bench.NAMES)) == len(bench.GROUPS)


def test_a_group_that_is_not_there_is_refused_before_anything_is_measured():
    with pytest.raises(BenchFailed, match="no bench `fly`"):
        bench.choose(["fly"])


def test_a_large_group_runs_only_when_it_is_asked_for(monkeypatch):
    small, large = registered(
        monkeypatch,
        Group("small", "", "The run", lambda _: [], 1),
        Group("large", "", "The run", lambda _: [], 1, large=True),
    )
    assert bench.choose() == (small,)
    assert bench.choose(large=True) == (small, large)
    assert bench.choose(["large"]) == (large,)


def test_what_is_missing_or_fails_is_left_out_with_its_reason_and_the_rest_goes_on(
    tmp_path, monkeypatch
):
    def fails(_):
        raise BenchFailed("the town is gone")

    groups = registered(
        monkeypatch,
        Group("seal", "", "Sealing", lambda _: [FIGURE, LeftOut("seal-s2", "no s2 here")], 1),
        Group("peer", "", "Sealing", fails, 1, (Need("a peer", lambda _: False, "install it"),)),
        Group("run", "", "The run", fails, 1),
    )
    seal, peer, run = bench.measure(groups, content=tmp_path)
    assert [row["name"] for row in seal["rows"]] == ["seal", "seal-s2"]
    assert peer["rows"] == [{"name": "peer", "left_out": "a peer is missing; install it"}]
    assert run["rows"] == [{"name": "run", "left_out": "the town is gone", "failed": True}]
    assert "- **seal-s2**: left out: no s2 here" in bench_page.table([seal])


def test_a_page_keeps_what_was_measured_earlier_with_its_own_day_and_commit(tmp_path, monkeypatch):
    page = tmp_path / "benchmarks.md"
    bench_results.write(
        tmp_path / "benchmarks.json", {"log": group_of(FIGURE, name="log", load_before=0.1)}
    )
    monkeypatch.setattr(bench.bench_sealing, "ITEMS", 5)
    done = CliRunner().invoke(command, ["--only", "jcs", "--write", str(page)])
    assert done.exit_code == 0, done.output
    text = page.read_text()
    assert "Measured on 2026-11-01, commit abc1234" in text
    assert "| jcs |" in text
    again = CliRunner().invoke(command, ["--no-measure", "--write", str(page)])
    assert again.exit_code == 0, again.output
    assert page.read_text() == text


def test_a_file_that_holds_no_results_is_refused_before_anything_is_measured(tmp_path):
    (tmp_path / "benchmarks.json").write_text("{}")
    done = CliRunner().invoke(command, ["--write", str(tmp_path / "benchmarks.md")])
    assert isinstance(done.exception, BenchFailed)
    assert "remove it and measure anew" in str(done.exception)


def test_a_commit_is_named_and_changed_files_are_told(tmp_path):
    content = tmp_path / "content"
    content.mkdir()
    file = content / "file"
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b"]
    file.write_text("one")
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run([*git, *words], check=True)
    clean = bench_machine.commit(content)
    assert len(clean) >= 7
    file.write_text("two")
    assert bench_machine.commit(content) == clean + "+"


def test_canonical_json_is_measured_beside_the_library_it_agrees_with(tmp_path, monkeypatch):
    monkeypatch.setattr(bench.bench_sealing, "ITEMS", 5)
    (figure,) = bench.bench_sealing.measure_jcs(Scene(tmp_path, tmp_path))
    assert len(figure.runs) == len(figure.peers[0].runs) == 5
    assert all(run > 0 for run in figure.runs)


@pytest.mark.parametrize("measure", ["measure_sealing", "measure_opening"])
def test_each_suite_is_measured_beside_bare_hpke(tmp_path, monkeypatch, measure):
    monkeypatch.setattr(bench.bench_sealing, "ITEMS", 3)
    figures = getattr(bench.bench_sealing, measure)(Scene(tmp_path, tmp_path))
    assert [figure.name[-2:] for figure in figures] == ["s0", "s1", "s2"]


def test_one_bench_can_be_asked_for_by_name(monkeypatch):
    monkeypatch.setattr(bench.bench_sealing, "ITEMS", 5)
    done = CliRunner().invoke(command, ["--only", "jcs", "--json", "--quick"])
    assert done.exit_code == 0, done.output
    (group,) = json.loads(done.stdout)["groups"]
    assert [row["name"] for row in group["rows"]] == ["jcs"]
    assert len(group["rows"][0]["runs"]) == 1
    assert set(group["load"]) == {"before", "after"}
    assert platform.node() not in done.stdout


def test_a_process_is_measured_in_time_and_memory():
    spent = spend("platform", [])
    assert spent.seconds > 0
    assert spent.peak_mb > 1
    assert platform.system() in spent.output


def test_a_process_is_not_charged_for_the_memory_of_who_started_it():
    code = (
        "held = bytearray(200_000_000); held[::4096] = b'1' * len(held[::4096])\n"
        "from openregie.lab.bench_process import spend\n"
        "print(spend('platform', []).peak_mb)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 100


def test_a_process_that_fails_gives_no_figure():
    with pytest.raises(BenchFailed, match="ended with code"):
        spend("openregie.no_such_module", [])


def test_a_folder_to_measure_in_has_the_keys_of_a_synthetic_municipality(tmp_path):
    folder = make_folder(tmp_path / "town", seed=7, sources=["landlord", "landlord"])
    assert json.loads((folder / "openregie.json").read_text())["synthetic"] is True
    assert (folder / "public" / "sources" / "landlord.json").is_file()


def test_quick_figures_never_reach_the_page(tmp_path):
    page = tmp_path / "benchmarks.md"
    done = CliRunner().invoke(command, ["--quick", "--write", str(page)])
    assert done.exit_code == 2
    assert not page.exists()


def test_the_exponent_is_the_slope_of_the_logarithms():
    assert bench_plots.exponent([10, 100, 1000], [2, 20, 200]) == pytest.approx(1)
    assert bench_plots.exponent([10, 1000], [1, 10]) == pytest.approx(0.5)


def test_a_run_at_several_sizes_is_plotted_with_its_exponent():
    rows = [Figure(f"run-{n}", "", "s", (n / 100,), size=n) for n in (1000, 10_000, 100_000)]
    (plot,) = bench_plots.draw({"run": group_of(*rows, name="run")})
    assert "power 1.00, from 1,000 to 100,000" in plot.told
    assert "line of exponent 1.00" in plot.svg


def test_how_long_taking_in_holds_the_database_is_plotted_in_its_unit():
    rows = [Figure("take-in-p99", "", "ms", (4.0,)), Figure("take-in-longest", "", "ms", (9.0,))]
    (plot,) = bench_plots.draw({"take-in": group_of(*rows, name="take-in")})
    assert "take-in-longest: 9" in plot.svg
    assert "time (ms)" in plot.svg
