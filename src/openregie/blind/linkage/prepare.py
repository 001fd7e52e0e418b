"""Makes the two tables that are compared: `link_people` and `link_records`.

The pure functions of names.py and addresses.py run once per distinct value; DuckDB joins the
results back. So one definition serves one name and a million.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
from duckdb import DuckDBPyConnection

from openregie.blind.linkage import addresses, names
from openregie.blind.linkage.comparisons import FREQUENCY_COLUMNS

_SMOOTHED = ("whole", "stem", "own", "partner", "snd", "given", "initials")
"""Of these one person more is counted: a name that the register holds once is not that rare."""


def prepare(con: DuckDBPyConnection) -> None:
    """Write `link_people` and `link_records` from `register` and `link_identities`.

    Shape: one row per person, one per record; `unique_id` numbers them in order of `person` and
    `record_id`, so that the order of the input does not matter. Raises TableMissing.
    """
    _read_surnames(con)
    _read_given_names(con)
    _read_additions(con)
    _read_streets(con)
    _make_people(con)
    _make_records(con)
    _add_frequencies(con)


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


def _read_surnames(con: DuckDBPyConnection) -> None:
    rows = con.execute(
        """
        SELECT DISTINCT coalesce(surname, '') AS s, coalesce(prefix, '') AS p FROM register
        UNION SELECT DISTINCT coalesce(partner_surname, ''), coalesce(partner_prefix, '')
        FROM register
        UNION SELECT DISTINCT coalesce(surname, ''), coalesce(prefix, '') FROM link_identities
        ORDER BY ALL
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


def _read_given_names(con: DuckDBPyConnection) -> None:
    rows = con.execute(
        """
        SELECT DISTINCT coalesce(given_names, '') AS g, coalesce(initials, '') AS i FROM register
        UNION SELECT DISTINCT coalesce(given_names, ''), coalesce(initials, '') FROM link_identities
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


def _read_additions(con: DuckDBPyConnection) -> None:
    rows = con.execute(
        """
        SELECT DISTINCT coalesce(house_letter, '') AS l, coalesce(house_addition, '') AS a
        FROM register
        UNION SELECT DISTINCT coalesce(previous_house_letter, ''),
            coalesce(previous_house_addition, '') FROM register
        UNION SELECT DISTINCT coalesce(house_letter, ''), coalesce(house_addition, '')
        FROM link_identities
        ORDER BY ALL
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


def _read_streets(con: DuckDBPyConnection) -> None:
    rows = con.execute(
        """
        SELECT DISTINCT coalesce(street, '') AS s FROM register
        UNION SELECT DISTINCT coalesce(street, '') FROM link_identities ORDER BY ALL
        """
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


def _make_people(con: DuckDBPyConnection) -> None:
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE link_people AS
        SELECT row_number() OVER (ORDER BY t.person)::INTEGER AS unique_id, t.person, t.address_id,
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
            t.partner_bsn IN (SELECT person FROM register) AS partner_listed,
            max(byear) OVER () - byear < 18 AS minor,
            t.died_on IS NOT NULL AS died, t.left_on IS NOT NULL AS left_town
        FROM register t
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
