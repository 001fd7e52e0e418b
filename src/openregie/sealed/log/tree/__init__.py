"""The Merkle tree over the log's entries: places, proofs, signed heads."""
