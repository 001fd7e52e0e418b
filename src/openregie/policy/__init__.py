"""Who may receive or open what, by which article. See docs/path.md, stop 7."""
