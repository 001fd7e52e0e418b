"""Tries hostile deliveries one by one, in a process with bounded memory; one JSON line for each.

Reads names on standard input. For each: the supplier's desk is laid, `openregie deliver` judges
the file, the inbox is spoilt where the case says so, and the run's real `read` takes the rest.
"""

import contextlib
import functools
import io
import json
import logging
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from click.testing import CliRunner

from hostile.deliveries import BY_NAME
from hostile.delivery import Place
from openregie.blind.streams.errors import StreamsError
from openregie.blind.streams.reading import read
from openregie.cli import deliver
from openregie.cli.main import main
from openregie.envelope import custody
from openregie.terms import silent
from unit.streams.deliveries import LOG_PUBLIC, RUN_KEYS, STREAMS, TODAY, manifest_of

MEMORY_BYTES = 6 * 1024**3
"""Of addresses, not of memory in use: the engines' threads reserve much that they never touch."""

ALWAYS = {"population", "keys", "corrections", "objections"}
"""Streams that every run reads; the others would only cost time."""

SIDECAR = ".delivery.json"


def settle(directory):
    """A tenant's folder with the public half of the tests' run key."""
    (directory / "public").mkdir(parents=True)
    told = {"v": 1, "tenant": "lindestad", "name": "Gemeente Lindestad", "synthetic": True}
    (directory / "openregie.json").write_text(json.dumps(told))
    public = custody.run_public_to_json(RUN_KEYS.public())
    (directory / "public" / "run.json").write_text(json.dumps(public))


def lay(case, directory):
    """The supplier's desk: one file and its manifest."""
    desk = directory / "desk"
    desk.mkdir()
    data = case.bytes()
    file = desk / "delivery"
    file.write_bytes(data)
    manifest = manifest_of(data, case.stream) | dict(case.manifest)
    place = Place(directory, desk, file, manifest)
    text = json.dumps(manifest).encode() if case.sidecar is None else case.sidecar
    file.with_name(file.name + SIDECAR).write_bytes(text)
    return place, (case.lay(place) if case.lay else None) or file


def knock(place, file):
    """Deliver the file; what the door said, in all its outputs, and its exit code."""
    arguments = [
        "deliver",
        "--dir",
        str(place.directory),
        "--on",
        TODAY.isoformat(),
        "--",
        str(file),
    ]
    result = CliRunner().invoke(main, arguments)
    return result.output + repr(result.exception), result.exit_code


def take(place, stream):
    """The run's real reading of the inbox: its report, and every message in quarantine."""
    with duckdb.connect(":memory:", config={"temp_directory": "", "threads": 1}) as con:
        report = read(
            con,
            inbox=place.inbox,
            keys=RUN_KEYS,
            log=LOG_PUBLIC,
            streams={name: STREAMS[name] for name in ({stream} | ALWAYS)},
            on=TODAY,
            progress=silent,
        )
        reasons = con.execute("SELECT reason FROM quarantine ORDER BY ALL").fetchall()
    return report.to_json(), [reason for (reason,) in reasons]


def peak_bytes():
    """Most memory in use since the last reset."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def attempt(case, directory):
    settle(directory)
    place, file = lay(case, directory)
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    base, start = peak_bytes(), time.monotonic()
    before = {one.name for one in directory.iterdir()}
    said, code = ("", 0) if case.no_file else knock(place, file)
    if case.spoil:
        case.spoil(place)
    report, reasons = (
        take(place, case.stream) if place.inbox.exists() else ({"files": [], "warnings": []}, [])
    )
    stray = {one.name for one in directory.iterdir()} - before - {"inbox"}
    return {
        "said": said,
        "exit": code,
        "report": report,
        "reasons": reasons,
        "stray": sorted(stray),
        "peak": peak_bytes() - base,
        "seconds": time.monotonic() - start,
    }


def serve():
    """Answer each name on standard input with one line."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    deliver.load_all = functools.cache(deliver.load_all)  # read content/ once, not 150 times
    log = io.StringIO()
    logging.basicConfig(stream=log, level=logging.DEBUG)
    for line in sys.stdin:
        log.seek(0)
        log.truncate()
        directory = Path(tempfile.mkdtemp(prefix="hostile-"))
        out, err = io.StringIO(), io.StringIO()
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                told = attempt(BY_NAME[line.rstrip("\n")], directory / "town")
        except StreamsError as error:
            told = {"fault": f"{type(error).__name__}: {error}"}
        except Exception as error:  # noqa: BLE001 - a fault is this case's result
            told = {"fault": repr(error)}
        finally:
            shutil.rmtree(directory)
        told["logged"] = log.getvalue() + out.getvalue() + err.getvalue()
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
