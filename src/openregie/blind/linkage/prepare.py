"""Makes the two tables that are compared: `link_people` and `link_records`.

The pure functions of names.py and addresses.py run once per distinct value; DuckDB joins the
results back. So one definition serves one name and a million.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
from duckdb import DuckDBPyConnection

from openregie.blind.linkage import addresses, names
from openregie.blind.linkage.candidates import find_blocks
from openregie.blind.linkage.comparisons import FREQUENCY_COLUMNS

_SMOOTHED = ("whole", "stem", "own", "partner", "snd", "given", "initials")
"""Of these one person more is counted: a name that the register holds once is not that rare."""


_READ = (
    "person", "bsn", "surname", "prefix", "partner_surname", "partner_prefix", "name_use",
    "given_names", "initials", "birth_on", "birth_year", "birth_month", "street", "postcode",
    "house_number", "house_letter", "house_addition", "address_id", "previous_postcode",
    "previous_house_number", "previous_house_letter", "previous_house_addition", "partner_bsn",
    "secrecy", "under_investigation", "died_on", "left_on",
)  # fmt: skip
"""Columns of the register that linking reads; when one of a row changes, it is prepared anew."""


def prepare_register(con: DuckDBPyConnection) -> int:
    """Write `link_people` and all that follows from it; give how many rows were prepared anew.

    Shape: one row per person; `unique_id` numbers them in order of `person`, so that the order of
    the input does not matter. What was prepared stays on the connection: the next call compares
    the digest of each row and prepares only what is new or changed, with the same result.
    """
    known = con.execute(
        "SELECT 1 FROM duckdb_tables() WHERE temporary AND table_name = 'link_prepared'"
    ).fetchall()
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE link_register_digests AS
        SELECT person, hash({", ".join(_READ)}) AS digest FROM register
        """
    )
    if not known:
        con.execute("CREATE OR REPLACE TEMP TABLE link_stay (person VARCHAR)")
    else:
        con.execute(
            """
            CREATE OR REPLACE TEMP TABLE link_stay AS
            SELECT person FROM link_register_digests JOIN link_prepared USING (person, digest)
            """
        )
        before, now, stay = con.execute(
            "SELECT (SELECT count(*) FROM link_prepared),"
            " (SELECT count(*) FROM link_register_digests), (SELECT count(*) FROM link_stay)"
        ).fetchall()[0]
        if before == now == stay:
            return 0
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE link_changed AS
        SELECT * FROM register WHERE person NOT IN (SELECT person FROM link_stay)
        """
    )
    _read_words(con, "link_changed", both_names=True)
    _make_rows(con, stay=bool(known))
    _make_people(con)
    _add_frequencies(con)
    find_blocks(con)
    return _count_changed(con)


def _count_changed(con: DuckDBPyConnection) -> int:
    """How many rows were prepared; only now are they known to be."""
    con.execute("CREATE OR REPLACE TEMP TABLE link_prepared AS FROM link_register_digests")
    return int(con.execute("SELECT count(*) FROM link_changed").fetchall()[0][0])


def prepare_records(con: DuckDBPyConnection) -> None:
    """Write `link_records` from `link_identities`, numbered in order of `record_id`."""
    _read_words(con, "link_identities", both_names=False)
    _make_records(con)


def _read_words(con: DuckDBPyConnection, source: str, *, both_names: bool) -> None:
    """Read each distinct value of a table of persons (`both_names`) or of records once."""
    _read_surnames(con, source, both_names=both_names)
    _read_given_names(con, source)
    _read_additions(con, source, both_addresses=both_names)
    _read_streets(con, source)


def _store(con: DuckDBPyConnection, name: str, columns: Mapping[str, Sequence[object]]) -> None:
    types = {
        "parts": pa.list_(pa.string()),
        "sounds": pa.list_(pa.string()),
        "forms": pa.list_(pa.string()),
    }
    types |= {"trade": pa.bool_(), "legal_person": pa.bool_()}
    arrays = {key: pa.array(values, types.get(key, pa.string())) for key, values in columns.items()}
    con.register(f"{name}_arrow", pa.table(arrays))
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM {name}_arrow")
    con.unregister(f"{name}_arrow")


def _read_surnames(con: DuckDBPyConnection, source: str, *, both_names: bool) -> None:
    partner = (
        f"UNION SELECT DISTINCT coalesce(partner_surname, ''), coalesce(partner_prefix, '')"
        f" FROM {source}"
        if both_names
        else ""
    )
    rows = con.execute(
        f"""
        SELECT DISTINCT coalesce(surname, '') AS s, coalesce(prefix, '') AS p FROM {source}
        {partner} ORDER BY ALL
        """
    ).fetchall()
    read = [names.read_surname(s, p) for s, p in rows]
    sounds = [[names.sound(part) for part in r.parts] for r in read]
    _store(
        con,
        "link_surnames",
        {
            "raw_surname": [s for s, _ in rows],
            "raw_prefix": [p for _, p in rows],
            "stem": [r.stem or None for r in read],
            "whole": [r.full or None for r in read],
            "parts": [list(r.parts) for r in read],
            "sounds": sounds,
            "snd": ["|".join(sorted(heard)) or None for heard in sounds],
            "forms": [sorted({*r.parts, *r.fulls}) for r in read],
            "initials_in_name": [r.initials or None for r in read],
            "trade": [r.trade for r in read],
            "legal_person": [r.legal_person for r in read],
        },
    )


def _read_given_names(con: DuckDBPyConnection, source: str) -> None:
    rows = con.execute(
        f"""
        SELECT DISTINCT coalesce(given_names, '') AS g, coalesce(initials, '') AS i FROM {source}
        ORDER BY ALL
        """
    ).fetchall()
    given = [names.read_given(g, i) or None for g, i in rows]
    _store(
        con,
        "link_given",
        {
            "raw_given": [g for g, _ in rows],
            "raw_initials": [i for _, i in rows],
            "given": given,
            "given_sound": [names.sound(name) if name else None for name in given],
            "initials": [names.read_initials(i, g) or None for g, i in rows],
        },
    )


def _read_additions(con: DuckDBPyConnection, source: str, *, both_addresses: bool) -> None:
    previous = (
        f"UNION SELECT DISTINCT coalesce(previous_house_letter, ''),"
        f" coalesce(previous_house_addition, '') FROM {source}"
        if both_addresses
        else ""
    )
    rows = con.execute(
        f"""
        SELECT DISTINCT coalesce(house_letter, '') AS l, coalesce(house_addition, '') AS a
        FROM {source} {previous} ORDER BY ALL
        """
    ).fetchall()
    _store(
        con,
        "link_additions",
        {
            "raw_letter": [letter for letter, _ in rows],
            "raw_addition": [addition for _, addition in rows],
            "addition": [addresses.read_addition(*row) for row in rows],
        },
    )


def _read_streets(con: DuckDBPyConnection, source: str) -> None:
    rows = con.execute(
        f"SELECT DISTINCT coalesce(street, '') AS s FROM {source} ORDER BY ALL"
    ).fetchall()
    _store(
        con,
        "link_streets",
        {
            "raw_street": [s for (s,) in rows],
            "street": [addresses.read_street(s) or None for (s,) in rows],
        },
    )


_BIRTH = """
    (year(birth_on) * 10000 + month(birth_on) * 100 + day(birth_on))::VARCHAR AS birth,
    (year(birth_on) * 10000 + day(birth_on) * 100 + month(birth_on))::VARCHAR AS birth_swapped,
    coalesce(birth_year, year(birth_on))::INTEGER AS byear,
    coalesce(birth_month, month(birth_on))::INTEGER AS bmonth
"""
_ADDRESS = """
    nullif(upper(replace(t.postcode, ' ', '')), '') AS pc, t.house_number::VARCHAR AS house,
    ad.addition, pc || '#' || house AS address,
    pc || '#' || house || '#' || ad.addition AS address_full,
    st.street || '#' || house AS street_house
"""


def _make_rows(con: DuckDBPyConnection, *, stay: bool) -> None:
    """All of a person that follows from their own row: `link_rows`, the changed ones prepared."""
    before = (
        "SELECT * FROM link_rows WHERE person IN (SELECT person FROM link_stay) UNION ALL BY NAME"
        if stay
        else ""
    )
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE link_rows AS {before}
        SELECT t.person, t.bsn, t.partner_bsn, t.address_id,
            pn.stem IS NOT NULL AND t.name_use = 'P' AS uses_partner,
            pn.stem IS NOT NULL AND t.name_use IN ('V', 'N') AS uses_both,
            least(pn.stem, o.stem) || '|' || greatest(pn.stem, o.stem) AS both_stems,
            CASE WHEN pn.stem IS NULL THEN NULL ELSE both_stems END AS dbl,
            CASE WHEN uses_partner THEN pn.whole
                WHEN uses_both THEN least(pn.whole, o.whole) || '|' || greatest(pn.whole, o.whole)
                ELSE o.whole END AS whole,
            CASE WHEN uses_partner THEN pn.stem WHEN uses_both THEN both_stems
                ELSE o.stem END AS stem,
            o.stem AS own, pn.stem AS partner,
            CASE WHEN uses_partner THEN pn.snd
                WHEN uses_both THEN least(pn.snd, o.snd) || '|' || greatest(pn.snd, o.snd)
                ELSE o.snd END AS snd,
            CASE WHEN pn.stem IS NULL THEN o.forms
                ELSE list_sort(list_distinct(list_concat(o.forms, pn.forms))) END AS names,
            CASE WHEN pn.stem IS NULL THEN o.sounds
                ELSE list_distinct(list_concat(o.sounds, pn.sounds)) END AS sounds,
            g.given, g.initials, g.initials[1] AS ini1,
            g.given_sound AS crossed,
            concat(o.stem[1], o.whole[1], pn.stem[1], pn.whole[1]) AS crossed_letter,
            {_BIRTH}, {_ADDRESS},
            nullif(upper(replace(t.previous_postcode, ' ', '')), '') || '#'
                || t.previous_house_number::VARCHAR AS previous,
            pa.addition AS previous_addition,
            coalesce(t.secrecy, 0) > 0 AS secret,
            coalesce(t.under_investigation, FALSE) AS investigated,
            t.died_on IS NOT NULL AS died, t.left_on IS NOT NULL AS left_town
        FROM link_changed t
        JOIN link_surnames o ON o.raw_surname = coalesce(t.surname, '')
            AND o.raw_prefix = coalesce(t.prefix, '')
        JOIN link_surnames pn ON pn.raw_surname = coalesce(t.partner_surname, '')
            AND pn.raw_prefix = coalesce(t.partner_prefix, '')
        JOIN link_given g ON g.raw_given = coalesce(t.given_names, '')
            AND g.raw_initials = coalesce(t.initials, '')
        JOIN link_additions ad ON ad.raw_letter = coalesce(t.house_letter, '')
            AND ad.raw_addition = coalesce(t.house_addition, '')
        JOIN link_additions pa ON pa.raw_letter = coalesce(t.previous_house_letter, '')
            AND pa.raw_addition = coalesce(t.previous_house_addition, '')
        JOIN link_streets st ON st.raw_street = coalesce(t.street, '')
        """
    )


def _make_people(con: DuckDBPyConnection) -> None:
    """Number the persons, and add what follows from the register as a whole."""
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE link_people AS
        SELECT row_number() OVER (ORDER BY person)::INTEGER AS unique_id, * EXCLUDE (partner_bsn),
            partner_bsn IN (SELECT person FROM link_rows) AS partner_listed,
            max(byear) OVER () - byear < 18 AS minor
        FROM link_rows ORDER BY person
        """
    )


def _make_records(con: DuckDBPyConnection) -> None:
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE link_records AS
        SELECT row_number() OVER (ORDER BY t.record_id)::INTEGER AS unique_id, t.record_id,
            s.whole, s.stem,
            CASE WHEN len(s.parts) = 1 THEN s.stem END AS own,
            CASE WHEN len(s.parts) = 1 THEN s.stem END AS partner,
            CASE WHEN len(s.parts) > 1 THEN s.stem END AS dbl,
            s.snd,
            s.forms AS names, s.sounds,
            g.given, coalesce(g.initials, s.initials_in_name) AS initials,
            coalesce(g.initials, s.initials_in_name)[1] AS ini1,
            CASE WHEN len(s.parts) = 1 THEN s.snd END AS crossed, ini1 AS crossed_letter,
            {_BIRTH}, {_ADDRESS}, address AS previous, ad.addition AS previous_addition,
            s.trade, s.legal_person
        FROM link_identities t
        JOIN link_surnames s ON s.raw_surname = coalesce(t.surname, '')
            AND s.raw_prefix = coalesce(t.prefix, '')
        JOIN link_given g ON g.raw_given = coalesce(t.given_names, '')
            AND g.raw_initials = coalesce(t.initials, '')
        JOIN link_additions ad ON ad.raw_letter = coalesce(t.house_letter, '')
            AND ad.raw_addition = coalesce(t.house_addition, '')
        JOIN link_streets st ON st.raw_street = coalesce(t.street, '')
        """
    )


def _add_frequencies(con: DuckDBPyConnection) -> None:
    """Commonness of each value among the people of the register, one table per column."""
    for column in FREQUENCY_COLUMNS:
        more = 1 if column in _SMOOTHED else 0
        con.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE link_frequency_{column} AS
            SELECT {column}, (count(*) + {more})
                / (SELECT count(*) + {more} FROM link_people)::DOUBLE AS tf_{column}
            FROM link_people WHERE {column} IS NOT NULL GROUP BY {column}
            """
        )
