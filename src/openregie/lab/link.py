"""Link any two files: `openregie link REGISTER DELIVERY --columns MAP.yaml --out links.parquet`."""

from __future__ import annotations

import csv
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import yaml

from openregie.blind.linkage.addresses import read_house, read_postcode
from openregie.blind.linkage.config import LinkConfig
from openregie.blind.linkage.link import link
from openregie.blind.linkage.model import Model
from openregie.lab.errors import LabError
from openregie.terms import Progress, silent

ROLES = (
    "id", "bsn", "initials", "given_names", "prefix", "surname", "birth_on", "street", "postcode",
    "house_number", "house_letter", "house_addition", "city",
)  # fmt: skip
REGISTER_ROLES = (
    *ROLES, "name_use", "partner_prefix", "partner_surname", "partner_bsn", "address_id",
    "previous_postcode", "previous_house_number", "previous_house_letter",
    "previous_house_addition", "secrecy", "under_investigation", "died_on", "left_on",
)  # fmt: skip
_REQUIRED = {"register": ("id", "surname"), "delivery": ("surname",)}
_SNIFF_BYTES = 64 * 1024


class LinkRefused(LabError):
    """The files and the map do not fit each other; carries every reason."""

    def __init__(self, reasons: Sequence[str]) -> None:
        """Keep the reasons, in the order in which they were found."""
        super().__init__("\n".join(reasons))
        self.reasons = tuple(reasons)


@dataclass(frozen=True, slots=True)
class LinkFilesReport:
    """What linking two files did, in counts only."""

    rows: int
    people: int
    classes: Mapping[str, int]
    methods: Mapping[str, int]
    pairs: int
    model: str
    learnt_from: str
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """As plain values, for `--json`."""
        return asdict(self)


def link_files(
    register: Path,
    delivery: Path,
    columns: Path,
    out: Path,
    *,
    config: LinkConfig,
    model: Model | None = None,
    progress: Progress = silent,
) -> LinkFilesReport:
    """Link each row of a delivery to a register; both CSV or Parquet with any column names.

    Shape: writes `out` (Parquet), one row per delivery row in its order: `row_number`,
    `record_id`, `candidate` (best, also when it is not certain), `probability`, `margin_bits`,
    `class`, `person` (certain only), `household_address`, `method`, `reasons`. The map is YAML:
    `{register: {id: <column>, surname: <column>, ...}, delivery: {...}}` with the roles ROLES and
    REGISTER_ROLES. Without BSN pairs the model is learnt by EM, or is the shipped one when there
    is too little to learn from. Raises LinkRefused with every reason.
    """
    started = time.perf_counter()
    wanted = _read_map(columns)
    tables = {"register": _read_table(register), "delivery": _read_table(delivery)}
    _check_columns(wanted, tables, {"register": register, "delivery": delivery})
    con = duckdb.connect(":memory:", config={"temp_directory": ""})
    _lay_out(con, "register", _roles(tables["register"], wanted["register"], REGISTER_ROLES))
    _lay_out(con, "identities", _roles(tables["delivery"], wanted["delivery"], ROLES))
    _check_ids(con)
    report = link(con, config=config, model=model, progress=progress)
    _write(con, out)
    return LinkFilesReport(
        rows=report.records,
        people=report.people,
        classes=report.classes,
        methods=report.methods,
        pairs=report.pairs,
        model=report.model.version,
        learnt_from=report.model.learnt_from,
        seconds=round(time.perf_counter() - started, 2),
    )


def _read_map(path: Path) -> dict[str, dict[str, str]]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise LinkRefused(
            [f"{path}: cannot be read as YAML; check the path and the text"]
        ) from error
    problems: list[str] = []
    for side, roles in (("register", REGISTER_ROLES), ("delivery", ROLES)):
        section = content.get(side) if isinstance(content, dict) else None
        if not isinstance(section, dict) or not all(isinstance(c, str) for c in section.values()):
            problems.append(f"{path}: `{side}` must hold `role: column` lines")
            continue
        problems += [
            f"{path}: `{side}.{role}` is not a role; use one of {', '.join(roles)}"
            for role in section
            if role not in roles
        ]
        problems += [
            f"{path}: `{side}.{role}` is missing; name its column"
            for role in _REQUIRED[side]
            if role not in section
        ]
    if problems:
        raise LinkRefused(problems)
    return {side: dict(content[side]) for side in _REQUIRED}


def _read_table(path: Path) -> pa.Table:
    try:
        with path.open("rb") as file:
            head = file.read(_SNIFF_BYTES)
        if head[:4] == b"PAR1":
            return pq.read_table(path)
        return _read_csv(path, head)
    except OSError as error:
        raise LinkRefused([f"{path}: cannot be read; check the path"]) from error
    except pa.ArrowException as error:
        raise LinkRefused(
            [f"{path}: is neither a Parquet file nor a CSV with one header line"]
        ) from error


def _read_csv(path: Path, head: bytes) -> pa.Table:
    encoding = _encoding(path)
    lines = head.decode(encoding, errors="ignore").splitlines()
    if not lines:
        raise LinkRefused([f"{path}: is empty"])
    delimiter = max(",;\t|", key=lines[0].count)
    names = [name.strip() for name in next(csv.reader([lines[0]], delimiter=delimiter))]
    names = [name.removeprefix("\ufeff") for name in names]
    return pyarrow.csv.read_csv(
        path,
        read_options=pyarrow.csv.ReadOptions(encoding=encoding, column_names=names, skip_rows=1),
        parse_options=pyarrow.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True
        ),
    )


def _encoding(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _check_columns(
    wanted: Mapping[str, Mapping[str, str]],
    tables: Mapping[str, pa.Table],
    paths: Mapping[str, Path],
) -> None:
    problems = [
        f"{paths[side]}: has no column `{column}`, which the map names for `{side}.{role}`; "
        f"it has {', '.join(tables[side].column_names)}"
        for side, roles in wanted.items()
        for role, column in roles.items()
        if column not in tables[side].column_names
    ]
    problems += [f"{paths[side]}: holds no rows" for side in wanted if not tables[side].num_rows]
    if problems:
        raise LinkRefused(problems)


def _roles(table: pa.Table, wanted: Mapping[str, str], roles: Sequence[str]) -> pa.Table:
    """The chosen columns as text, under the names of their roles; roles not given are empty."""
    rows = table.num_rows
    texts = {
        role: table[wanted[role]].cast(pa.string())
        if role in wanted
        else pa.nulls(rows, pa.string())
        for role in roles
    }
    texts["row_number"] = pa.array(range(1, rows + 1), pa.int32())
    if "id" not in wanted:
        texts["id"] = pa.array([f"{number:09d}" for number in range(1, rows + 1)])
    numbers = [read_house(text) for text in texts["house_number"].to_pylist()]
    texts["house"] = pa.array([number for number, _ in numbers], pa.int32())
    texts["house_rest"] = pa.array([rest or None for _, rest in numbers], pa.string())
    for name in ("postcode", "previous_postcode"):
        if name in texts:
            texts[name] = pa.array(
                [_postcode(text) for text in texts[name].to_pylist()], pa.string()
            )
    return pa.table(texts)


def _postcode(text: str | None) -> str | None:
    """A Dutch postcode in its one form; that of another country as it is, without spaces."""
    return read_postcode(text) or "".join((text or "").split()).upper() or None


_DIGITS = "regexp_replace(birth_on, '[^0-9]', '', 'g')"
_IDENTITY = f"""
    CASE WHEN regexp_full_match(trim(bsn), '[0-9]{{8,9}}') THEN lpad(trim(bsn), 9, '0') END AS bsn,
    initials, given_names, prefix, surname,
    CASE WHEN regexp_matches(birth_on, '^[0-9]{{1,2}}[-/.][0-9]{{1,2}}[-/.][0-9]{{4}}') THEN
            try_strptime(regexp_replace(birth_on[:10], '[/.]', '-', 'g'), '%d-%m-%Y')::DATE
        WHEN regexp_matches({_DIGITS}, '^[0-9]{{8}}')
            THEN try_strptime({_DIGITS}[:8], '%Y%m%d')::DATE END AS birth_on,
    nullif(coalesce(year(birth_on_read), try_cast({_DIGITS}[:4] AS INTEGER)), 0) AS birth_year,
    nullif(coalesce(month(birth_on_read), try_cast({_DIGITS}[5:6] AS INTEGER)), 0) AS birth_month,
    street, postcode, house AS house_number, house_letter,
    coalesce(house_addition, house_rest) AS house_addition, city
""".replace("END AS birth_on,", "END AS birth_on_read,")


def _lay_out(con: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    """The table as linking reads it: `register` with its own columns, or `identities`."""
    con.register("laid_out", table)
    rest = (
        """
        id AS person, id AS record_id, upper(name_use) AS name_use, partner_prefix, partner_surname,
        partner_bsn,
        coalesce(address_id, postcode || '#' || house::VARCHAR || '#' || coalesce(house_letter, '')
            || '#' || coalesce(house_addition, house_rest, '')) AS address_id, previous_postcode,
        try_cast(previous_house_number AS INTEGER) AS previous_house_number, previous_house_letter,
        previous_house_addition, try_cast(secrecy AS INTEGER) AS secrecy,
        lower(under_investigation) IN ('true', 'ja', 'j', '1') AS under_investigation,
        CASE WHEN died_on <> '' THEN DATE '0001-01-01' END AS died_on,
        CASE WHEN left_on <> '' THEN DATE '0001-01-01' END AS left_on
        """
        if name == "register"
        else "id AS record_id, 'delivery' AS stream, 'file' AS source_kind, row_number"
    )
    con.execute(
        f"CREATE TABLE {name} AS SELECT * EXCLUDE (birth_on_read), birth_on_read AS birth_on "
        f"FROM (SELECT {rest}, {_IDENTITY} FROM laid_out) ORDER BY record_id"
    )
    con.unregister("laid_out")


def _check_ids(con: duckdb.DuckDBPyConnection) -> None:
    problems = [
        f"{side}: the column of `{side}.id` is empty or repeated in {count} rows; choose another"
        for side, table in (("register", "register"), ("delivery", "identities"))
        if (
            count := con.execute(
                f"SELECT count(*) - count(DISTINCT record_id) FROM {table}"
            ).fetchall()[0][0]
        )
    ]
    if problems:
        raise LinkRefused(problems)


def _write(con: duckdb.DuckDBPyConnection, out: Path) -> None:
    """Write the links beside the best candidate of every row, certain or not."""
    found = con.sql(
        """
        SELECT i.row_number, i.record_id, coalesce(l.person, b.person, p.person) AS candidate,
            l.probability, l.margin_bits, l.class, l.person, l.household_address, l.method,
            l.reasons
        FROM links l JOIN identities i USING (record_id)
        LEFT JOIN link_bsn b USING (record_id)
        LEFT JOIN link_records r USING (record_id)
        LEFT JOIN link_decided d ON d.r = r.unique_id
        LEFT JOIN link_people p ON p.unique_id = d.p
        ORDER BY i.row_number
        """
    ).to_arrow_table()
    waiting = out.with_suffix(out.suffix + ".tmp")
    pq.write_table(found, waiting, compression="zstd")
    waiting.replace(out)
