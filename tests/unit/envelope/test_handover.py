import json

import pytest

from openregie.envelope import handover
from openregie.envelope.handover import HandOverRefused
from openregie.envelope.keys import Signer
from openregie.envelope.suites import SignatureAlgorithm

RUN = Signer.from_bytes(SignatureAlgorithm.ED25519, bytes(32))
OTHER = Signer.from_bytes(SignatureAlgorithm.ED25519, bytes([1] * 32))


def made(tmp_path, number=1, signer=RUN):
    parts = {"items.jsonl": [b'{"seq":1}', b'{"seq":2}'], "returns/123.jsonl": [b"{}"]}
    unfinished = handover.write(
        tmp_path, parts, tenant="t", number=number, day="2026-11-01", run="d", signer=signer
    )
    return handover.finish(unfinished)


def read(folder, **changed):
    return handover.read(folder, **({"verify": RUN.verify_key, "tenant": "t"} | changed))


def test_what_was_written_is_read(tmp_path):
    folder = made(tmp_path)
    manifest = read(folder)
    assert [(p.name, p.lines) for p in manifest.parts] == [
        ("items.jsonl", 2),
        ("returns/123.jsonl", 1),
    ]
    assert [line["seq"] for line in handover.lines(folder, "items.jsonl")] == [1, 2]
    assert list(handover.lines(folder, "labels.jsonl")) == []
    assert handover.newest(tmp_path) == 1


def test_an_unfinished_hand_over_is_none_and_is_written_again(tmp_path):
    for _ in range(2):
        unfinished = handover.write(
            tmp_path, {}, tenant="t", number=1, day="2026-11-01", run="d", signer=RUN
        )
    assert handover.newest(tmp_path) == 0
    handover.finish(unfinished)
    assert handover.newest(tmp_path) == 1


def spoil_part(folder):
    (folder / "items.jsonl").write_bytes(b'{"seq":9}\n{"seq":2}\n')


def remove_part(folder):
    (folder / "items.jsonl").unlink()


def spoil_manifest(folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["day"] = "2026-11-02"
    (folder / "manifest.json").write_text(
        json.dumps(manifest, separators=(",", ":"), sort_keys=True)
    )


def remove_manifest(folder):
    (folder / "manifest.json").unlink()


@pytest.mark.parametrize("spoil", [spoil_part, remove_part, spoil_manifest, remove_manifest])
def test_a_changed_hand_over_is_refused_whole(tmp_path, spoil):
    folder = made(tmp_path)
    spoil(folder)
    with pytest.raises(HandOverRefused, match="hand-over 1"):
        read(folder)


def test_another_signer_another_tenant_or_another_number_is_refused(tmp_path):
    folder = made(tmp_path)
    with pytest.raises(HandOverRefused):
        read(folder, verify=OTHER.verify_key)
    with pytest.raises(HandOverRefused):
        read(folder, tenant="u")
    folder.rename(tmp_path / "2")
    with pytest.raises(HandOverRefused):
        read(tmp_path / "2")


@pytest.mark.parametrize(
    "name", ["../items.jsonl", "items", "/etc/x.json", "a/b/c.jsonl", "A.jsonl"]
)
def test_a_part_cannot_be_written_outside_its_folder(tmp_path, name):
    with pytest.raises(HandOverRefused, match="not a name"):
        handover.write(tmp_path, {name: []}, tenant="t", number=1, day="d", run="d", signer=RUN)
