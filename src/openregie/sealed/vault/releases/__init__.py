"""What runs here, in the log."""
