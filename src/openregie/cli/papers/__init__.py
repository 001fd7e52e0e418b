"""The papers of a municipality that are written from what runs: the impact assessment."""
