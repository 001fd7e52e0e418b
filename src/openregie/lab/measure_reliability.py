"""Does linkage claim what is true, for names of every origin? Pooled over synthetic towns.

    python -m openregie.lab.measure_reliability --seeds 18 19 20 --plots docs/images

Prints both tables of docs/linkage.md and draws its plots. A claim is the chance that linkage gives
to its best candidate, also where it then decides that nobody is certain.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import duckdb

from openregie.blind.linkage.config import LinkConfig, read_config
from openregie.blind.linkage.link import link
from openregie.blind.linkage.model import shipped_model
from openregie.lab.measure_linkage import hide, judge, lay_out
from openregie.lab.plot import Axis, Point, Row, Series, draw_points, draw_rows

EDGES = (0.0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97, 0.99, 0.999, 1.0)
_DEVIATES = 1.959964
"""Of a 95 % interval."""


def wilson(right: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share. Source: Wilson, JASA 22 (1927)."""
    if not of:
        return 0.0, 1.0
    share, square = right / of, _DEVIATES**2
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _DEVIATES / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return max(middle - half, 0.0), min(middle + half, 1.0)


@dataclass(frozen=True, slots=True)
class Share:
    """How often something held. `claimed` is the mean chance that was given, if any was."""

    name: str
    right: int
    of: int
    claimed: float = 0.0

    @property
    def value(self) -> float:
        """The share itself."""
        return self.right / self.of

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % interval."""
        return wilson(self.right, self.of)


@dataclass(frozen=True, slots=True)
class Town:
    """Sums of one town. Shape: (group, bin, records, right, sum of claims), (origin, of, right)."""

    claims: tuple[tuple[str, int, int, int, float], ...]
    origins: tuple[tuple[str, int, int], ...]


def look(con: duckdb.DuckDBPyConnection) -> Town:
    """What linkage claimed in the town on the connection, beside its truth; after link()."""
    judge(con)
    bins = " + ".join(f"(chance >= {edge})::INTEGER" for edge in EDGES[1:-1])
    claims = con.execute(
        f"""
        SELECT CASE WHEN with_birth THEN 'with a birth date' ELSE 'without' END, {bins},
            count(*), count(*) FILTER (coalesce(best = true_person, FALSE)), sum(chance)::DOUBLE
        FROM (
            SELECT j.with_birth, j.true_person, p.person AS best, d.probability AS chance
            FROM judged j JOIN link_records r USING (record_id)
            JOIN link_decided d ON d.r = r.unique_id JOIN link_people p ON p.unique_id = d.p
        )
        GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    origins = con.execute(
        """
        SELECT origin, count(*),
            count(*) FILTER (class = 'certain' AND coalesce(right_person, FALSE))
        FROM judged WHERE with_birth AND findable GROUP BY 1 ORDER BY 1
        """
    ).fetchall()
    return Town(tuple(claims), tuple(origins))


def measure(
    config: LinkConfig, seeds: Iterable[int], *, residents: int, records: int, hidden: float
) -> list[Town]:
    """Make and link a town for each seed, with the shipped model."""
    towns = []
    for seed in seeds:
        with duckdb.connect(":memory:", config={"temp_directory": ""}) as con:
            lay_out(con, residents=residents, records=records, seed=seed)
            hide(con, hidden)
            link(con, config=config, model=shipped_model(config.model))
            towns.append(look(con))
    return towns


def reliability(towns: Sequence[Town]) -> dict[str, list[Share]]:
    """Claim and truth by group and bin of the claim, pooled."""
    found: dict[str, list[Share]] = {}
    for group in sorted({claim[0] for town in towns for claim in town.claims}):
        for number in range(len(EDGES) - 1):
            rows = [c for town in towns for c in town.claims if c[:2] == (group, number)]
            if of := sum(row[2] for row in rows):
                right, claimed = sum(row[3] for row in rows), sum(row[4] for row in rows) / of
                name = f"{EDGES[number]:g} to {EDGES[number + 1]:g}"
                found.setdefault(group, []).append(Share(name, right, of, claimed))
    return found


def recall_by_origin(towns: Sequence[Town]) -> list[Share]:
    """Share of the records with a birth date that found their person, lowest first, pooled."""
    names = sorted({origin for town in towns for origin, _, _ in town.origins})
    shares = []
    for name in names:
        rows = [row for town in towns for row in town.origins if row[0] == name]
        shares.append(Share(name, sum(row[2] for row in rows), sum(row[1] for row in rows)))
    return sorted(shares, key=lambda share: (share.value, share.name))


def draw_reliability(found: dict[str, list[Share]], told: str) -> str:
    """Claim against truth, with the line on which they are equal."""
    series = [
        Series(group, tuple(Point(s.claimed, s.value, *s.interval) for s in shares))
        for group, shares in found.items()
    ]
    return draw_points(
        "Claimed chance and truth of the best candidate",
        f"{told} Each point is a range of claims; the bar is its 95 % interval.",
        Axis("claimed chance, mean of the range", 0, 1),
        Axis("share that was right", 0, 1),
        series,
        even="claim equals truth",
    )


def draw_origins(shares: Sequence[Share], told: str) -> str:
    """Recall of certain links by class of name origin."""
    return draw_rows(
        "Recall by origin of the name, birth date known",
        f"{told} Each dot is the share of records linked with certainty, with a 95 % interval.",
        Axis("recall of certain links", 0.98, 1),
        [Row(s.name.replace("_", " "), s.value, *s.interval) for s in shares],
    )


def main() -> None:
    """Print claim against truth, and recall by origin, as Markdown; draw both."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--residents", type=int, default=160_000)
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--seeds", type=int, nargs="+", required=True)
    parser.add_argument("--hidden", type=float, default=0.02)
    parser.add_argument("--config", type=Path, default=Path("content/linkage.yaml"))
    parser.add_argument("--plots", type=Path, help="folder for the two plots")
    asked = parser.parse_args()
    towns = measure(
        read_config(asked.config),
        asked.seeds,
        residents=asked.residents,
        records=asked.records,
        hidden=asked.hidden,
    )
    found, origins = reliability(towns), recall_by_origin(towns)
    _show(found, origins)
    if asked.plots:
        told = (
            f"Synthetic towns of {asked.residents:,} residents, seeds "
            f"{', '.join(map(str, asked.seeds))}, {asked.records:,} records each."
        )
        for name, svg in (
            ("linkage-reliability.svg", draw_reliability(found, told)),
            ("linkage-origins.svg", draw_origins(origins, told)),
        ):
            (asked.plots / name).write_text(svg, encoding="utf-8")


def _show(found: dict[str, list[Share]], origins: Sequence[Share]) -> None:
    print("| birth date | claim | records | mean claim | truth | 95 % interval |")
    print("|---|---|---|---|---|---|")
    for group, shares in found.items():
        for s in shares:
            low, high = s.interval
            print(
                f"| {group} | {s.name} | {s.of:,} | {s.claimed:.4f} | {s.value:.4f} "
                f"| {low:.4f} - {high:.4f} |"
            )
    print("\n| origin | records | recall | 95 % interval |\n|---|---|---|---|")
    for s in origins:
        low, high = s.interval
        print(f"| {s.name} | {s.of:,} | {s.value:.4f} | {low:.4f} - {high:.4f} |")


if __name__ == "__main__":
    main()
