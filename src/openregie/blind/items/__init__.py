"""See docs/path.md."""
