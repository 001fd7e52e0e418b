"""Records to linked persons. See docs/path.md, and docs/linkage.md for how it decides."""
