"""A synthetic municipality: its register, its delivery files and, kept apart, its truth."""
