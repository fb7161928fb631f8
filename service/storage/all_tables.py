"""All tables together, whichever file they stand in: what migrations make, and what row-level security binds."""

from __future__ import annotations

from service.storage import checkpoint_tables, notice_tables

#: Every file of tables, so that each of them is imported.
_FILES = (checkpoint_tables, notice_tables)
metadata = _FILES[0].metadata
#: Every table whose rows belong to one organisation.
TENANT_TABLES = tuple(t for t in metadata.sorted_tables if "organisation_id" in t.c)
