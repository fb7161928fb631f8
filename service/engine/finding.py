"""Looking for a case by its reference: it is there for whoever sees a matter of it."""

from __future__ import annotations

from sqlalchemy import select

from service.engine.reading import Reader
from service.identity.access import sees
from service.identity.grounds import OWN
from service.storage.matter_tables import matters


def cases_called(reader: Reader, typed: str) -> list[str]:
    """The cases with this reference, however it is capitalised, of which the reader's person sees something."""
    spellings = {typed, typed.upper(), typed.lower(), typed.title()}
    query = (
        select(matters.c.case_ref)
        .where(matters.c.organisation_id == OWN, matters.c.case_ref.in_(sorted(spellings)), sees(reader.viewer.office))
        .distinct()
        .order_by(matters.c.case_ref)
    )
    return list(reader.connection.execute(query, reader.viewer.parameters()).scalars())
