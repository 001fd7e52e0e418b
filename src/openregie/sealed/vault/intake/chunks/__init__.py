"""Work in transactions short enough that nobody waits long for the database."""
