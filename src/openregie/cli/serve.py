"""`openregie serve`: the resident's pages, and a run whenever somebody's browser sent something."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import click

from openregie.cli import options, tenant
from openregie.cli.disk import told_plainly
from openregie.cli.outcome import EXIT_CODES_HELP
from openregie.lab import watch
from openregie.sealed.web.serve import serve


@click.command("serve", epilog=EXIT_CODES_HELP)
@options.directory
@options.content
@options.on
@click.option("--port", type=int, default=8000, show_default=True, help="Pages; data on the next.")
@click.option("--quiet", is_flag=True, help="No progress bars.")
def command(directory: Path, content: Path, on: date, port: int, quiet: bool) -> None:
    """Serve the resident's pages on two origins: static pages and data.

    A new key, a correction or a withdrawal in the inbox starts a blind run in a process of its own;
    the page that waits shows its progress.
    """
    tenant.find(directory)
    with told_plainly(directory, "openregie serve"):
        serve_and_run(directory, content, on=on, port=port, quiet=quiet)


def serve_and_run(directory: Path, content: Path, *, on: date, port: int, quiet: bool) -> None:
    """Serve until interrupted, with a watcher beside it."""
    ending = threading.Event()

    def ready(client: str, data: str) -> None:
        click.echo(f"  Open {client}  (data on {data}).  Stop with Ctrl+C.", err=True)

    watcher = threading.Thread(
        target=watch.watch,
        args=(directory, content),
        kwargs={"on": on, "ending": ending, "quiet": quiet},
        daemon=True,
    )
    watcher.start()
    try:
        serve(directory, client_port=port, data_port=port + 1, ready=ready, stop=ending)
    except KeyboardInterrupt:
        click.echo("  stopped", err=True)
    finally:
        ending.set()
        watcher.join(timeout=5)
