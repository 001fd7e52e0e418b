"""Putting residents' sealed returns where the next run finds them."""
