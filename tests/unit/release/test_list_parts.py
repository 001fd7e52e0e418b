"""The list of parts (SBOM) names all that is locked for a run or a page, the same each time."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TOOLS = ROOT / ".venv-release" / "bin"
KINDS = ("python", "browser")
VALIDATE = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
for version, file in (("V1_6", sys.argv[1]), ("V1_5", sys.argv[2])):
    wrong = JsonStrictValidator(SchemaVersion[version]).validate_str(open(file).read())
    assert wrong is None, wrong
"""

pytestmark = pytest.mark.skipif(
    not (TOOLS / "cyclonedx-py").exists(),
    reason="the tool that lists parts is installed on demand: `make sbom`",
)


def write(folder):
    subprocess.run([ROOT / "scripts" / "sbom.sh", folder], check=True, capture_output=True)
    return {kind: (folder / f"openregie-{kind}.cdx.json").read_bytes() for kind in KINDS}


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    return write(tmp_path_factory.mktemp("sbom"))


def parts(listed, kind):
    return json.loads(listed[kind])["components"]


def test_the_same_locks_give_the_same_bytes(listed, tmp_path):
    assert write(tmp_path) == listed


def test_every_python_package_of_the_two_images_stands_in_it_with_every_hash(listed):
    texts = [(ROOT / "requirements" / f"{zone}.txt").read_text() for zone in ("blind", "sealed")]
    wanted = {pair for text in texts for pair in re.findall(r"(?m)^([\w.-]+)==(\S+)", text)}
    hashes = {found for text in texts for found in re.findall(r"--hash=sha256:(\w+)", text)}
    found = parts(listed, "python")
    assert {(part["name"], part["version"]) for part in found} == wanted
    files = [file for part in found for file in part["externalReferences"]]
    assert {one["content"] for file in files for one in file["hashes"]} == hashes


def test_every_browser_package_that_is_no_tool_stands_in_it(listed):
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    wanted = {
        (path.removeprefix("node_modules/"), part["version"])
        for path, part in packages.items()
        if path and not part.get("dev")
    }
    assert {(part["name"], part["version"]) for part in parts(listed, "browser")} == wanted


@pytest.mark.parametrize("kind", KINDS)
def test_each_part_has_a_licence_and_nothing_in_it_names_an_address_or_a_moment(listed, kind):
    assert all(part["licenses"] for part in parts(listed, kind))
    assert not re.search(rb"https?://|timestamp|serialNumber|requirements line", listed[kind])


def test_both_lists_are_cyclonedx(listed, tmp_path):
    files = [tmp_path / kind for kind in KINDS]
    for kind, file in zip(KINDS, files, strict=True):
        file.write_bytes(listed[kind])
    subprocess.run([TOOLS / "python", "-c", VALIDATE, *files], check=True)


def test_a_python_part_without_a_written_licence_is_refused():
    part = {"purl": "pkg:pypi/unheard-of@1", "name": "unheard-of", "externalReferences": []}
    told = json.dumps({"specVersion": "1.6", "components": [part]})
    words = [sys.executable, ROOT / "scripts" / "list_parts.py", "python"]
    done = subprocess.run(words, input=told, text=True, capture_output=True, check=False)
    assert done.returncode != 0
    assert "unheard-of" in done.stderr
