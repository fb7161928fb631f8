"""The parts of the service that need no database."""
