"""Tidies the list of parts (SBOM, CycloneDX JSON) that a tool wrote: same parts, same bytes.

`python scripts/list_parts.py python|browser < FILE > FILE`, by `make sbom`. Taken out: moments,
random numbers and addresses of registries. Added to Python parts: licences, from
requirements/licences.toml.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TOLD = ("type", "name", "version", "purl", "licenses", "hashes")
"""What a part says about itself; descriptions and home pages are its maker's, and may change."""
LICENCES = ROOT / "requirements" / "licences.toml"
PROJECT = ROOT / "pyproject.toml"


def tidy(told: dict[str, Any], kind: str) -> dict[str, Any]:
    """Same parts, same answer. Raises KeyError for a Python part without a written licence."""
    licences = tomllib.loads(LICENCES.read_text(encoding="utf-8"))["python"]
    version = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"]
    parts = {part["purl"]: _part(part, licences) for part in told["components"]}
    top = f"openregie-{kind}@{version}"
    return {
        "bomFormat": "CycloneDX",
        "specVersion": told["specVersion"],
        "version": 1,
        "metadata": {
            "component": {
                "bom-ref": top,
                "type": "application",
                "name": f"openregie-{kind}",
                "version": version,
                "licenses": [{"license": {"id": "EUPL-1.2"}}],
            }
        },
        "components": [parts[purl] for purl in sorted(parts)],
        "dependencies": [{"ref": top, "dependsOn": sorted(parts)}],
    }


def _part(part: dict[str, Any], licences: dict[str, str]) -> dict[str, Any]:
    told = {name: part[name] for name in TOLD if name in part}
    if part["purl"].startswith("pkg:pypi/"):
        name = re.sub(r"[-_.]+", "-", part["name"]).lower()
        told["licenses"] = [{"expression": licences[name]}]
        told["externalReferences"] = [
            {"type": "distribution", "url": part["purl"], "hashes": _hashes(file)}
            for file in part["externalReferences"]
            if file["type"] == "distribution"
        ]
    return {"bom-ref": part["purl"], **told}


def _hashes(file: dict[str, Any]) -> list[dict[str, str]]:
    """One hash per file that may be installed: one wheel a platform, and the source."""
    return sorted(file["hashes"], key=lambda one: (one["alg"], one["content"]))


if __name__ == "__main__":
    json.dump(tidy(json.load(sys.stdin), sys.argv[1]), sys.stdout, indent=1, sort_keys=True)
    sys.stdout.write("\n")
