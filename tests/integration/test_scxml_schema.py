"""Every drawing's SCXML is valid to the W3C's own schema, where that is at hand.

SUPERVISION_SCXML_SCHEMA names its `scxml.xsd` or `scxml-strict.xsd`, with the files that belong to it beside it. The
W3C has them in the folder `Schema` of its repository `w3c/scxml`; no package installs them, and they are no part of
this project. Elsewhere the profile of our own (`tests/unit/diagrams/scxml_profile.xsd`) checks the same documents.
"""

from __future__ import annotations

import os

import pytest
import xmlschema

from diagrams.formats import TEXTS
from tests.integration.test_exports_in_their_tools import DRAWINGS

#: One assertion of the strict schema looks from a root that its language does not give it: it holds of anything.
pytestmark = pytest.mark.filterwarnings("ignore::xmlschema.validators.exceptions.XMLSchemaAssertPathWarning")


@pytest.fixture(scope="module")
def schema() -> xmlschema.XMLSchema11:
    """The W3C's schema; it imports the one of `xml:`, which comes with the validator, and nothing from the network."""
    named = os.environ.get("SUPERVISION_SCXML_SCHEMA")
    if not named:
        pytest.skip("SUPERVISION_SCXML_SCHEMA names no schema of the W3C's, so no export is held to it")
    return xmlschema.XMLSchema11(named, allow="local")


@pytest.mark.parametrize("name", DRAWINGS)
def test_an_export_is_valid_to_the_w3cs_schema(schema: xmlschema.XMLSchema11, name: str) -> None:
    schema.validate(TEXTS["scxml"](DRAWINGS[name]))


@pytest.mark.parametrize(
    "wrong",
    ['<state id="draft"/><state id="draft"/>', '<state id="1"/>', '<state id="draft"><final target="end"/></state>'],
)
def test_the_schema_refuses_what_is_no_scxml(schema: xmlschema.XMLSchema11, wrong: str) -> None:
    document = f'<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0">{wrong}</scxml>'

    assert not schema.is_valid(document)
