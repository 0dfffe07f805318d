"""The control plane as an OpenAPI document, from the declarations."""

from __future__ import annotations

from typing import Any, Final

from asm_emulator import __version__
from asm_emulator.control.table import ENDPOINTS
from asm_emulator.control.terms import Endpoint

_ERROR: Final = {
    "description": "What is wrong with the request.",
    "content": {
        "application/json": {
            "schema": {"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]}
        }
    },
}
_REFUSALS: Final = {
    "400": "A value does not fit.",
    "401": "The token is missing or wrong.",
    "403": "The caller is no program on this machine.",
    "404": "There is no such thing.",
    "409": "It cannot be done as things are.",
}


def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(endpoint.path, {})[endpoint.verb.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "asm-emulator control plane",
            "version": __version__,
            "description": "Time, faults, state and the request log of a running emulator. Loopback only.",
        },
        "servers": [{"url": "http://127.0.0.1:8444"}],
        "security": [{}, {"token": []}],
        "tags": [{"name": name} for name in dict.fromkeys(one.group for one in ENDPOINTS)],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {status: {**_ERROR, "description": about} for status, about in _REFUSALS.items()},
        },
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    in_body = endpoint.verb in ("POST", "PUT")
    parameters = []
    properties = {}
    for one in endpoint.takes:
        if one.name in endpoint.holes or not in_body:
            schema = one.schema()
            about = schema.pop("description")
            place = "path" if one.name in endpoint.holes else "query"
            parameters.append(
                {"name": one.name, "in": place, "required": one.required, "description": about, "schema": schema}
            )
        else:
            properties[one.name] = one.schema()
    found: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.about,
        "tags": [endpoint.group],
    }
    if endpoint.open:
        found["security"] = [{}]
    if parameters:
        found["parameters"] = parameters
    if properties:
        required = [one.name for one in endpoint.takes if one.required and one.name in properties]
        schema = {"type": "object", "properties": properties, "additionalProperties": False}
        if required:
            schema["required"] = required
        found["requestBody"] = {"required": bool(required), "content": {"application/json": {"schema": schema}}}
    success: dict[str, Any] = {"description": "Done."}
    if endpoint.success != 204:
        success["content"] = {"application/json": {"schema": {"type": "object"}}}
    found["responses"] = {
        str(endpoint.success): success,
        **{status: {"$ref": f"#/components/responses/{status}"} for status in _REFUSALS},
    }
    return found
