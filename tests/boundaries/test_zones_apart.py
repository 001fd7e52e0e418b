"""Each zone works where the other's packages are not installed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
BLIND_ONLY = ("duckdb", "splink", "pyarrow", "opendp")
SEALED_ONLY = ("django", "authlib", "requests", "waitress", "whitenoise", "segno", "joserfc")

HIDE = """
import importlib, json, pkgutil, sys
hidden, package = json.loads(sys.argv[1])
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in hidden:
            raise ModuleNotFoundError(f"{name} is not installed in this image", name=name)
sys.meta_path.insert(0, Hidden())
if "django" not in hidden:
    import django
    django.setup()
root = importlib.import_module(package)
names = [package] + [m.name for m in pkgutil.walk_packages(root.__path__, package + ".")]
for name in names:
    if not name.endswith(".wsgi"):
        importlib.import_module(name)
print(len(names))
"""


def load_all(package, hidden, **environment):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", HIDE, json.dumps([hidden, package])],
        env={"PYTHONPATH": str(SOURCE), "PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return int(done.stdout)


@pytest.mark.parametrize("package", ["openregie.blind", "openregie.insight", "openregie.rules"])
def test_the_blind_zone_needs_nothing_of_the_sealed_zone(package):
    assert load_all(package, SEALED_ONLY) > 1


def test_the_sealed_zone_needs_no_engine_that_could_read_a_delivery():
    settings = "openregie.sealed.web.settings"
    assert load_all("openregie.sealed", BLIND_ONLY, DJANGO_SETTINGS_MODULE=settings) > 20


@pytest.mark.parametrize("package", ["openregie.envelope", "openregie.logbook", "openregie.policy"])
def test_what_both_zones_use_needs_neither(package):
    assert load_all(package, BLIND_ONLY + SEALED_ONLY) > 1


def test_a_hidden_package_is_noticed():
    with pytest.raises(AssertionError) as done:
        load_all("openregie.blind", BLIND_ONLY + SEALED_ONLY)
    assert "not installed in this image" in str(done.value)
