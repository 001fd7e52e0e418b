"""The door: accepted whole, or refused whole with every reason, and nothing kept of it."""

import hashlib
import json
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openregie.blind.streams.checking import check_file
from openregie.blind.streams.errors import DeliveryRefused, InboxUnusable
from openregie.blind.streams.intake import receive
from openregie.blind.streams.manifest import load_manifest
from openregie.envelope import age
from unit.streams.deliveries import (
    BENEFIT,
    IDENTITY,
    OIN,
    RECIPIENT,
    RENT,
    STREAMS,
    TODAY,
    deliver,
    manifest_of,
    quarantined,
    read_inbox,
    table,
    to_csv,
)

DATA = to_csv([RENT])


def offer(tmp_path, data, manifest, *, streams=STREAMS, today=TODAY):
    file = tmp_path / "file"
    file.write_bytes(data)
    return receive(
        file,
        manifest,
        streams=streams,
        inbox=tmp_path / "inbox",
        run_recipient=RECIPIENT,
        today=today,
    )


def reasons(tmp_path, data, manifest, **options):
    with pytest.raises(DeliveryRefused) as refused:
        offer(tmp_path, data, manifest, **options)
    assert not (tmp_path / "inbox").exists()
    return refused.value.reasons


def test_an_accepted_file_lies_encrypted_with_its_manifest(tmp_path):
    accepted = deliver(tmp_path, DATA, "rent_arrears")
    manifest = manifest_of(DATA, "rent_arrears")
    key = f"rent_arrears|{OIN}|{TODAY}|{manifest['sha256']}"
    assert accepted.delivery_id == hashlib.sha256(key.encode()).hexdigest()[:16]
    assert (accepted.known, accepted.rows, accepted.format) == (False, 1, "CSV")
    files = sorted((tmp_path / "inbox" / "rent_arrears").iterdir())
    assert [file.suffix for file in files] == [".age", ".json"]
    assert age.decrypt(files[0].read_bytes(), identity=IDENTITY) == DATA
    assert json.loads(files[1].read_text()).items() >= manifest.items()
    assert json.loads(json.dumps(accepted.to_json()))["deliveryId"] == accepted.delivery_id


def test_no_plaintext_touches_the_inbox(tmp_path):
    deliver(tmp_path, to_csv([RENT | {"client.Achternaam": "Kanariegeel"}]), "rent_arrears")
    for file in (tmp_path / "inbox").rglob("*"):
        assert file.is_dir() or b"Kanariegeel" not in file.read_bytes()


def test_the_same_file_twice_is_one_delivery(tmp_path):
    first = deliver(tmp_path, DATA, "rent_arrears")
    before = first.file.read_bytes()
    second = deliver(tmp_path, DATA, "rent_arrears", name="another-name.csv")
    assert (first.known, second.known) == (False, True)
    assert second.delivery_id == first.delivery_id
    assert first.file.read_bytes() == before
    con, report = read_inbox(tmp_path)
    assert len(table(con, "rent_arrears")) == 1
    assert len(report.files) == 1


def test_a_delivery_cut_off_before_its_manifest_can_be_given_again(tmp_path):
    accepted = deliver(tmp_path, DATA, "rent_arrears")
    accepted.file.with_suffix(".json").unlink()
    _, report = read_inbox(tmp_path)
    assert report.files == ()
    assert deliver(tmp_path, DATA, "rent_arrears").known is False
    _, report = read_inbox(tmp_path)
    assert report.files[0].accepted == 1


def test_of_two_snapshots_on_one_day_the_later_one_counts(tmp_path):
    deliver(tmp_path, to_csv([BENEFIT]), "benefits")
    deliver(tmp_path, to_csv([BENEFIT | {"norm": "kostendeler"}]), "benefits")
    con, _ = read_inbox(tmp_path)
    assert table(con, "benefits", "norm") == [("kostendeler",)]


MANIFESTS = {
    "`stream`: no stream is called so": {"stream": "rent"},
    "comes from residents' browsers only": {"stream": "keys"},
    "`v`: must be 1": {"v": 2},
    "`supplier`: must be an object": {"supplier": "Linde"},
    "`supplier.oin`: must look like": {"supplier": {"name": "x", "oin": "../../x"}},
    "`supplier.name`: at most 200": {"supplier": {"name": "x\x00", "oin": "1"}},
    "`supplier.name`: must be a filled text": {"supplier": {"name": " ", "oin": "1"}},
    "`supplier`: has keys beyond": {"supplier": {"name": "x", "oin": "1", "bsn": "1"}},
    "`delivered_on`: must be a day": {"delivered_on": "05-11-2026"},
    "`delivered_on`: lies in the future": {"delivered_on": "2026-11-06"},
    "`delivered_on`: older than 45 days": {
        "delivered_on": "2026-09-01",
        "covers": {"from_on": "2026-08-01", "until_on": "2026-08-31"},
    },
    "`covers`: from_on lies after until_on": {
        "covers": {"from_on": "2026-11-04", "until_on": "2026-11-03"}
    },
    "`covers`: until_on lies after delivered_on": {
        "covers": {"from_on": "2026-11-04", "until_on": "2026-11-07"}
    },
    "`covers`: ends more than 45 days before": {
        "covers": {"from_on": "2026-01-01", "until_on": "2026-01-31"}
    },
    "`covers.until_on`: must be a filled text": {"covers": {"from_on": "2026-11-04"}},
    "`attests`: `personal_contact` is missing": {"attests": ["debt_help_named"]},
    "`attests`: has a word that stream": {"attests": ["x"]},
    "`attests`: must be a list": {"attests": "personal_contact"},
    "`attests`: has the same word twice": {"attests": ["personal_contact", "personal_contact"]},
    "its SHA-256 differs": {"sha256": "0" * 64},
    "`sha256`: must look like": {"sha256": "x"},
    "has keys beyond": {"note": "x"},
}


@pytest.mark.parametrize("words", MANIFESTS)
def test_a_manifest_that_does_not_fit_is_refused_with_its_reason(tmp_path, words):
    manifest = manifest_of(DATA, "rent_arrears") | MANIFESTS[words]
    assert any(words in reason for reason in reasons(tmp_path, DATA, manifest))


def test_every_missing_key_of_a_manifest_is_named(tmp_path):
    told = reasons(tmp_path, DATA, {})
    for key in ("v", "stream", "supplier", "delivered_on", "covers", "attests", "sha256"):
        assert any(f"`{key}`" in reason for reason in told)


COLUMNS = {
    "column 18: not declared for stream `rent_arrears`, too much was sent; remove it": (
        RENT | {"verzuimreden": "x"}
    ),
    "column 18: not declared for stream `rent_arrears`, too much was sent; is `bedrag` meant?": (
        RENT | {"bedragg": "x"}
    ),
    "column 18: has no header; remove or name it": RENT | {"": "x"},
    "column `bedrag`: required, but missing; add it": {
        name: value for name, value in RENT.items() if name != "bedrag"
    },
}


@pytest.mark.parametrize("reason", COLUMNS)
def test_columns_that_were_not_declared_refuse_the_whole_file(tmp_path, reason):
    data = to_csv([COLUMNS[reason]])
    assert reason in reasons(tmp_path, data, manifest_of(data, "rent_arrears"))


def test_a_double_header_is_refused_by_its_place(tmp_path):
    data = DATA.replace(b"ontstaansdatum,", b"bedrag,")
    told = reasons(tmp_path, data, manifest_of(data, "rent_arrears"))
    assert "column 15: same header as column 14; remove one of them" in told


def test_json_keys_that_were_not_declared_refuse_the_whole_file(tmp_path):
    rows = [RENT, RENT | {"client.Telefoon": "06"}, *[{f"k{n}": "1"} for n in range(30)]]
    data = "\n".join(json.dumps(row) for row in rows).encode()
    told = reasons(tmp_path, data, manifest_of(data, "rent_arrears"))
    assert told[0].startswith("row 2: a key is not declared for stream `rent_arrears`")
    assert told[-1] == "rows: 11 more keys are not declared; remove them"


def test_all_reasons_come_at_once(tmp_path):
    data = to_csv([RENT | {"verzuimreden": "x"}])
    manifest = manifest_of(data, "rent_arrears", attests=[], sha256="0" * 64)
    manifest["delivered_on"] = "2026-12-24"
    told = "\n".join(reasons(tmp_path, data, manifest))
    for words in ("future", "personal_contact", "offer_unanswered", "SHA-256", "column 18"):
        assert words in told


def test_a_file_or_folder_that_cannot_be_used_says_so(tmp_path):
    manifest = manifest_of(DATA, "rent_arrears")
    with pytest.raises(DeliveryRefused, match="cannot be read"):
        receive(
            tmp_path / "absent",
            manifest,
            streams=STREAMS,
            inbox=tmp_path / "inbox",
            run_recipient=RECIPIENT,
            today=TODAY,
        )
    (tmp_path / "inbox").write_text("a file where a folder should be")
    with pytest.raises(InboxUnusable, match="cannot be written"):
        offer(tmp_path, DATA, manifest)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"v": NaN', "\ufeff{}", "x" * 70_000])
def test_a_manifest_file_that_is_none_is_refused(tmp_path, text):
    file = tmp_path / "m.json"
    file.write_text(text)
    with pytest.raises(DeliveryRefused, match="manifest"):
        load_manifest(file)
    with pytest.raises(DeliveryRefused, match="manifest"):
        load_manifest(tmp_path / "absent.json")


def test_an_encrypted_file_is_taken_unopened_and_judged_in_the_run(tmp_path):
    data = age.encrypt(to_csv([RENT | {"verzuimreden": "x"}]), to=RECIPIENT)
    accepted = deliver(tmp_path, data, "rent_arrears")
    assert (accepted.rows, accepted.format) == (None, None)
    assert accepted.file.read_bytes() == data
    con, report = read_inbox(tmp_path)
    assert report.files[0].refused == (
        "column 18: not declared for stream `rent_arrears`, too much was sent; remove it",
    )
    ((number, column, reason, row),) = quarantined(con)
    assert (number, column, row) == (0, None, None)
    assert reason == report.files[0].refused[0]


@pytest.mark.parametrize("keep", [100, 200_000, -1])
def test_a_cut_off_age_file_yields_nothing(tmp_path, keep):
    rows = [RENT | {"ID": f"R-{n}"} for n in range(3_000)]
    data = age.encrypt(to_csv(rows), to=RECIPIENT)[:keep]
    deliver(tmp_path, data, "rent_arrears")
    con, report = read_inbox(tmp_path)
    assert table(con, "rent_arrears") == []
    assert report.files[0].refused == (
        "file: does not open with the run's key, or was cut short; deliver it again",
    )


def test_a_file_for_another_key_yields_nothing(tmp_path):
    other = age.recipient_of(age.new_identity(lambda size: bytes(range(size))))
    deliver(tmp_path, age.encrypt(DATA, to=other), "rent_arrears")
    _, report = read_inbox(tmp_path)
    assert report.files[0].accepted == 0
    assert "does not open" in report.files[0].refused[0]


def test_a_snapshot_that_cannot_be_read_leaves_the_one_before_in_force(tmp_path):
    deliver(tmp_path, to_csv([BENEFIT]), "benefits", delivered_on=date(2026, 10, 20))
    deliver(tmp_path, age.encrypt(b"broken", to=RECIPIENT), "benefits")
    con, report = read_inbox(tmp_path)
    assert len(table(con, "benefits")) == 1
    assert [bool(file.refused) for file in report.files].count(True) == 1


def test_what_changed_in_the_inbox_is_refused(tmp_path):
    deliver(tmp_path, DATA, "rent_arrears")
    other = deliver(tmp_path, to_csv([RENT | {"ID": "R-9"}]), "rent_arrears")
    other.file.write_bytes(age.encrypt(DATA, to=RECIPIENT))
    con, report = read_inbox(tmp_path)
    assert len(table(con, "rent_arrears")) == 1
    assert [file.refused for file in report.files if file.refused] == [
        ("file: changed since intake; deliver it again",)
    ]
    manifest = other.file.with_suffix(".json")
    manifest.write_text(manifest.read_text().replace("Linde", "Olm").replace(OIN, "9"))
    _, report = read_inbox(tmp_path)
    assert ("manifest: changed since intake; deliver the file again",) in [
        file.refused for file in report.files
    ]
    manifest.write_text("{}")
    other.file.unlink()
    _, report = read_inbox(tmp_path)
    assert sorted(file.accepted for file in report.files) == [0, 1]


def test_a_delivery_after_the_day_does_not_count_yet(tmp_path):
    deliver(tmp_path, DATA, "rent_arrears")
    con, report = read_inbox(tmp_path, on=TODAY - timedelta(days=1))
    assert (table(con, "rent_arrears"), report.files) == ([], ())


def test_an_old_delivery_is_warned_about_and_one_past_its_term_is_not_opened(tmp_path):
    deliver(tmp_path, to_csv([BENEFIT]), "benefits")
    _, report = read_inbox(tmp_path, on=TODAY + timedelta(days=46))
    assert report.warnings == (
        (
            f"stream `benefits`, source {OIN}: newest delivery is of 2026-11-05, "
            "older than 45 days; ask for a new one"
        ),
    )
    con, report = read_inbox(tmp_path, on=TODAY + timedelta(days=401))
    assert (table(con, "benefits"), report.files) == ([], ())


def test_a_dry_run_names_every_row_and_keeps_nothing(tmp_path):
    file = tmp_path / "f.csv"
    file.write_bytes(to_csv([RENT, RENT | {"bedrag": "x"}, RENT | {"ID": ""}]))
    report = check_file(file, STREAMS["rent_arrears"], today=TODAY)
    assert not report.ok
    assert report.to_json()["errors"] == [
        {
            "row": 2,
            "column": "bedrag",
            "reason": "column `bedrag`: not whole euros (write 1250, no separators), "
            "from 0 to 100000",
        },
        {"row": 3, "column": "ID", "reason": "column `ID`: empty, but required"},
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["f.csv"]
    file.write_bytes(DATA)
    assert check_file(file, STREAMS["rent_arrears"], today=TODAY).ok
    file.write_bytes(age.encrypt(DATA, to=RECIPIENT))
    assert check_file(file, STREAMS["rent_arrears"], today=TODAY).reasons == (
        "file: encrypted; check it before you encrypt it",
    )
    file.write_bytes(b"\0")
    assert "UTF-16" in check_file(file, STREAMS["rent_arrears"], today=TODAY).reasons[0]


CANARY = "kanarie7Zq"
PLACES = ("cell", "header", "manifest", "json key", "json value", "raw", "age")


@given(
    st.sampled_from(PLACES),
    st.sampled_from(list(RENT)),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    st.sampled_from(["v", "stream", "supplier", "delivered_on", "covers", "attests", "sha256"]),
)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_message_ever_holds_a_value(tmp_path_factory, place, column, noise, key):
    tmp_path = tmp_path_factory.mktemp("canary")
    value = noise + CANARY + noise
    row = RENT | ({column: value} if place == "cell" else {})
    data = to_csv([RENT, row])
    if place == "header":
        data = to_csv([RENT | {value: value}])
    if place == "json key":
        data = json.dumps(RENT | {value: value}).encode()
    if place == "json value":
        data = json.dumps(RENT | {column: [value]}).encode()
    if place == "raw":
        data = value.encode()
    if place == "age":
        data = age.encrypt(to_csv([RENT | {value: value}]), to=RECIPIENT)
    manifest = manifest_of(data, "rent_arrears")
    if place == "manifest":
        manifest[key] = {value: value} if key == "covers" else value
    told = []
    try:
        offer(tmp_path, data, manifest)
        con, report = read_inbox(tmp_path)
        told += [json.dumps(report.to_json(), ensure_ascii=False)]
        told += [f"{c} {reason}" for _, c, reason, _ in quarantined(con)]
    except DeliveryRefused as refused:
        told += [str(refused), repr(refused), *refused.reasons]
    told.append(
        json.dumps(
            check_file(tmp_path / "file", STREAMS["rent_arrears"], today=TODAY).to_json(),
            ensure_ascii=False,
        )
    )
    assert CANARY not in "\n".join(told)
