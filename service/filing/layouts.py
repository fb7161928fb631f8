"""How a record is laid out for each system that a policy names: folder, file name, and the keys of its sidecar.

No such system has a public form for what comes in, so these are this product's own, made to be mapped. A system that is
not listed gets the layout `ANY`. Patterns and keys draw on the fields of `service.filing.sidecar.FIELDS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct, field


class Layout(Struct, frozen=True):
    """One system's layout.

    `folder` and `file` are patterns of fields in braces; the id of the filing is added to every file name, so that no
    two are the same. `keys` say what the system calls a field; a field that is not listed keeps its name.
    """

    folder: str
    file: str
    keys: Mapping[str, str] = field(default_factory=dict)


ANY = Layout("{system}/{year}", "{day} supervision {kind} {subject}")

_CASE_NOTE = Layout(
    "{system}/{case}",
    "{day} supervision {kind} {case}",
    MappingProxyType(
        {"case": "person_id", "kind": "note_type", "title": "note_title", "day": "note_date", "supervisor": "author"}
    ),
)
_STAFF_FILE = Layout(
    "{system}/{supervisee}",
    "{day} supervision {supervisee}",
    MappingProxyType(
        {"supervisee": "employee_id", "supervisor": "manager_id", "title": "document_title", "day": "document_date"}
    ),
)

#: By the slug that a policy's `kept_in.system` gives.
LAYOUTS: Mapping[str, Layout] = MappingProxyType(
    {
        "lcs": _CASE_NOTE,
        "liquidlogic": _CASE_NOTE,
        "mosaic": _CASE_NOTE,
        "child-file": _CASE_NOTE,
        "my-view": _STAFF_FILE,
        "people-space": _STAFF_FILE,
        "personal-file": _STAFF_FILE,
        "supervisor-file": Layout(
            "{system}/{supervisor}", "{day} supervision {supervisee}", _STAFF_FILE.keys
        ),
        # An area for the two of them alone (CBC-62).
        "box": Layout("{system}/{supervisor}/{supervisee}", "{day} supervision {supervisee}", _STAFF_FILE.keys),
    }
)  # fmt: skip


def layout_for(system: str) -> Layout:
    """The layout of a system by its slug."""
    return LAYOUTS.get(system, ANY)
