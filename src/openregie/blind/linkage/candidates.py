"""Which pairs of a record and a person are worth comparing: `link_pairs`.

Wide enough that the right person is nearly always among them, bounded so that no common name or
large institution makes the work grow faster than the records.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from openregie.blind.linkage.config import Blocking

_NAME_KEYS = """
    CREATE OR REPLACE TEMP TABLE link_name_{0} AS
    SELECT unique_id, unnest(sounds) AS heard, ini1, initials, byear, birth, pc FROM {1}
"""
_RULES = (
    # the address now, unless so many live there that a name or birth date must help
    """SELECT p.unique_id, r.unique_id FROM link_open r JOIN link_people p USING (address)
       JOIN link_residents n USING (address) WHERE n.residents <= {max_residents}""",
    # the address before
    """SELECT p.unique_id, r.unique_id FROM link_open r
       JOIN link_people p ON p.previous = r.address
       JOIN link_movers n ON n.previous = r.address WHERE n.movers <= {max_residents}""",
    # the street and number where the postcode is wrong or missing
    """SELECT p.unique_id, r.unique_id FROM link_open r JOIN link_people p USING (street_house)
       WHERE r.address IS DISTINCT FROM p.address AND (p.sounds && r.sounds OR p.ini1 = r.ini1)""",
    # birth date with a first letter, or with any name
    """SELECT p.unique_id, r.unique_id FROM link_open r JOIN link_people p USING (birth, ini1)""",
    """SELECT p.unique_id, r.unique_id FROM link_name_records r
       JOIN link_name_people p USING (birth, heard)""",
    """SELECT p.unique_id, r.unique_id FROM link_open r
       JOIN link_people p ON p.birth = r.birth_swapped AND p.ini1 = r.ini1
       WHERE r.birth_swapped <> r.birth AND p.sounds && r.sounds""",
    """SELECT p.unique_id, r.unique_id FROM link_open r
       JOIN link_people p USING (birth, crossed)""",
    # any name, with a postcode, with a year of birth, or with two initials
    """SELECT p.unique_id, r.unique_id FROM link_name_records r
       JOIN link_name_people p USING (heard, pc)""",
    """SELECT p.unique_id, r.unique_id FROM link_name_records r
       JOIN link_name_people p USING (heard, ini1, byear)""",
    """SELECT p.unique_id, r.unique_id FROM link_name_records r
       JOIN link_name_people p USING (heard, initials)
       JOIN link_namesakes n USING (heard, initials)
       WHERE length(r.initials) > 1 AND n.namesakes <= {max_namesakes}""",
)


def find_blocks(con: DuckDBPyConnection) -> None:
    """What the rules look up among the people: `link_name_people` and how many share a place."""
    con.execute(_NAME_KEYS.format("people", "link_people"))
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE link_residents AS
        SELECT address, count(*) AS residents FROM link_people WHERE address IS NOT NULL GROUP BY 1
        """
    )
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE link_movers AS
        SELECT previous, count(*) AS movers FROM link_people WHERE previous IS NOT NULL GROUP BY 1
        """
    )
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE link_namesakes AS
        SELECT heard, initials, count(*) AS namesakes FROM link_name_people GROUP BY 1, 2
        """
    )
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE link_numbers AS
        SELECT bsn, min(person) AS person FROM link_people WHERE bsn IS NOT NULL
        GROUP BY bsn HAVING count(*) = 1
        """
    )


def find_candidates(con: DuckDBPyConnection, blocking: Blocking) -> int:
    """Write `link_pairs(p, r)`: numbers of persons and records; give their count."""
    con.execute(_NAME_KEYS.format("records", "link_open"))
    rules = " UNION ALL ".join(
        rule.format(
            max_residents=blocking.max_residents_at_address, max_namesakes=blocking.max_namesakes
        )
        for rule in _RULES
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE link_pairs AS SELECT DISTINCT * FROM ({rules}) AS t(p, r)"
    )
    return int(con.execute("SELECT count(*) FROM link_pairs").fetchall()[0][0])
