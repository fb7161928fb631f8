"""All tables together, whichever file they stand in: what migrations make, and what row-level security binds."""

from __future__ import annotations

from service.storage import (
    checkpoint_tables,
    heartbeats,
    notice_tables,
    sign_in_tables,
    snapshot_tables,
    tables,
    view_tables,
)

#: Each file puts its tables into the metadata as it is imported.
FILES = (tables, checkpoint_tables, heartbeats, notice_tables, sign_in_tables, snapshot_tables, view_tables)
metadata = tables.metadata
#: Every table whose rows belong to one organisation.
TENANT_TABLES = tuple(t for t in metadata.sorted_tables if "organisation_id" in t.c)
