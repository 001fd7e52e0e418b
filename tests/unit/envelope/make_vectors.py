"""Write the vectors: `PYTHONPATH=tests python -m unit.envelope.make_vectors`.

Keys are fixed, seals are random by nature: the files are made once and kept. Run this again only
for a new version of a format, and then `node browser/tests/make_vectors.mjs` for what a browser
seals.
"""

from __future__ import annotations

from unit.envelope import make_item_vectors, make_key_vectors, vector_material
from unit.logbook import make_log_vectors


def main() -> None:
    """Write every file."""
    vector_material.keys_file()
    make_item_vectors.items_files()
    make_item_vectors.refusals_files()
    make_key_vectors.jcs_file()
    make_key_vectors.codes_file()
    make_key_vectors.wraps_file()
    make_key_vectors.returns_file()
    make_key_vectors.bundles_file()
    make_key_vectors.mailbox_file()
    make_log_vectors.tree_file()
    make_log_vectors.entry_file()
    make_log_vectors.checkpoint_files()


if __name__ == "__main__":
    main()
