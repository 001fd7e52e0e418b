"""Noisy counts and the privacy budget they spend. See docs/path.md, stop 13."""
