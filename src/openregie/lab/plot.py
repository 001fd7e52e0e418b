"""Plots as SVG, written by the commands that measure: points with intervals, lines, rows and bars.

Drawn 360 units wide, so that a phone shows the letters at their own size. Series differ in shape
and dash, never in colour alone; letters are dark on white in every theme.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 360, 338
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 14, 60, 52
_LEGEND_LINE = 18
_SHAPES = ("circle", "square", "diamond", "triangle")
_MOST_TICKS = 6
_ROW = 42
_CHARACTERS_A_LINE = 40
_STYLE = """
.paper{fill:#fff}
.text{fill:#1a1a1a;font:12px system-ui,sans-serif}
.title{font-weight:600;font-size:14px}
.axis{stroke:#1a1a1a;stroke-width:1;fill:none}
.grid{stroke:#d4d4d4;stroke-width:1}
.even{stroke:#595959;stroke-width:1.5;stroke-dasharray:2 4}
.line{fill:none;stroke-width:2}
.mark{stroke-width:1.5}
.spread{stroke-width:1.5}
.series-0{stroke:#154273;fill:#154273}
.series-1{stroke:#8f3b00;fill:#fff;stroke-dasharray:none}
.series-2{stroke:#2b6b1d;fill:#2b6b1d}
.series-3{stroke:#6b2f82;fill:#fff}
.line.series-0,.line.series-1,.line.series-2,.line.series-3{fill:none}
.line.series-1{stroke-dasharray:6 4}
.line.series-2{stroke-dasharray:2 3}
.line.series-3{stroke-dasharray:8 3 2 3}
""".strip()


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis. `low` and `high` are in `unit`; `unit` is empty for a share or a plain count."""

    name: str
    low: float
    high: float
    unit: str = ""
    log: bool = False

    @property
    def title(self) -> str:
        """Name, with the unit behind it."""
        return f"{self.name} ({self.unit})" if self.unit else self.name

    def place(self, value: float) -> float:
        """Where a value lies: 0 at the low end, 1 at the high end; outside values at the edge."""
        low, high, at = self.low, self.high, min(max(value, self.low), self.high)
        if self.log:
            low, high, at = log10(low), log10(high), log10(at)
        return (at - low) / (high - low)

    def ticks(self) -> tuple[float, ...]:
        """A handful of round values from low to high."""
        if self.log:
            powers = range(ceil(log10(self.low) - 1e-9), floor(log10(self.high) + 1e-9) + 1)
            each = ceil(len(powers) / _MOST_TICKS) or 1
            found = tuple(10.0**power for power in powers[::each])
            return found if len(found) > 1 else (self.low, self.high)
        step = _round_step((self.high - self.low) / (_MOST_TICKS - 1))
        first = ceil(self.low / step - 1e-9)
        last = floor(self.high / step + 1e-9)
        return tuple(round(number * step, 12) for number in range(first, last + 1))


@dataclass(frozen=True, slots=True)
class Point:
    """One measured value; `low` and `high` are its interval when both are given."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Points that belong together; `joined` draws a line through them."""

    name: str
    points: tuple[Point, ...]
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One named value; `low` and `high` are its interval when both are given."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None


def draw_points(
    title: str, told: str, x: Axis, y: Axis, series: Sequence[Series], *, even: str = ""
) -> str:
    """A plot of points. `told` says in words what it shows; `even` names the line y = x, if drawn.

    Raises ValueError for more series than there are shapes.
    """
    if len(series) > len(_SHAPES):
        raise ValueError(f"plot: at most {len(_SHAPES)} series tell each other apart")
    frame = _Frame(x, y, legend=len(series) + bool(even))
    body = [_grid(frame)]
    if even:
        body.append(_even(frame))
    for number, one in enumerate(series):
        body += _series(frame, number, one)
    names = [*((one.name, f"series-{n}", _SHAPES[n]) for n, one in enumerate(series))]
    body += _legend(frame, [*names, (even, "even", "")] if even else names)
    return _picture(title, told, frame, body)


def draw_rows(title: str, told: str, value: Axis, rows: Sequence[Row]) -> str:
    """One row for each name, with its value written out and, where given, its interval.

    Bars where the axis begins at nought, else dots: a bar that is cut off lies about sizes.
    """
    height = _TOP + _ROW * len(rows) + _BOTTOM
    frame = _Frame(value, Axis("", 0, max(len(rows), 1)), legend=0, height=height, left=_RIGHT)
    body = [_grid(frame, rows=False)]
    for number, row in enumerate(rows):
        top = _TOP + number * _ROW
        end, middle = frame.at_x(row.value), top + 28
        words = escape(f"{row.name}: {show(row.value)}")
        body.append(f'<text class="text" x="{frame.left + 4}" y="{top + 16}">{words}</text>')
        if value.low == 0:
            body.append(
                f'<rect class="series-0" x="{frame.left}" y="{top + 22}" '
                f'width="{_n(max(end - frame.left, 1))}" height="12"/>'
            )
        if row.low is not None and row.high is not None:
            low, high = frame.at_x(row.low), frame.at_x(row.high)
            body.append(
                f'<path class="axis" d="M{_n(low)} {middle}H{_n(high)}M{_n(low)} {middle - 4}v8'
                f'M{_n(high)} {middle - 4}v8"/>'
            )
        if value.low != 0:
            body.append(_mark("circle", "mark series-0", end, middle))
    return _picture(title, told, frame, body)


def show(value: float) -> str:
    """A number as an axis or a bar says it: `0.001`, `2.5`, `160,000`."""
    if value and abs(value) < 0.0001:  # noqa: PLR2004 - more zeros than one can count
        return f"{value:.0e}".replace("e-0", "e-")
    text = f"{value:,.4f}" if abs(value) < 100 else f"{value:,.0f}"  # noqa: PLR2004 - three digits
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True, slots=True)
class _Frame:
    x: Axis
    y: Axis
    legend: int
    height: int = 0
    left: int = _LEFT

    @property
    def full_height(self) -> int:
        return (self.height or HEIGHT) + self.legend * _LEGEND_LINE

    @property
    def bottom(self) -> int:
        return (self.height or HEIGHT) - _BOTTOM

    def at_x(self, value: float) -> float:
        return self.left + self.x.place(value) * (WIDTH - _RIGHT - self.left)

    def at_y(self, value: float) -> float:
        return self.bottom - self.y.place(value) * (self.bottom - _TOP)


def _round_step(rough: float) -> float:
    power: float = 10.0 ** floor(log10(rough))
    return next(power * nice for nice in (1, 2, 5, 10) if power * nice >= rough - 1e-12)


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _grid(frame: _Frame, *, rows: bool = True) -> str:
    parts: list[str] = []
    for value in frame.x.ticks():
        at = _n(frame.at_x(value))
        parts.append(f'<path class="grid" d="M{at} {_TOP}V{frame.bottom}"/>')
        anchor = "end" if frame.x.place(value) > 0.97 else "middle"  # noqa: PLR2004 - at the edge
        anchor = "start" if frame.left < _LEFT and not frame.x.place(value) else anchor
        parts.append(
            f'<text class="text" x="{at}" y="{frame.bottom + 16}" text-anchor="{anchor}">'
            f"{show(value)}</text>"
        )
    for value in frame.y.ticks() if rows else ():
        at = _n(frame.at_y(value))
        parts.append(f'<path class="grid" d="M{frame.left} {at}H{WIDTH - _RIGHT}"/>')
        parts.append(
            f'<text class="text" x="{frame.left - 6}" y="{_n(frame.at_y(value) + 4)}" '
            f'text-anchor="end">{show(value)}</text>'
        )
    edge = f"M{frame.left} {_TOP}V{frame.bottom}" + (f"H{WIDTH - _RIGHT}" if rows else "")
    parts.append(f'<path class="axis" d="{edge}"/>')
    middle = (frame.left + WIDTH - _RIGHT) / 2
    parts.append(
        f'<text class="text" x="{_n(middle)}" y="{frame.bottom + 36}" text-anchor="middle">'
        f"{escape(frame.x.title)}</text>"
    )
    if frame.y.name:
        parts.append(
            f'<text class="text" x="{_RIGHT - 6}" y="{_TOP - 9}">{escape(frame.y.title)}</text>'
        )
    return "".join(parts)


def _even(frame: _Frame) -> str:
    low = max(frame.x.low, frame.y.low)
    high = min(frame.x.high, frame.y.high)
    return (
        f'<path class="even" d="M{_n(frame.at_x(low))} {_n(frame.at_y(low))}'
        f'L{_n(frame.at_x(high))} {_n(frame.at_y(high))}"/>'
    )


def _series(frame: _Frame, number: int, series: Series) -> list[str]:
    parts: list[str] = []
    places = [(frame.at_x(point.x), frame.at_y(point.y)) for point in series.points]
    if series.joined and places:
        path = "L".join(f"{_n(x)} {_n(y)}" for x, y in places)
        parts.append(f'<path class="line series-{number}" d="M{path}"/>')
    for point, (x, y) in zip(series.points, places, strict=True):
        if point.low is not None and point.high is not None:
            low, high = _n(frame.at_y(point.low)), _n(frame.at_y(point.high))
            parts.append(
                f'<path class="spread series-{number}" d="M{_n(x)} {low}V{high}'
                f'M{_n(x - 3)} {low}h6M{_n(x - 3)} {high}h6"/>'
            )
        parts.append(_mark(_SHAPES[number], f"mark series-{number}", x, y))
    return parts


def _mark(shape: str, name: str, x: float, y: float) -> str:
    if shape == "circle":
        return f'<circle class="{name}" cx="{_n(x)}" cy="{_n(y)}" r="4"/>'
    if shape == "square":
        return f'<rect class="{name}" x="{_n(x - 4)}" y="{_n(y - 4)}" width="8" height="8"/>'
    if shape == "diamond":
        return f'<path class="{name}" d="M{_n(x)} {_n(y - 5)}l5 5l-5 5l-5 -5z"/>'
    return f'<path class="{name}" d="M{_n(x)} {_n(y - 5)}l5 9h-10z"/>'


def _legend(frame: _Frame, names: Sequence[tuple[str, str, str]]) -> list[str]:
    parts: list[str] = []
    for number, (words, name, shape) in enumerate(names):
        y = frame.bottom + 56 + number * _LEGEND_LINE
        if shape:
            parts.append(_mark(shape, f"mark {name}", _LEFT - 20, y - 4))
        else:
            parts.append(f'<path class="{name}" d="M{_LEFT - 32} {y - 4}h24"/>')
        parts.append(f'<text class="text" x="{_LEFT}" y="{y}">{escape(words)}</text>')
    return parts


def _picture(title: str, told: str, frame: _Frame, body: Sequence[str]) -> str:
    lines = _wrap(title)
    words = "".join(
        f'<tspan x="{_RIGHT - 6}" dy="{0 if not n else 16}">{escape(line)}</tspan>'
        for n, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {frame.full_height}" '
        f'width="{WIDTH * 3 // 2}" role="img" aria-labelledby="title told">\n'
        f'<title id="title">{escape(title)}</title>\n<desc id="told">{escape(told)}</desc>\n'
        f"<style>{_STYLE}</style>\n"
        f'<rect class="paper" width="{WIDTH}" height="{frame.full_height}"/>\n'
        f'<text class="text title" y="18">{words}</text>\n' + "\n".join(body) + "\n</svg>\n"
    )


def _wrap(text: str) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= _CHARACTERS_A_LINE:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
