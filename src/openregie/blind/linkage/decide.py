"""From weighed pairs to one decision per record: certain, household, review or none.

P_i = o_i / (1 + sum of all o): the chance that candidate i is meant, where 1 stands for nobody in
the register and the sum also holds, per address, someone who lives there unseen by the register.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from openregie.blind.linkage.comparisons import AT_ADDRESS
from openregie.blind.linkage.config import LinkConfig

_ADDRESS_STATED = ", ".join(f"'{code}'" for code in AT_ADDRESS)
_SAME_NAME = ", ".join(
    f"'surname_{how}'" for how in ("equal", "prefix_differs", "sounds_equal", "close")
)
_SCALE = 10**12


def decide(con: DuckDBPyConnection, config: LinkConfig, *, prior_bits: float) -> None:
    """Write `link_decided`: one row per record in `link_records` that was weighed.

    Reads `link_scored`, `link_forbidden(r, p)`, `link_elsewhere(r)` (a BSN that is not in the
    register). Shape: `(r, p, class, guard, household_address, probability, margin_bits)`.
    """
    _weigh(con, config, prior_bits)
    _find_best(con)
    _find_households(con)
    _judge(con)
    _guard(con, config)
    _classify(con, config)


def _weigh(con: DuckDBPyConnection, config: LinkConfig, prior_bits: float) -> None:
    unseen = config.unseen
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE link_unseen AS
        SELECT s.r, p.address_id, round({prior_bits} + max(s.address_bits) + log2({unseen.relative})
            + log2({1 - unseen.same_surname} + {unseen.same_surname} * 2 ** max(s.surname_bits))
            + log2({1 - unseen.same_initials} + {unseen.same_initials} * 2 ** max(s.given_bits)), 6)
            AS bits
        FROM link_scored s JOIN link_people p ON p.unique_id = s.p
        WHERE s.address_bits > 0 AND s.address <> 'postcode_equal'
        GROUP BY s.r, p.address_id
        """
    )
    # INVARIANT: whole numbers are summed, so that the order of adding cannot change a decision
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE link_mass AS
        SELECT r, greatest(max(bits), 0) AS top,
            sum((2 ** (bits - peak) * {_SCALE})::BIGINT)
                + (2 ** (0 - any_value(peak)) * {_SCALE})::BIGINT AS total
        FROM (SELECT *, greatest(max(bits) OVER (PARTITION BY r), 0) AS peak
              FROM (SELECT r, bits FROM link_scored UNION ALL SELECT r, bits FROM link_unseen))
        GROUP BY r
        """
    )
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE link_weighed AS
        SELECT s.*, (2 ** (s.bits - m.top) * {_SCALE})::BIGINT AS mass, m.total,
            round(mass / m.total::DOUBLE, 6) AS share,
            p.minor, NOT coalesce(p.partner_listed, FALSE) AND p.own <> p.partner
                AND (s.surname = 'surname_partner'
                    OR (p.uses_partner AND s.surname IN ({_SAME_NAME})))
                AS by_partner,
            p.address_id, p.died, p.left_town, p.secret, p.investigated,
            s.address IN ({_ADDRESS_STATED}) AS at_address
        FROM link_scored s JOIN link_mass m USING (r) JOIN link_people p ON p.unique_id = s.p
        """
    )
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE link_unseen_mass AS
        SELECT r, address_id, (2 ** (u.bits - m.top) * {_SCALE})::BIGINT AS mass
        FROM link_unseen u JOIN link_mass m USING (r)
        """
    )


def _find_best(con: DuckDBPyConnection) -> None:
    """The best candidate, its lead, and whether a namesake lives at the same address."""
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE link_best AS
        SELECT w.*, round(w.bits - greatest(coalesce(w.next_bits, 0), 0), 6) AS margin_bits
        FROM (SELECT *, row_number() OVER best AS place, lead(bits) OVER best AS next_bits
              FROM link_weighed WINDOW best AS (PARTITION BY r ORDER BY bits DESC, p)) w
        WHERE place = 1
        """
    )
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE link_namesake AS
        SELECT DISTINCT b.r
        FROM link_best b JOIN link_weighed w
            ON w.r = b.r AND w.p <> b.p AND w.address_id = b.address_id
        WHERE w.surname_bits > 0 AND w.given_bits >= 0 AND NOT w.died AND NOT w.left_town
        """
    )


def _find_households(con: DuckDBPyConnection) -> None:
    """The likeliest address: chance that one of the people who live there is meant, seen or unseen.

    Only an address that the record states itself; an old address only when nobody there is secret.
    """
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE link_homes AS
        WITH seen AS (
            SELECT r, address_id, sum(mass) AS mass, any_value(total) AS total,
                bool_or(investigated AND at_address) AS investigated, bool_or(at_address) AS here
            FROM link_weighed
            WHERE address_id IS NOT NULL AND NOT died AND NOT left_town
              AND (at_address OR (address = 'address_old' AND NOT secret))
            GROUP BY r, address_id
        )
        SELECT r, address_id, household, investigated FROM (
            SELECT s.*, round((s.mass + CASE WHEN here THEN coalesce(u.mass, 0) ELSE 0 END)
                / s.total::DOUBLE, 6) AS household,
                row_number() OVER (PARTITION BY s.r ORDER BY s.mass DESC, s.address_id) AS place
            FROM seen s LEFT JOIN link_unseen_mass u USING (r, address_id)
        ) WHERE place = 1
        """
    )


def _judge(con: DuckDBPyConnection) -> None:
    """All that a decision rests on, one row per record."""
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE link_judged AS
        SELECT r.unique_id AS r, b.* EXCLUDE (r), h.household, h.address_id AS home,
            h.investigated AS home_investigated, r.legal_person,
            f.r IS NOT NULL AS undone, e.r IS NOT NULL AS elsewhere,
            coalesce(b.birth_bits > 0, FALSE) AS by_birth,
            n.r IS NOT NULL AS namesake,
            b.bits - greatest(b.address_bits, 0) AS bits_without_address
        FROM link_records r JOIN link_todo USING (unique_id)
        LEFT JOIN link_best b ON b.r = r.unique_id
        LEFT JOIN link_homes h ON h.r = r.unique_id
        LEFT JOIN link_forbidden f ON f.r = r.unique_id AND f.p = b.p
        LEFT JOIN link_elsewhere e ON e.r = r.unique_id
        LEFT JOIN link_namesake n ON n.r = r.unique_id
        """
    )


def _guard(con: DuckDBPyConnection, config: LinkConfig) -> None:
    """Whether the chance is enough, and what forbids certainty whatever the chance."""
    t = config.thresholds
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE link_guarded AS
        SELECT *, coalesce(share >= CASE
                WHEN address IN ('address_differs', 'postcode_equal') THEN {t.certain_elsewhere}
                WHEN by_birth THEN {t.certain_with_birth}
                ELSE {t.certain_without_birth} END, FALSE) AS enough,
            CASE
                WHEN legal_person THEN 'organisation'
                WHEN p IS NULL THEN 'nothing_close'
                WHEN undone THEN 'link_undone'
                WHEN elsewhere THEN 'bsn_not_in_register'
                WHEN died THEN 'person_died'
                WHEN left_town THEN 'person_left'
                WHEN investigated AND at_address
                    AND bits_without_address
                        < log2({t.certain_with_birth} / {1 - t.certain_with_birth})
                    THEN 'address_under_investigation'
                WHEN secret
                    AND surname_bits + given_bits + birth_bits < {t.secret_bits_without_address}
                    THEN 'household_only'
                WHEN given IN ('given_differs', 'initials_differs') THEN given
                WHEN namesake AND NOT by_birth THEN 'namesake_at_address'
                WHEN minor AND NOT by_birth THEN 'minor_without_birth_date'
                WHEN by_partner AND NOT by_birth THEN 'partner_may_be_meant'
                WHEN margin_bits < {t.margin_bits} THEN 'too_close_to_another'
            END AS guard
        FROM link_judged
        """
    )


def _classify(con: DuckDBPyConnection, config: LinkConfig) -> None:
    t = config.thresholds
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE link_decided AS
        SELECT r, p, CASE
                WHEN legal_person OR p IS NULL THEN 'none'
                WHEN guard IS NULL AND enough THEN 'certain'
                WHEN guard IN ('link_undone', 'bsn_not_in_register')
                    AND greatest(share, coalesce(household, 0)) >= {t.review} THEN 'review'
                WHEN household >= {t.household} AND NOT home_investigated
                    AND guard IS DISTINCT FROM 'link_undone'
                    AND guard IS DISTINCT FROM 'bsn_not_in_register' THEN 'household'
                WHEN greatest(share, coalesce(household, 0)) >= {t.review} THEN 'review'
                ELSE 'none'
            END AS class,
            CASE WHEN guard IS NULL AND home_investigated AND NOT enough
                THEN 'address_under_investigation' ELSE guard END AS guard,
            home AS household_address, coalesce(share, 0) AS probability,
            coalesce(household, 0) AS household_probability,
            coalesce(margin_bits, 0) AS margin_bits, secret
        FROM link_guarded
        """
    )
