"""The digest of a release is what a keeper computes with `sha256sum`, and every byte counts."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from openregie import __version__, release_digest
from openregie.blind.content import load
from openregie.release_digest import PACKAGE, Release, listing, measure

ROOT = Path(__file__).parents[3]
CONTENT = ROOT / "content"
SPEC = ROOT / "docs" / "specs" / "release.md"


@pytest.fixture
def folder(tmp_path):
    for name, text in {"a.py": "1", "deep/b.py": "2", "deep/c.html": "3"}.items():
        file = tmp_path / "package" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path / "package"


def test_the_words_on_the_page_give_the_digest_that_the_product_gives():
    script = SPEC.read_text().split("```sh\n")[1].split("```")[0]
    words = ["bash", "-eu", "-c", script, "measure", str(PACKAGE), str(CONTENT), __version__]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] == measure(CONTENT).digest


def test_the_digest_in_the_receipt_is_the_one_of_the_release():
    assert load(CONTENT).digest == measure(CONTENT).content


@pytest.mark.parametrize("change", ["byte", "name", "more", "less", "compiled without source"])
def test_any_change_of_any_file_changes_the_digest(folder, change):
    before = measure(CONTENT, package=folder).digest
    file = folder / "deep" / "b.py"
    if change == "byte":
        file.write_text("4")
    elif change == "name":
        file.rename(folder / "deep" / "d.py")
    elif change == "more":
        (folder / "deep" / "d.py").write_text("")
    elif change == "less":
        file.unlink()
    else:
        (folder / "deep" / "e.pyc").write_text("")
    assert measure(CONTENT, package=folder).digest != before


def test_what_python_and_set_up_make_counts_for_nothing(folder):
    before = listing(folder)
    made = folder / "deep" / "__pycache__" / "b.cpython-311.pyc"
    made.parent.mkdir()
    made.write_text("made by Python")
    (folder / "django.mo").write_text("made at set-up")
    assert listing(folder) == before


def test_a_name_that_would_look_like_two_files_is_refused(folder):
    inner = hashlib.sha256(b"2").hexdigest()
    (folder / f"f.py\n{inner}  g.py").write_text("2")
    with pytest.raises(ValueError, match="line end"):
        listing(folder)


def test_only_what_decides_a_run_counts_of_content(tmp_path):
    copy = tmp_path / "content"
    shutil.copytree(CONTENT, copy)
    before = release_digest.content_digest(copy)
    (copy / "themes" / "another.json").write_text("{}")
    (copy / "streams" / "note.txt").write_text("a note")
    assert release_digest.content_digest(copy) == before
    stream = copy / "streams" / "rent_arrears.yaml"
    stream.write_text(stream.read_text().replace("retention_days: 183", "retention_days: 184"))
    assert release_digest.content_digest(copy) != before


def test_a_release_that_was_told_wrong_is_refused():
    told = measure(CONTENT).to_json()
    assert Release.from_json(json.loads(json.dumps(told))) == measure(CONTENT)
    for wrong in ({**told, "package": "0" * 64}, {**told, "digest": "0" * 64}, {}, None):
        with pytest.raises(ValueError, match="release"):
            Release.from_json(wrong)


@pytest.mark.parametrize("name", ["wgs.cedar", "schema.cedarschema", "data.yaml"])
def test_a_policy_that_was_changed_changes_the_digest(tmp_path, name):
    copy = tmp_path / "content"
    shutil.copytree(CONTENT, copy)
    before = release_digest.content_digest(copy)
    policy = copy / "policies" / name
    policy.write_text(policy.read_text() + "\n")
    assert release_digest.content_digest(copy) != before
