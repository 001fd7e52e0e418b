"""How good is linkage against the truth of synthetic towns: precision and recall, by origin too.

    python -m openregie.lab.measure_linkage --residents 160000 --records 50000 --seed 11

docs/linkage.md holds the figures with the command that made them.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from openregie.blind.linkage.config import LinkConfig, read_config
from openregie.blind.linkage.link import LinkReport, link
from openregie.blind.linkage.model import Model, shipped_model
from openregie.lab.learn_linkage import learn_shipped
from openregie.synth import arrears, debts, municipality
from openregie.synth.days import PartialDay
from openregie.synth.people import Municipality, Person
from openregie.synth.tables import Delivery, Origin

DAY = date(2026, 11, 1)
_CENTURY_OF_SEEDS = 100
_RANDOM_PAIRS = 2_000_000

_TEXT, _WHOLE, _DAY, _FLAG = pa.string(), pa.int32(), pa.date32(), pa.bool_()
_IDENTITY = (
    ("record_id", _TEXT),
    ("stream", _TEXT),
    ("source_kind", _TEXT),
    ("bsn", _TEXT),
    ("initials", _TEXT),
    ("given_names", _TEXT),
    ("prefix", _TEXT),
    ("surname", _TEXT),
    ("birth_on", _DAY),
    ("birth_year", _WHOLE),
    ("birth_month", _WHOLE),
    ("street", _TEXT),
    ("postcode", _TEXT),
    ("house_number", _WHOLE),
    ("house_letter", _TEXT),
    ("house_addition", _TEXT),
    ("city", _TEXT),
)
_REGISTER = (
    ("person", _TEXT),
    *_IDENTITY,
    ("name_use", _TEXT),
    ("partner_prefix", _TEXT),
    ("partner_surname", _TEXT),
    ("address_id", _TEXT),
    ("previous_postcode", _TEXT),
    ("previous_house_number", _WHOLE),
    ("previous_house_letter", _TEXT),
    ("previous_house_addition", _TEXT),
    ("partner_bsn", _TEXT),
    ("secrecy", _WHOLE),
    ("under_investigation", _FLAG),
    ("died_on", _DAY),
    ("left_on", _DAY),
)
_TRUTH = (
    ("record_id", _TEXT),
    ("person", _TEXT),
    ("about", _TEXT),
    ("mistakes", pa.list_(_TEXT)),
)
_PERSONS = (
    ("person", _TEXT),
    ("present", _FLAG),
    ("home", _TEXT),
    ("household", _WHOLE),
    ("origin", _TEXT),
)


def lay_out(
    con: duckdb.DuckDBPyConnection, *, residents: int, records: int, seed: int, bsn: bool = False
) -> None:
    """Write the tables that linking reads, and `truth` and `persons` beside them.

    Shape: about `records` arrears rows, made by the errors of synth; without `bsn` none has one.
    """
    town = municipality.make(residents, seed=seed, on=DAY)
    _insert(con, "register", _REGISTER, [_register_row(person) for person in town.persons])
    _insert(con, "persons", _PERSONS, [_person_row(person) for person in town.persons])
    rows: list[tuple[Any, ...]] = []
    truth: list[tuple[Any, ...]] = []
    for extra in range(_CENTURY_OF_SEEDS):
        for row, told in _records(town, seed * _CENTURY_OF_SEEDS + extra, bsn=bsn):
            rows.append(row)
            truth.append(told)
        if len(rows) >= records:
            break
    _insert(con, "identities", _IDENTITY, rows[:records])
    _insert(con, "truth", _TRUTH, truth[:records])


def hide(con: duckdb.DuckDBPyConnection, share: float) -> None:
    """Take people out of the register who live in town all the same, as in real registers.

    Records about them remain: whoever is named like a housemate of theirs may not get the link.
    """
    chosen = f"md5_number_lower(person) % 1000000 < {round(share * 1_000_000)}"
    con.execute(f"UPDATE persons SET present = FALSE WHERE {chosen}")
    con.execute(f"DELETE FROM register WHERE {chosen}")


def _insert(
    con: duckdb.DuckDBPyConnection,
    name: str,
    columns: Sequence[tuple[str, pa.DataType]],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    by_column = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    table = pa.table(
        [pa.array(values, kind) for values, (_, kind) in zip(by_column, columns, strict=True)],
        schema=pa.schema(list(columns)),
    )
    con.register("laid_out", table)
    con.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM laid_out")
    con.unregister("laid_out")


def _birth(birth: PartialDay | None) -> tuple[date | None, int | None, int | None]:
    if birth is None:
        return None, None, None
    return (date(*birth) if birth.complete else None), birth.year or None, birth.month or None


def _register_row(person: Person) -> tuple[Any, ...]:
    home, before = person.address, person.previous
    return (
        person.bsn, person.bsn, "population", "municipality", person.bsn, person.initials,
        person.given_names, person.prefix or None, person.surname, *_birth(person.birth),
        home.street, home.postcode or None, home.number, home.letter or None,
        home.addition or None, None, person.name_use, person.partner_prefix or None,
        person.partner_surname or None, home.address_id,
        before.postcode if before else None, before.number if before else None,
        (before.letter or None) if before else None, (before.addition or None) if before else None,
        person.partner_bsn, person.secrecy, person.under_investigation,
        person.died_on, person.left_on,
    )  # fmt: skip


def _person_row(person: Person) -> tuple[Any, ...]:
    return (
        person.bsn, person.present, person.address.address_id, person.household, person.origin,
    )  # fmt: skip


def _records(
    town: Municipality, seed: int, *, bsn: bool
) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    owed = debts.signals(town, seed=seed)
    for delivery in arrears.deliveries(town, owed, (), seed=seed):
        at = {header.removeprefix("client."): i for i, header in enumerate(delivery.headers)}
        pairs = zip(delivery.rows(), delivery.origins(), strict=True)
        for number, (row, origin) in enumerate(pairs, start=1):
            record_id = f"{seed:06d}-{delivery.supplier_slug}-{number:06d}"
            yield _record_row(record_id, delivery, at, row, bsn=bsn), _truth_row(record_id, origin)


def _record_row(
    record_id: str, delivery: Delivery, at: dict[str, int], row: Sequence[Any], *, bsn: bool
) -> tuple[Any, ...]:
    def cell(name: str) -> Any:
        return row[at[name]] or None

    number = row[at["Burgerservicenummer"]] if bsn and "Burgerservicenummer" in at else None
    return (
        record_id, delivery.stream, delivery.supplier_slug, number, cell("Voorletters"), None,
        cell("Voorvoegsel"), cell("Achternaam"), *_birth(cell("Geboortedatum")),
        cell("Straatnaam"), cell("Postcode"), cell("Huisnummer"), None,
        cell("Huisnummertoevoeging"), cell("Plaatsnaam"),
    )  # fmt: skip


def _truth_row(record_id: str, origin: Origin) -> tuple[Any, ...]:
    return record_id, origin.bsn, origin.about, [mistake.value for mistake in origin.mistakes]


_JUDGED = """
    CREATE OR REPLACE TABLE judged AS
    SELECT l.*, i.birth_year IS NOT NULL AS with_birth, t.person AS true_person, t.about,
        t.mistakes, i.source_kind,
        coalesce(p.present, FALSE) AND t.about NOT IN ('business') AS findable, p.home AS true_home,
        p.origin, l.person = t.person AS right_person,
        l.person = t.person OR coalesce(g.home, l.household_address) = p.home AS right_household
    FROM links l JOIN truth t USING (record_id) JOIN identities i USING (record_id)
    LEFT JOIN persons p ON p.person = t.person LEFT JOIN persons g ON g.person = l.person
"""


def judge(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Compare `links` with `truth`; recall is over records about people who live in town.

    Shape: one row per group; a household is right when the true person lives at the address that
    the link names (by person or by household).
    """
    con.execute(_JUDGED)
    groups = (
        ("all", "TRUE"),
        ("with birth date", "with_birth"),
        ("without birth date", "NOT with_birth"),
        ("without birth date, a person", "NOT with_birth AND about <> 'business_of_resident'"),
        ("with birth date, no dutch origin", "with_birth AND origin <> 'dutch'"),
    )
    return [_figures(con, name, where) for name, where in groups]


def judge_origins(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The same by class of name origin, for records with a birth date; after judge()."""
    origins = con.execute("SELECT DISTINCT origin FROM judged WHERE origin IS NOT NULL ORDER BY 1")
    return [
        _figures(con, origin, f"origin = '{origin}' AND {where}", label)
        for (origin,) in origins.fetchall()
        for label, where in (("with", "with_birth"), ("without", "NOT with_birth"))
    ]


def _figures(
    con: duckdb.DuckDBPyConnection, name: str, where: str, birth: str = ""
) -> dict[str, Any]:
    counts = con.execute(
        f"""
        SELECT count(*), count(*) FILTER (findable), count(*) FILTER (class = 'certain'),
            count(*) FILTER (class = 'certain' AND coalesce(right_person, FALSE)),
            count(*) FILTER (class IN ('certain', 'household')),
            count(*) FILTER (class IN ('certain', 'household')
                AND coalesce(right_household, FALSE)),
            count(*) FILTER (class IN ('certain', 'household') AND findable
                AND coalesce(right_household, FALSE)),
            count(*) FILTER (class = 'review'), count(*) FILTER (class = 'none')
        FROM judged WHERE {where}
        """
    ).fetchall()[0]
    records, findable, certain, right, placed, placed_right, found, review, none = counts
    return {
        "group": f"{name} {birth}".strip(),
        "records": records,
        "findable": findable,
        "certain": certain,
        "wrong": certain - right,
        "precision": round(right / certain, 6) if certain else None,
        "recall": round(right / findable, 4) if findable else None,
        "placed": placed,
        "household_wrong": placed - placed_right,
        "household_precision": round(placed_right / placed, 6) if placed else None,
        "household_recall": round(found / findable, 4) if findable else None,
        "review": review,
        "none": none,
    }


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures of one town. Units: seconds of wall clock, MB at the peak of this process."""

    figures: list[dict[str, Any]]
    origins: list[dict[str, Any]]
    report: LinkReport
    seconds: float
    peak_mb: float


def measure(
    con: duckdb.DuckDBPyConnection,
    config: LinkConfig,
    *,
    residents: int,
    records: int,
    seed: int,
    hidden: float = 0.0,
    model: Model | None = None,
) -> Measured:
    """Make a town, link it, judge it."""
    lay_out(con, residents=residents, records=records, seed=seed)
    hide(con, hidden)
    started = time.perf_counter()
    report = link(con, config=config, model=model)
    seconds = round(time.perf_counter() - started, 2)
    peak = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return Measured(judge(con), judge_origins(con), report, seconds, peak)


def main() -> None:
    """Print the figures, as a table or as JSON."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--residents", type=int, default=160_000)
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument(
        "--hidden", type=float, default=0.02, help="share of residents the register does not list"
    )
    parser.add_argument("--config", type=Path, default=Path("content/linkage.yaml"))
    parser.add_argument("--learn", type=Path, help="learn the shipped model, write it here")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--em", action="store_true", help="let EM learn, not the shipped model")
    asked = parser.parse_args()
    config = read_config(asked.config)
    con = duckdb.connect(":memory:", config={"temp_directory": ""})
    found = measure(
        con,
        config,
        residents=asked.residents,
        records=asked.records,
        seed=asked.seed,
        hidden=asked.hidden,
        model=None if asked.em else shipped_model(config.model),
    )
    if asked.learn:
        learnt = learn_shipped(con, version=config.model, random_pairs=_RANDOM_PAIRS)
        asked.learn.write_text(learnt.to_json() + "\n", encoding="utf-8")
    _show(found, as_json=asked.json)


def _show(found: Measured, *, as_json: bool) -> None:
    if as_json:
        told = {"figures": found.figures, "origins": found.origins}
        print(json.dumps(told | {"seconds": found.seconds, "peak_mb": found.peak_mb}, indent=1))
        return
    print(f"model {found.report.model.version}, {found.report.pairs} pairs,", end=" ")
    print(f"{found.seconds} s, {found.peak_mb} MB")
    for row in (*found.figures, *found.origins):
        print(
            f"{row['group']:34} n {row['records']:6} certain P {row['precision']} R {row['recall']}"
            f" wrong {row['wrong']} | household P {row['household_precision']}"
            f" R {row['household_recall']} wrong {row['household_wrong']}"
            f" | review {row['review']} none {row['none']}"
        )


if __name__ == "__main__":
    main()
