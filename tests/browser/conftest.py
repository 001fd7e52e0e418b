"""A real municipality, linked blind and served, and a real Chromium that reads it."""

import json
import os
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import sync_playwright

from town import openregie
from visit import CHROMIUM, FLAGS, PHONE, Reader, Served, served


@pytest.fixture(scope="session")
def served_town(tmp_path_factory):
    """The demo, served today: a run takes nothing that a browser dated after it."""
    folder = tmp_path_factory.mktemp("browser") / "town"
    today = datetime.now(ZoneInfo("Europe/Amsterdam")).date().isoformat()
    openregie(
        "demo",
        "--residents",
        400,
        "--seed",
        11,
        "--dir",
        folder,
        "--on",
        today,
        "--no-serve",
        "--json",
    )
    personas = json.loads((folder / "demo" / "personas.json").read_text("utf-8"))
    port = 20_000 + os.getpid() % 20_000 * 2
    with served(folder, port, on=today):
        yield Served(folder, f"http://localhost:{port}", {one["name"]: one for one in personas})


@pytest.fixture(scope="session")
def chromium():
    """One browser process for all tests."""
    if CHROMIUM is None:
        pytest.fail("Chromium is missing; run `make chromium`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def reader(chromium, served_town):
    """Make readers; each has a browser of their own, closed at the end."""
    made = []

    def make(size=PHONE, **options):
        made.append(Reader(chromium, served_town, size, **options))
        return made[-1]

    yield make
    for one in made:
        one.context.close()


@pytest.fixture(scope="session")
def visitor(chromium, served_town):
    """Somebody who is not logged in, on a phone and on a wide screen."""
    open_pages = {}

    def at_size(size):
        if size not in open_pages:
            open_pages[size] = Reader(chromium, served_town, size)
        return open_pages[size]

    yield at_size
    for one in open_pages.values():
        one.context.close()


@pytest.fixture(scope="session")
def noor(chromium, served_town):
    """Noor, who has arrears and a son: her page open on a phone and on a wide screen."""
    open_pages = {}

    def at_size(size):
        if size not in open_pages:
            open_pages[size] = Reader(chromium, served_town, size)
            open_pages[size].enter("Noor")
        return open_pages[size]

    yield at_size
    for one in open_pages.values():
        one.context.close()
