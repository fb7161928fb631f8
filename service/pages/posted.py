"""A form as a browser sends it: names with one or several texts."""

from __future__ import annotations

import json
from typing import Any

from msgspec import Struct
from starlette.datastructures import FormData, UploadFile

from service.api.bodies import Sent


class Posted(Struct, frozen=True):
    """The fields of a form; texts are stripped, and a field that is not there is empty."""

    form: FormData

    def text(self, name: str) -> str:
        """One field's text, with the line ends of this world."""
        found = self.form.get(name)
        return found.replace("\r\n", "\n").strip() if isinstance(found, str) else ""

    def texts(self, name: str) -> list[str]:
        """All values under one name, such as ticked boxes."""
        return [value for value in self.form.getlist(name) if isinstance(value, str) and value]

    def names(self, prefix: str) -> list[str]:
        """The names that begin like this, without that beginning, in the order in which they were sent."""
        return list(dict.fromkeys(name[len(prefix) :] for name in self.form if name.startswith(prefix)))

    def file(self, name: str) -> bytes | None:
        """What is in an uploaded file, if one was chosen; as often as it is asked for."""
        found = self.form.get(name)
        if not isinstance(found, UploadFile) or not found.filename:
            return None
        found.file.seek(0)
        return found.file.read()

    def has_file(self) -> bool:
        """Whether a file came along."""
        return any(isinstance(value, UploadFile) and value.filename for value in self.form.values())

    def everything(self) -> list[tuple[str, str]]:
        """Every text as it was sent, the pressed button among them."""
        return [(name, value) for name, value in self.form.multi_items() if isinstance(value, str)]

    def kept(self) -> list[tuple[str, str]]:
        """Every text as it was sent, to be sent again by the page that follows; the pressed button is left out."""
        return [(name, value) for name, value in self.everything() if name != "stage"]

    def sent(self, body: dict[str, Any]) -> Sent:
        """What a machine would have sent in its place: the same door, and done once however often it is pressed."""
        version = self.text("version")
        encoded = json.dumps(body, sort_keys=True).encode()
        return Sent(encoded, "application/json", self.text("key") or None, f'"{version}"' if version else None)
