"""The public page of a rule, made from the rule and its cases: nothing is written twice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from openregie.rules.book import RuleBook, read
from openregie.rules.cases import Case, Table, read_tables
from openregie.rules.interpret import Row, judge
from openregie.rules.rule import ActBy, Rule
from openregie.rules.telling import Teller
from openregie.rules.vocabulary import FIELDS
from openregie.rules.words import Words, say

_MADE = "<!-- Made by openregie.rules.pages from content/rules and tests/spec; do not edit. -->"
_SEEN_BY = {"resident": "the resident", "debt_team": "the debt help team"}


def write(book: RuleBook, tables: Iterable[Table], directory: Path) -> list[Path]:
    """Write a page per rule and an index; gives the files written, sorted."""
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in pages(book, tables).items():
        file = directory / name
        file.write_text(text, encoding="utf-8")
        written.append(file)
    return sorted(written)


def pages(book: RuleBook, tables: Iterable[Table]) -> dict[str, str]:
    """Text of every page by file name."""
    cases = {name: table.cases for table in tables for name in table.rules}
    made = {f"{r.name}.md": page(r, cases.get(r.name, ()), book.sources) for r in _newest(book)}
    return made | {"README.md": _index(_newest(book), cases)}


def _newest(book: RuleBook) -> list[Rule]:
    newest = {rule.name: rule for rule in sorted(book.rules, key=lambda rule: rule.version)}
    return [newest[name] for name in sorted(newest)]


def page(rule: Rule, cases: tuple[Case, ...], sources: Mapping[str, Words]) -> str:
    """One rule as a page in Markdown; its texts are filled in from the first case that fires."""
    example = next((case for case in cases if case.fires), None)
    on, rows = (example.on, example.rows) if example else (rule.valid_from, ())
    told = Teller(rule, on=on, sources=sources).tell(judge(rule, rows, on=on).outcome)
    until = f" until {rule.valid_until}" if rule.valid_until else ""
    seen = " and ".join(_SEEN_BY.get(who, who) for who in rule.audience)
    parts = [
        _MADE,
        f"# {rule.name}",
        f"*{told.title.nl}* · *{told.title.en}*",
        "A lawyer must confirm every legal statement before real use.",
        _table(
            ("", ""),
            [
                ("version", f"{rule.version}, from {rule.valid_from}{until}"),
                ("lane", str(rule.lane)),
                ("law", f"{rule.law}: {rule.article} ({rule.certainty})"),
                ("purpose", rule.purpose.en),
                ("judged for", _judged_for(rule)),
                ("seen by", seen),
                ("act by", _act_by(rule.act_by)),
            ],
        ),
        "## When",
        "All of these hold; the words are those of the first case below that fires.",
        "\n".join(
            f"- `{condition.written}`: {_shown(step.words)}"
            for condition, step in zip(rule.conditions, told.steps, strict=True)
        ),
        *_parameters(rule),
        "## What one reads",
        f"> **{told.title.nl}** {told.text.nl}\n>\n> {told.why.nl}",
        f"> **{told.title.en}** {told.text.en}\n>\n> {told.why.en}",
        f"Small step, {rule.step.minutes} minutes: {rule.step.title.nl}.",
        "## What never follows",
        f"{rule.never.nl}\n\n{rule.never.en}",
        "## Given and expected",
        _cases(cases),
    ]
    return "\n\n".join(parts) + "\n"


def _judged_for(rule: Rule) -> str:
    what = "an address" if rule.group == "address" else "one reader, over what that reader may see"
    months = f", per calendar month ({rule.period_months} looked at)" if rule.period_months else ""
    return what + months


def _act_by(act_by: ActBy | None) -> str:
    if act_by is None:
        return "no date"
    if act_by.working_days:
        return f"{act_by.working_days} working days after the date"
    return f"{act_by.days} days after the date" if act_by.days else "the date itself"


def _shown(words: Words) -> str:
    return f"{words.nl} ({words.en})"


def _parameters(rule: Rule) -> list[str]:
    rows = [
        (
            f"{parameter.title.en}{' (open to the municipality)' if parameter.open_term else ''}",
            say(value.value, parameter.unit).en,
            f"{value.valid_from} - {value.valid_until or ''}".strip(),
            f"{value.article} ({value.certainty})",
        )
        for parameter in rule.parameters
        for value in parameter.values
    ]
    return ["## Parameters", _table(("what", "value", "valid", "source"), rows)] if rows else []


def _cases(cases: tuple[Case, ...]) -> str:
    rows = [
        (
            case.name,
            str(case.on),
            "<br>".join(_fact(row) for row in case.rows) or "no facts",
            "fires" if case.fires else "silent",
            _expected(case),
        )
        for case in cases
    ]
    return _table(("case", "on", "facts", "expected", "with"), rows)


def _fact(row: Row) -> str:
    details = json.loads(str(row["details"]))
    told = {**{name: _value(row, name) for name in FIELDS}, **details}
    shown = [f"{name} {said}" for name, said in told.items() if name not in _HIDDEN and said]
    return f"{row['fact_id']}. {', '.join(shown)}"


def _value(row: Row, name: str) -> str:
    value = row[name]
    if value is None or value is False:
        return ""
    return say(value, FIELDS[name].unit).en if name in _SAID else str(value)


_HIDDEN = frozenset({"fact_id", "law", "domain"})
_SAID = frozenset({"amount_cents", "crisis"})


def _expected(case: Case) -> str:
    told: dict[str, object] = dict(case.values)
    if case.act_by_on:
        told["act by"] = case.act_by_on
    if case.facts is not None:
        told["facts"] = " ".join(case.facts)
    return ", ".join(f"{name} {value}" for name, value in told.items())


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _index(rules: list[Rule], cases: Mapping[str, tuple[Case, ...]]) -> str:
    rows = [
        (
            f"[{rule.name}]({rule.name}.md)",
            str(rule.lane),
            f"`{rule.title.nl}`",
            f"{rule.article} ({rule.certainty})",
            str(len(cases.get(rule.name, ()))),
        )
        for rule in rules
    ]
    intro = "Every rule that the run applies, with the cases that test it. No rule scores a person."
    header = ("rule", "lane", "title", "article", "cases")
    return "\n\n".join([_MADE, "# Rules", intro, _table(header, rows)]) + "\n"


def main() -> None:
    """Make docs/rules again, from the root of the repository."""
    write(read(Path("content")), read_tables(Path("tests/spec/tables")), Path("docs/rules"))


if __name__ == "__main__":
    main()
