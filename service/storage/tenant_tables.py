"""Every table whose rows belong to one organisation, whichever file it stands in: row-level security binds them all."""

from __future__ import annotations

from service.storage import notice_tables

TENANT_TABLES = tuple(t for t in notice_tables.metadata.sorted_tables if "organisation_id" in t.c)
