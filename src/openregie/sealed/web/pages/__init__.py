"""The resident's pages as the server knows them: addresses and empty frames, never any content."""
