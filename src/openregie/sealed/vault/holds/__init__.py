"""What an operator does during an incident: keep items back, close a vault, end keys."""
