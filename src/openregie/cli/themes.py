"""Themes: one file of 19 values each, readable for everyone or refused. Source: WCAG 2.2."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from openregie.cli.problem import Problem

PREFIX = "--or-"
COLOURS = (
    "accent",
    "accent-strong",
    "accent-soft",
    "accent-line",
    "on-accent",
    "paper",
    "paper-deep",
    "surface",
    "ink",
    "ink-soft",
    "line",
    "line-strong",
    "attention",
    "attention-soft",
    "attention-line",
)
RADII = ("radius", "radius-control")
NAMES = (*COLOURS, *RADII, "font", "logo")
"""The 19 values of a theme."""

TEXT = 4.5
"""Lowest contrast of text with what is behind it: WCAG 2.2, success criterion 1.4.3 (AA)."""
OUTLINE = 3.0
"""Lowest contrast of what marks a control: WCAG 2.2, success criterion 1.4.11 (AA)."""
WHITE = "white"
PAIRS = (
    ("accent", "paper", TEXT),
    ("ink", "paper", TEXT),
    ("ink-soft", "paper-deep", TEXT),
    ("on-accent", "accent", TEXT),
    ("attention", "attention-soft", TEXT),
    (WHITE, "line-strong", TEXT),
    ("line-strong", "paper", OUTLINE),
)
"""Front, back and the lowest contrast that is allowed between them."""

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_VALUE = re.compile(r"(?<=[{;\s])(--[\w-]+)\s*:([^;}]*)[;}]")
_HEX = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_LENGTH = re.compile(r"0|[0-9]+(\.[0-9]+)?(px|rem)")
_LOGO = re.compile(r"""url\((["']?)(?:/static/)?([\w.-]+)\1\)""")


@dataclass(frozen=True, slots=True)
class Value:
    """One custom property: its text and the line where it stands."""

    text: str
    line: int


def luminance(colour: str) -> float:
    """Relative luminance of `#rgb` or `#rrggbb`, from 0 (black) to 1. Source: WCAG 2.2."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:  # noqa: PLR2004 - the short form has one digit per channel
        digits = "".join(2 * digit for digit in digits)
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    limit = 0.04045  # sRGB, IEC 61966-2-1
    return channel / 12.92 if channel <= limit else ((channel + 0.055) / 1.055) ** 2.4


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21. Source: WCAG 2.2."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def check(directory: Path) -> list[Problem]:
    """Every problem of every theme in content/themes."""
    files = sorted(directory.glob("*.css"))
    if not files:
        remedy = "add a theme: one file of 19 values"
        return [Problem(directory.name, 1, "holds no theme (*.css)", remedy)]
    return sorted(problem for file in files for problem in check_theme(file))


def check_theme(file: Path) -> list[Problem]:
    """Every problem of one theme: values missing, unknown, twice, unreadable, too faint."""
    shown = file.name
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return [Problem(shown, 1, "cannot be read as UTF-8 text", "save the file as UTF-8")]
    values, problems = _read(shown, text)
    for name in NAMES:
        if name not in values:
            problems.append(Problem(shown, 1, f"`{PREFIX}{name}` is missing", "add it"))
    for name, value in values.items():
        problems += _judge(shown, name, value, file.parent)
    colours = {
        name: values[name].text
        for name in COLOURS
        if name in values and _HEX.fullmatch(values[name].text)
    }
    return problems + _faint(shown, {**colours, WHITE: "#ffffff"}, values)


def _read(shown: str, text: str) -> tuple[dict[str, Value], list[Problem]]:
    """Values by name without their prefix. A comment counts as nothing but keeps its lines."""
    bare = _COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), text)
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    for found in _VALUE.finditer(bare):
        line = bare.count("\n", 0, found.start(1)) + 1
        name = found.group(1).removeprefix(PREFIX)
        if not found.group(1).startswith(PREFIX) or name not in NAMES:
            remedy = "remove it: a theme has 19 values and no other"
            problems.append(Problem(shown, line, f"unknown value `{found.group(1)}`", remedy))
        elif name in values:
            what = f"`{PREFIX}{name}` stands twice"
            problems.append(Problem(shown, line, what, "keep one of the two"))
        else:
            values[name] = Value(found.group(2).strip(), line)
    return values, problems


def _judge(shown: str, name: str, value: Value, folder: Path) -> list[Problem]:
    what, remedy = "", ""
    if name in COLOURS and not _HEX.fullmatch(value.text):
        what, remedy = "is no colour", "write it as #rrggbb"
    elif name in RADII and not _LENGTH.fullmatch(value.text):
        what, remedy = "is no length", "write it as 10px or 0.5rem"
    elif name == "font" and not value.text:
        what, remedy = "names no typeface", "end the list with sans-serif"
    elif name == "logo":
        logo = _LOGO.fullmatch(value.text)
        if logo is None or not (folder / logo.group(2)).is_file():
            what = "is no file of this folder"
            remedy = 'put it beside the theme: url("/static/logo-name.svg")'
    return [Problem(shown, value.line, f"`{PREFIX}{name}` {what}", remedy)] if what else []


def _faint(shown: str, colours: dict[str, str], values: dict[str, Value]) -> list[Problem]:
    problems = []
    for front, back, lowest in PAIRS:
        if front not in colours or back not in colours:
            continue
        ratio = contrast(colours[front], colours[back])
        if ratio < lowest:
            changed = back if front == WHITE else front
            what = f"`{front}` on `{back}` has contrast {ratio:.2f}:1, lowest is {lowest}:1"
            remedy = f"make `{PREFIX}{changed}` darker or lighter"
            problems.append(Problem(shown, values[changed].line, what, remedy))
    return problems
