"""The blind run needs no network: it passes where there is not even a loopback."""

import json
import shutil
import subprocess
import sys

import pytest

from town import ON

UNSHARE = ["unshare", "--net", "--map-root-user"]


def test_the_blind_run_passes_inside_a_network_namespace_without_interfaces(town, tmp_path):
    if not shutil.which("unshare") or subprocess.run([*UNSHARE, "true"], check=False).returncode:
        pytest.skip("this system does not let us make a network namespace")
    directory = tmp_path / "lindestad"
    shutil.copytree(town.directory, directory)
    command = [sys.executable, "-m", "openregie.cli", "run", "--json", "--quiet"]
    done = subprocess.run(
        [*UNSHARE, *command, "--dir", str(directory), "--on", ON],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    again = json.loads(done.stdout)
    assert again["decisions"] == town.receipt["decisions"]
    assert again["items"] == {"sealed": {"s1": 0}, "removed": 0}
