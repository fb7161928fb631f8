"""The routes of the API for people: their OpenAPI document as a page of our own, which needs nobody else's files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse

from service.pages.rendering import bare_page

router = APIRouter()
_METHODS = ("get", "post", "put", "patch", "delete")


class Field(NamedTuple):
    """One thing that a route takes."""

    name: str
    where: str
    kind: str
    required: bool
    says: str


@router.get("/docs", include_in_schema=False)
def docs(request: Request) -> HTMLResponse:
    """Every route, by what it is about."""
    return HTMLResponse(_rendered(request.app))


@cache
def _rendered(app: FastAPI) -> bytes:
    document = app.openapi()
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                about = methods[method]
                group = about.get("tags", ["more"])[0]
                groups.setdefault(group, []).append(_operation(document, path, method, about))
    values = {"groups": groups, "about": document["info"], "document": app.openapi_url}
    return bytes(bare_page("reference.html", values).body)


def _operation(document: Mapping[str, Any], path: str, method: str, about: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "method": method.upper(), "path": path, "summary": about.get("summary", ""),
        "says": about.get("description", ""), "fields": [*_parameters(document, about), *_body(document, about)],
        "answers": {status: answer.get("description", "") for status, answer in about.get("responses", {}).items()},
    }  # fmt: skip


def _parameters(document: Mapping[str, Any], about: Mapping[str, Any]) -> Iterator[Field]:
    for given in about.get("parameters", ()):
        found = _resolved(document, given)
        kind = _kind(document, found.get("schema", {}))
        yield Field(found["name"], found["in"], kind, found.get("required", False), found.get("description", ""))


def _body(document: Mapping[str, Any], about: Mapping[str, Any]) -> Iterator[Field]:
    for media, content in about.get("requestBody", {}).get("content", {}).items():
        schema = _resolved(document, content.get("schema", {}))
        # A schema that brings its own definitions along refers to these.
        document = {**document, "$defs": schema.get("$defs", {})}
        if not schema.get("properties"):
            yield Field("", "body", media, required=True, says="")
        for name, field in schema.get("properties", {}).items():
            kind, required = _kind(document, field), name in schema.get("required", ())
            yield Field(name, "body", kind, required, field.get("description", ""))


def _resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference within the document leads to."""
    while "$ref" in schema:
        found: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def _kind(document: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """What a value is, in few words: "string", "integer or nothing", "one of draft, sent"."""
    found = _resolved(document, schema)
    if "anyOf" in found or "oneOf" in found:
        kinds = [_kind(document, one) for one in found.get("anyOf") or found["oneOf"]]
        return " or ".join(dict.fromkeys(kinds))
    if "enum" in found:
        return f"one of {', '.join(map(str, found['enum']))}"
    if found.get("type") == "array":
        return f"list of {_kind(document, found.get('items', {}))}"
    kind = str(found.get("const", found.get("format", found.get("type", "anything"))))
    return "nothing" if kind == "null" else kind
