import xml.etree.ElementTree as ET

import pytest

from openregie.lab.plot import Axis, Point, Row, Series, draw_points, draw_rows, show

SVG = "{http://www.w3.org/2000/svg}"
SHARE = Axis("share", 0, 1)
SECONDS = Axis("time", 1, 1000, "s", log=True)


def _points(name="ours", *, joined=False, count=3):
    return Series(name, tuple(Point(n / 10, n / 10, 0, 0.5) for n in range(count)), joined)


def _texts(svg):
    root = ET.fromstring(svg)
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")], root


def test_a_plot_says_its_title_its_axes_its_units_and_what_it_shows():
    texts, root = _texts(
        draw_points(
            "Time < town", "Grows & stays <low>.", SHARE, SECONDS, [_points()], even="a = b"
        )
    )
    assert {"Time < town", "share", "time (s)", "ours", "a = b"} <= set(texts)
    assert root.find(f"{SVG}title").text == "Time < town"
    assert root.find(f"{SVG}desc").text == "Grows & stays <low>."


def test_a_plot_is_readable_on_a_phone():
    root = ET.fromstring(draw_points("t", "d", SHARE, SHARE, [_points()]))
    assert root.get("viewBox").split()[2] == "360"
    assert "font:12px" in root.find(f"{SVG}style").text


def test_a_plot_carries_no_style_on_its_elements_and_no_script():
    svg = draw_points("t", "d", SHARE, SHARE, [_points(joined=True)]) + draw_rows(
        "t", "d", SHARE, [Row("a", 0.5, 0.4, 0.6)]
    )
    assert " style=" not in svg
    assert "script" not in svg


def test_series_differ_in_shape_and_dash():
    svg = draw_points(
        "t", "d", SHARE, SHARE, [_points("a", joined=True), _points("b", joined=True)]
    )
    root = ET.fromstring(svg)
    marks = [one for one in root.iter() if "mark" in one.get("class", "").split()]
    shapes = {one.get("class"): one.tag.removeprefix(SVG) for one in marks}
    assert shapes == {"mark series-0": "circle", "mark series-1": "rect"}
    assert ".line.series-1{stroke-dasharray" in svg
    with pytest.raises(ValueError, match="at most 4"):
        draw_points("t", "d", SHARE, SHARE, [_points(str(n)) for n in range(5)])


def test_a_value_lies_where_its_axis_says():
    assert Axis("x", 1, 100, log=True).place(10) == pytest.approx(0.5)
    assert Axis("x", 0, 4).place(1) == pytest.approx(0.25)
    assert Axis("x", 0, 4).place(9) == 1
    assert Axis("x", 1, 100, log=True).place(0) == 0
    circle = ET.fromstring(
        draw_points("t", "d", Axis("x", 0, 1), SHARE, [Series("s", (Point(1, 1),))])
    ).find(f"{SVG}circle")
    assert (float(circle.get("cx")), float(circle.get("cy"))) == (346, 60)


@pytest.mark.parametrize(
    ("axis", "ticks"),
    [
        (SHARE, (0, 0.2, 0.4, 0.6, 0.8, 1)),
        (Axis("x", 0.9, 1), (0.9, 0.92, 0.94, 0.96, 0.98, 1)),
        (Axis("x", 0, 9000), (0, 2000, 4000, 6000, 8000)),
        (Axis("x", 1e-6, 1, log=True), (1e-6, 1e-4, 1e-2, 1)),
        (Axis("x", 2, 9, log=True), (2, 9)),
    ],
)
def test_ticks_are_round(axis, ticks):
    assert axis.ticks() == pytest.approx(ticks)


def test_bars_begin_at_nought_and_a_cut_axis_has_dots():
    whole = ET.fromstring(draw_rows("t", "d", SHARE, [Row("a", 0.5)]))
    bars = [one for one in whole.iter(f"{SVG}rect") if one.get("class") == "series-0"]
    assert [float(one.get("width")) for one in bars] == [166]
    cut = ET.fromstring(draw_rows("t", "d", Axis("x", 0.9, 1), [Row("a", 0.95)]))
    assert [one.get("class") for one in cut.iter(f"{SVG}rect")] == ["paper"]
    assert float(cut.find(f"{SVG}circle").get("cx")) == 180


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0"), (0.25, "0.25"), (0.001, "0.001"), (1e-6, "1e-6"), (160_000, "160,000"), (12, "12")],
)
def test_numbers_are_written_as_people_read_them(value, words):
    assert show(value) == words
