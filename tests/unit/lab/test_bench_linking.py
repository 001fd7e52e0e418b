from pathlib import Path

from openregie.lab.bench_figure import Scene
from openregie.lab.bench_linking import measure

CONTENT = Path(__file__).parents[3] / "content"


def test_a_quick_look_gives_each_row_with_its_bound(tmp_path):
    figures = measure(Scene(tmp_path, CONTENT, quick=True))
    assert [(f.name, f.size, f.target.at_most) for f in figures] == [
        ("link-8000x2500", 2500, 12.0),
        ("link-500-new", 500, 5.0),
        ("link-1-new", 1, 0.5),
    ]
    assert all(len(figure.runs) == 1 and figure.runs[0] > 0 for figure in figures)
