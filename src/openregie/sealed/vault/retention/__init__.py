"""What ends with its term: labels, team items, and parts of hand-overs that were taken in."""
