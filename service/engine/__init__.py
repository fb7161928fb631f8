"""The only door to a matter: what a move or a deadline changes is decided by rules and written here."""
