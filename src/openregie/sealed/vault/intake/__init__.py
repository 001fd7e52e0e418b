"""Taking in what a run hands over."""
