"""docs/openregie.md: the manual of the command, written from its own --help."""

from __future__ import annotations

from collections.abc import Iterator

import click

from openregie.cli.main import main

COMMAND = "openregie"
WIDTH = 96
FILE = "openregie.md"
_HEAD = """# The `openregie` command

Written by `openregie check --write-docs` from `openregie VERB --help`; a test keeps it up to date.
"""


def text() -> str:
    """The whole manual: the command, then each verb in the order of the path."""
    parts = [_HEAD]
    for words, helped in pages():
        level = "#" * (1 + len(words)) if len(words) > 1 else "##"
        parts.append(f"{level} {' '.join(words)}\n\n```\n{helped}\n```\n")
    return "\n".join(parts)


def pages() -> Iterator[tuple[tuple[str, ...], str]]:
    """The words that call each command, and its help."""
    context = click.Context(main, info_name=COMMAND, terminal_width=WIDTH, max_content_width=WIDTH)
    yield from _pages(main, context, (COMMAND,))


def _pages(
    command: click.Command, context: click.Context, words: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], str]]:
    yield words, "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    if not isinstance(command, click.Group):
        return
    for name in command.list_commands(context):
        verb = command.get_command(context, name)
        if verb is not None:
            inner = click.Context(verb, info_name=name, parent=context)
            yield from _pages(verb, inner, (*words, name))
