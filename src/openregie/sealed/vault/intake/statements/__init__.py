"""What a run states beside items: relations, labels, signals for a team."""
