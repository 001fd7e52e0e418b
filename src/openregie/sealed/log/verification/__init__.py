"""Checks the whole log of a tenant folder against what it signed."""
