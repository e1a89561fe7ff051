# SPDX-License-Identifier: AGPL-3.0-or-later
"""The OpenAPI description of the relay, made from the table of calls and the types of the bodies.

MessagePack bodies are arrays by position, so their schemas are `prefixItems`.
"""

from __future__ import annotations

import re
from typing import Any, Final, get_args, get_origin, get_type_hints

import msgspec

from safeconduct.edges.relay.routes import ROUTES, Route
from safeconduct.kernel.canon import Record
from safeconduct.kernel.wire.refusals import STATUS

MSGPACK: Final = "application/msgpack"
RAW: Final = "application/octet-stream"
VERSION: Final = "1"
"""Of the calls, as in `/v1`; which program answers them is nobody's business."""
_PARAMETER: Final = re.compile(r"\{(\w+)\}")
_SIMPLE: Final[dict[Any, dict[str, Any]]] = {
    bytes: {"type": "string", "contentEncoding": "binary"},
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": 0},
}


def describe() -> bytes:
    """Return the description as JSON."""
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "Safeconduct relay",
            "version": VERSION,
            "description": "Keeps sealed frames, can open none.  Normative: docs/spec/relay.md",
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "paths": paths,
        "components": {
            "securitySchemes": {
                "capability": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The office's capability, or a blob's write token, in hex.",
                }
            },
            "responses": {"error": _error()},
        },
    }
    return msgspec.json.encode(document)


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.handler.__name__,
        "summary": route.summary,
        "tags": [route.audience],
        "parameters": _parameters(route),
        "responses": {
            "200": {"description": "Done.", "content": _content(route.answers)},
            "default": {"$ref": "#/components/responses/error"},
        },
    }
    if route.asks is not None:
        operation["requestBody"] = {
            "required": True,
            "description": f"At most {route.largest} bytes.",
            "content": _content(route.asks),
        }
    if route.audience == "desk" or route.asks is bytes:
        operation["security"] = [{"capability": []}]
    return operation


def _parameters(route: Route) -> list[dict[str, Any]]:
    in_path = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": _SIMPLE[int] if name == "i" else {"type": "string", "pattern": "^[0-9a-f]*$"},
        }
        for name in _PARAMETER.findall(route.path)
    ]
    in_query = [
        {
            "name": name,
            "in": "query",
            "schema": {"enum": ["log", "intake"]} if name == "tree" else _SIMPLE[int],
        }
        for name in route.query
    ]
    return in_path + in_query


def _content(kind: Any) -> dict[str, Any]:  # noqa: ANN401  (a type form)
    return {RAW if kind is bytes else MSGPACK: {"schema": _schema(kind)}}


def _schema(kind: Any) -> dict[str, Any]:  # noqa: ANN401  (a type form)
    """Return the schema of a body: of a structure, a list of one, or something simple."""
    if get_origin(kind) is list:
        return {"type": "array", "items": _schema(get_args(kind)[0])}
    if not (isinstance(kind, type) and issubclass(kind, Record)):
        return _SIMPLE[kind]
    fields = [{"title": name, **_schema(hint)} for name, hint in get_type_hints(kind).items()]
    return {
        "title": kind.__name__,
        "description": (kind.__doc__ or "").strip(),
        "type": "array",
        "prefixItems": fields,
        "minItems": len(fields),
        "maxItems": len(fields),
    }


def _error() -> dict[str, Any]:
    return {
        "description": "[code, fields...] with the status of the code (docs/spec/relay.md 7).",
        "content": {
            MSGPACK: {
                "schema": {
                    "type": "array",
                    "prefixItems": [{"title": "code", "enum": sorted(STATUS)}],
                    "minItems": 1,
                }
            }
        },
    }
