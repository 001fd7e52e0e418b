from pathlib import Path

import pytest

from openregie.cli import themes

THEMES = Path(__file__).parents[3] / "content" / "themes"


@pytest.fixture
def theme(tmp_path):
    """A sound theme in a folder of its own, to be spoiled."""
    (tmp_path / "logo-lindestad.svg").write_text("<svg/>")
    file = tmp_path / "lindestad.css"
    file.write_text((THEMES / "lindestad.css").read_text())
    return file


def spoil(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    return [str(problem) for problem in themes.check_theme(file)]


def test_the_themes_of_the_product_are_sound():
    assert themes.check(THEMES) == []


def test_a_theme_has_nineteen_values():
    assert len(themes.NAMES) == len(set(themes.NAMES)) == 19


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#fff", "#ffffff", 1.0), ("#767676", "#ffffff", 4.54)],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert round(themes.contrast(one, other), 2) == ratio
    assert themes.contrast(one, other) == themes.contrast(other, one)


def test_a_missing_value_is_named(theme):
    (problem,) = spoil(theme, "  --or-radius: 14px;\n", "")
    assert "`--or-radius` is missing" in problem


def test_an_extra_value_is_refused_at_its_line(theme):
    (problem,) = spoil(theme, ":root {", ":root {\n  --or-shadow: none;")
    assert "unknown value `--or-shadow`" in problem
    assert ":5:" in problem


def test_a_value_of_another_family_is_refused(theme):
    (problem,) = spoil(theme, ":root {", ":root { --utrecht-button-color: red;")
    assert "unknown value `--utrecht-button-color`" in problem


def test_a_value_that_stands_twice_is_refused(theme):
    (problem,) = spoil(theme, ":root {", ":root {\n  --or-line: #ddd5c6;")
    assert "stands twice" in problem


def test_a_value_inside_a_comment_does_not_count(theme):
    (problem,) = spoil(theme, "  --or-ink: #1c2627;", "  /* --or-ink: #1c2627; */")
    assert "`--or-ink` is missing" in problem


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("--or-accent: #0b5961", "--or-accent: #9fd0d0", "`accent` on `paper`"),
        ("--or-ink-soft: #4b5657", "--or-ink-soft: #7b8687", "`ink-soft` on `paper-deep`"),
        ("--or-line-strong: #6f7877", "--or-line-strong: #8f9897", "`white` on `line-strong`"),
        ("--or-line-strong: #6f7877", "--or-line-strong: #cfd8d7", "`line-strong` on `paper`"),
    ],
)
def test_a_faint_pair_is_refused_with_its_ratio(theme, old, new, what):
    problems = spoil(theme, old, new)
    assert any(what in problem and ":1, lowest is" in problem for problem in problems)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("#0b5961", "petrol", "is no colour"),
        ("14px", "round", "is no length"),
        ("logo-lindestad.svg", "logo-elsewhere.svg", "is no file"),
        ("/static/logo", "https://example.org/logo", "is no file"),
    ],
)
def test_a_value_of_another_form_is_refused(theme, old, new, what):
    (problem,) = [one for one in spoil(theme, old, new) if what in one]
    assert "lindestad.css:" in problem


def test_a_folder_without_a_theme_is_a_problem(tmp_path):
    (problem,) = themes.check(tmp_path)
    assert "holds no theme" in problem.message
