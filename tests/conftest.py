"""Registers the fixtures of tests/fixtures, and does nothing else."""

from __future__ import annotations

pytest_plugins = [
    "tests.fixtures.html_validator",
    "tests.fixtures.openid_provider",
    "tests.fixtures.parsers",
    "tests.fixtures.postgres",
    "tests.fixtures.redis",
]
