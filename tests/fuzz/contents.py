"""Parsers of what domain people write: declarations, linkage settings, rules, expressions."""

from pathlib import Path

from fuzz.target import Broken, Target, folder, text_of
from openregie.blind.linkage.config import check_config
from openregie.blind.streams.declaration import read_declaration
from openregie.rules.book import read_parameter
from openregie.rules.errors import ExpressionRefused
from openregie.rules.expressions import parse
from openregie.rules.located import Form

CONTENT = Path(__file__).parents[2] / "content"
_TRICKS = (b"a: &x [*x]", b"[" * 600, b"a: " + b"9" * 5_000, b"? [a]\n: 1", b"a: 1\na: 2", b"\0")


def _file(data):
    file = folder("content") / "declared.yaml"
    file.write_bytes(data)
    return file


def _said(problems):
    """Problems are said, never raised; each has a place and words."""
    for problem in problems:
        if not str(problem).strip():
            raise Broken("a problem without words")


def _declaration(data):
    _, problems = read_declaration(_file(data))
    _said(problems)


def _linkage(data):
    _said(check_config(_file(data)))


def _parameter(data):
    _, problems = read_parameter(_file(data))
    _said(problems)


def _form(data):
    _said(Form(_file(data)).problems)


def _expression(data):
    parse(text_of(data))


def _yaml_seeds(pattern, limit=3):
    files = sorted(CONTENT.glob(pattern))[:limit]
    return lambda: [*(file.read_bytes() for file in files), *_TRICKS]


ALL = (
    Target("declaration", _declaration, (), _yaml_seeds("streams/*.yaml"), changes=20),
    Target("linkage-settings", _linkage, (), _yaml_seeds("linkage*.yaml"), changes=10),
    Target("parameter", _parameter, (), _yaml_seeds("parameters/*.yaml")),
    Target("rule-file", _form, (), _yaml_seeds("rules/*.yaml"), changes=50),
    Target(
        "expression",
        _expression,
        (ExpressionRefused,),
        lambda: [b"count(ending) >= 1", b"sum(a.b) > 5 and not (x = 'zeehond')", b"(" * 3_000],
        512,
    ),
)
