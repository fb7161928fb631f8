"""All tables together, whichever file they stand in: what migrations make, and what row-level security binds."""

from __future__ import annotations

from service.storage import (
    checkpoint_tables,
    council_tables,
    heartbeats,
    matter_tables,
    notice_tables,
    sign_in_tables,
    snapshot_tables,
    view_tables,
)
from service.storage.metadata import metadata

__all__ = ["FILES", "TENANT_TABLES", "metadata"]

#: Each file puts its tables into the metadata as it is imported.
FILES = (
    council_tables, matter_tables, checkpoint_tables, heartbeats, notice_tables, sign_in_tables, snapshot_tables,
    view_tables,
)  # fmt: skip
#: Every table whose rows belong to one organisation.
TENANT_TABLES = tuple(t for t in metadata.sorted_tables if "organisation_id" in t.c)
