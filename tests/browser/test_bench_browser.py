"""What the bench measures in Chromium is the product's own code, and it opens what it sealed."""

from pathlib import Path

from openregie.lab import bench, bench_browser
from openregie.lab.bench_figure import Scene

ROOT = Path(__file__).resolve().parents[2]


def test_each_suite_of_this_chromium_and_the_proofs_are_measured(tmp_path, monkeypatch):
    monkeypatch.setattr(bench_browser, "LEAVES", 100)
    monkeypatch.setattr(bench_browser, "PROOFS", 5)
    rows = bench_browser.measure(Scene(tmp_path, ROOT / "content", quick=True))
    found = {row.name: row for row in rows}
    assert {"chromium-open-s0", "chromium-reseal-s0", "chromium-proof"} <= set(found)
    assert all(run > 0 for row in rows for run in row.runs)
    assert len(found["chromium-open-s0"].peers) == 2


def test_without_chromium_its_rows_are_left_out_with_what_to_do(monkeypatch):
    monkeypatch.setattr(bench_browser.shutil, "which", lambda _: None)
    (group,) = bench.measure(bench.choose(["browser"]), content=ROOT / "content")
    assert "Chromium is missing; `make chromium`" in group["rows"][0]["left_out"]
