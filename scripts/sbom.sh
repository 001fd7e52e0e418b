#!/usr/bin/env bash
# Lists the parts of a release (SBOM, CycloneDX JSON) from the lock files alone: `scripts/sbom.sh DIR`.
# Called by `make sbom`, which installs the tool. No network.
set -euo pipefail
to=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")/.."
tools=.venv-release/bin
cat requirements/blind.txt requirements/sealed.txt |
  "$tools/cyclonedx-py" requirements - --output-reproducible --of JSON --sv 1.6 -o - |
  "$tools/python" scripts/list_parts.py python >"$to/openregie-python.cdx.json"
npm sbom --sbom-format cyclonedx --omit dev --package-lock-only |
  "$tools/python" scripts/list_parts.py browser >"$to/openregie-browser.cdx.json"
