"""Storage on both engines, and what PostgreSQL alone protects."""
