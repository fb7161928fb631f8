"""The code against real servers: PostgreSQL, Redis and files on disk."""
