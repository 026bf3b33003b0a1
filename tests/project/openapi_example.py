"""A small OpenAPI document, in which each kind of promise occurs."""

from typing import Any

Json = Any
"""An OpenAPI document, whose shape is what is tested."""

COMPANY: Json = {
    "type": "object",
    "required": ["slug", "country", "parent"],
    "properties": {
        "slug": {"type": "string", "maxLength": 100},
        "country": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "parent": {"$ref": "#/components/schemas/Company"},
        "kind": {"type": "string", "enum": ["company", "fund"]},
        "revenue": {"type": "integer"},
        "names": {"type": "array", "items": {"type": "string"}},
    },
}
CHANGES: Json = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 300},
        "country": {"anyOf": [{"type": "string", "pattern": "^[A-Z]{2}$"}, {"type": "null"}]},
        "employees": {"type": "number", "maximum": 1000},
        "kind": {"enum": ["company", "fund"]},
        "note": {"type": "string"},
    },
}
DOCUMENT: Json = {
    "openapi": "3.1.0",
    "info": {"version": "1.0.0"},
    "components": {"schemas": {"Company": COMPANY, "Changes": CHANGES}},
    "paths": {
        "/companies": {
            "get": {
                "operationId": "list_companies",
                "parameters": [
                    {"in": "query", "name": "limit", "schema": {"type": "integer", "maximum": 200, "default": 50}},
                    {"in": "query", "name": "sort", "schema": {"enum": ["name", "founded"]}},
                ],
                "responses": {
                    "200": {
                        "headers": {"ETag": {"schema": {"type": "string"}}},
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Company"}},
                            "text/csv": {"schema": {"type": "string"}},
                        },
                    },
                    "304": {},
                    "404": {"content": {"application/problem+json": {"schema": {"type": "object"}}}},
                },
            },
            "post": {
                "operationId": "create_company",
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Changes"}}}},
                "responses": {"201": {}},
                "security": [{"key": []}],
            },
        },
        "/health": {"get": {"operationId": "get_health", "responses": {"200": {}}}},
    },
}
