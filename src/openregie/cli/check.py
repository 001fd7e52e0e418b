"""`openregie check`: everything that domain people write, and the pages written from it."""

from __future__ import annotations

from pathlib import Path

import click

from openregie.cli import content_check, options, written_docs
from openregie.cli.outcome import EXIT_CODES_HELP, Exit, report
from openregie.cli.problem import Problem


@click.command("check", epilog=EXIT_CODES_HELP)
@options.content
@click.option(
    "--write-docs",
    is_flag=True,
    help="Write docs/rules, docs/openregie.md and docs/dpia.md anew, from what runs.",
)
@options.as_json
def command(content: Path, write_docs: bool, as_json: bool) -> None:
    """Check everything in content/ and name every problem by file, line and remedy.

    Streams, rules and their parameters, laws, linkage, policies, counts, themes (19 values, and
    contrasts that everyone can read) and the answers of the impact assessment (dpia.yaml). The
    pages in docs/ that are written from all this and from --help must be up to date.
    """
    problems = content_check.check(content) + written_docs.check_tables(content)
    docs = written_docs.beside(content)
    written: list[str] = []
    if write_docs and not problems:
        written = written_docs.write(docs, content)
    elif not problems:
        problems = written_docs.check(docs, content)
    told = {
        "sound": not problems,
        "problems": [problem.to_json() for problem in problems],
        "written": written,
    }
    report(told, as_json=as_json, lines="\n".join(_lines(problems, written)))
    if problems:
        raise SystemExit(Exit.PROBLEMS)


def _lines(problems: list[Problem], written: list[str]) -> list[str]:
    lines = [str(problem) for problem in problems]
    if problems:
        return [*lines, f"{len(problems)} problem{'s' * (len(problems) > 1)}"]
    return [*(f"wrote {name}" for name in written), "content is sound"]
