"""Pages of docs/ that are written from the product itself: manual, rules, impact assessment."""

from __future__ import annotations

import tempfile
from pathlib import Path

from openregie.cli import manual
from openregie.cli.papers import dpia, threats
from openregie.cli.problem import Problem
from openregie.policy import table
from openregie.policy.book import PolicyBook
from openregie.rules import book, cases, pages
from openregie.rules.cases import Table
from openregie.rules.errors import RulesInvalid

TABLES = ("tests", "spec", "tables")
"""Where the tables of given and expected stand, beside content/."""
REMEDY = "write it with: openregie check --write-docs"


def beside(content: Path) -> Path | None:
    """docs/ beside content/; None where there is none, as in an image."""
    docs = content.resolve().parent / "docs"
    return docs if docs.is_dir() else None


def write(docs: Path | None, content: Path) -> list[str]:
    """Write every page anew; returns the names of the files."""
    if docs is None:
        return []
    (docs / manual.FILE).write_text(manual.text(), encoding="utf-8")
    (docs / table.FILE).write_text(table.page(PolicyBook(content / "policies")), encoding="utf-8")
    written = [f"docs/{manual.FILE}", f"docs/{table.FILE}"]
    written += [f"docs/rules/{one}" for one in _write_rules(docs, content)]
    return written + [f"docs/{dpia.FILE}"] * _write_dpia(docs, content)


def check_tables(content: Path) -> list[Problem]:
    """Every mistake in the tables of given and expected; none where there are no tables."""
    try:
        _tables(content)
    except RulesInvalid as error:
        folder = "/".join(TABLES)
        return [Problem(f"{folder}/{x.file}", x.line, x.what, x.remedy) for x in error.problems]
    return []


def check(docs: Path | None, content: Path) -> list[Problem]:
    """Every page that is missing, out of date or of something that is gone."""
    if docs is None:
        return []
    with tempfile.TemporaryDirectory() as made:
        fresh = Path(made)
        write(fresh, content)
        found = _compare(docs, fresh, manual.FILE) + _compare(docs, fresh, table.FILE)
        found += _compare_folder(docs, fresh, "rules")
        if (fresh / dpia.FILE).is_file():
            found += _compare(docs, fresh, dpia.FILE)
        return sorted(found)


def _tables(content: Path) -> tuple[Table, ...]:
    return cases.read_tables(content.resolve().parent.joinpath(*TABLES))


def _write_rules(docs: Path, content: Path) -> list[str]:
    """One page per rule, from the rule and its table of given and expected."""
    if not content.resolve().parent.joinpath(*TABLES).is_dir():
        return []
    files = pages.write(book.read(content), _tables(content), docs / "rules")
    return [file.name for file in files]


def _write_dpia(docs: Path, content: Path) -> bool:
    """The impact assessment, where the page on security stands beside content/."""
    security = content.resolve().parent / "docs"
    if not (security / threats.FILE).is_file():
        return False
    (docs / dpia.FILE).write_text(dpia.text(content, security), encoding="utf-8")
    return True


def _compare(docs: Path, fresh: Path, name: str) -> list[Problem]:
    shown = f"docs/{name}"
    wanted = (fresh / name).read_text(encoding="utf-8")
    if not (docs / name).is_file():
        return [Problem(shown, 1, "is missing", REMEDY)]
    found = (docs / name).read_text(encoding="utf-8")
    if found == wanted:
        return []
    pairs = zip(found.splitlines(), wanted.splitlines(), strict=False)
    line = next((at for at, (is_, should) in enumerate(pairs, 1) if is_ != should), 1)
    return [Problem(shown, line, "is out of date", REMEDY)]


def _compare_folder(docs: Path, fresh: Path, folder: str) -> list[Problem]:
    names = {file.name for file in (fresh / folder).glob("*.md")}
    gone = {file.name for file in (docs / folder).glob("*.md")} - names
    problems = [
        Problem(f"docs/{folder}/{name}", 1, "is about a rule that is gone", "remove the page")
        for name in sorted(gone)
    ]
    for name in sorted(names):
        problems += _compare(docs, fresh, f"{folder}/{name}")
    return problems
