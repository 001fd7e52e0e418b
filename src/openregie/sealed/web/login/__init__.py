"""Logging in: from the client's page to the provider and back, ending in a mailbox in a session."""
