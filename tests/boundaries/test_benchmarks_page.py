"""docs/benchmarks.md and its plots come from the file of results alone."""

import re
from pathlib import Path

import pytest

from openregie.lab import bench, bench_page, bench_plots, bench_results

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "benchmarks.md"
RESULTS = bench_results.read(PAGE.with_suffix(".json"))
GROUPS = {name: RESULTS[name] for name in bench.NAMES if name in RESULTS}
NAMED = re.compile(r"\[([^\]]*)\]\((?:docs/)?benchmarks\.md#([a-z0-9-]+)\)")
FIGURES = {
    row["name"]: row for group in GROUPS.values() for row in group["rows"] if "left_out" not in row
}


def test_the_page_is_what_the_results_say():
    assert PAGE.read_text(encoding="utf-8") == bench_page.page(GROUPS)


def test_each_plot_is_what_the_results_say_and_no_other_lies_there():
    plots = {f"{plot.name}.svg": plot.svg for plot in bench_plots.draw(GROUPS)}
    folder = PAGE.parent / bench_plots.FOLDER
    assert {file.name: file.read_text("utf-8") for file in folder.glob("*.svg")} == plots


def test_the_results_hold_no_group_that_is_no_longer_measured():
    assert set(RESULTS) <= set(bench.NAMES)


def test_no_quick_figure_reached_the_page():
    assert not any(group["quick"] for group in RESULTS.values())


@pytest.mark.parametrize(
    "page",
    [ROOT / "README.md", ROOT / "DEVELOPERS.md", *sorted((ROOT / "docs").rglob("*.md"))],
    ids=lambda path: path.name,
)
def test_every_figure_named_elsewhere_is_in_the_results(page):
    """Written `[12.5 s](benchmarks.md#run-20000)`: the number is the row's median, as shown."""
    for words, name in NAMED.findall(page.read_text(encoding="utf-8")):
        assert name in FIGURES, f"{page.name} names {name}, which was not measured"
        row = FIGURES[name]
        number = words.split()[0]
        assert number == bench_page.number(row["median"], row["unit"]), f"{page.name}: {name}"
