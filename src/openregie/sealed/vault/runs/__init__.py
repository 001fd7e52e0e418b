"""Where the run is, as far as a resident may know: counts only."""
