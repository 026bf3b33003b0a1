"""Datasette on the same SQLite file: its own table pages where it has them, its canned queries for the rest."""

import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from tests.bench.endpoints import PAGE, Key

MODULE: Final = "datasette"
READY: Final = "/-/versions.json"
_COMPANY_ID = "(SELECT id FROM companies WHERE slug = :company)"
_FACTS = " UNION ALL ".join(
    f"SELECT * FROM (SELECT document FROM {table} WHERE company_id = {_COMPANY_ID} ORDER BY {order})"  # noqa: S608
    for table, order in (
        ("milestones", "coalesce(earliest, latest), id"),
        ("products", "name_key, id"),
        ("metrics", "metric, coalesce(earliest, latest), id"),
    )
)
_SOURCES = " UNION ".join(
    f"SELECT source_id FROM citations JOIN {table} ON citations.{owner}_id = {table}.id"  # noqa: S608
    f" WHERE {table}.{'id' if owner == 'company' else 'company_id'} = {_COMPANY_ID}"
    for owner, table in (
        ("company", "companies"),
        ("milestone", "milestones"),
        ("product", "products"),
        ("metric", "metrics"),
    )
)
_QUERIES = {
    "profile": f"SELECT document FROM companies WHERE slug = :company UNION ALL {_FACTS}"  # noqa: S608
    f" UNION ALL SELECT * FROM (SELECT document FROM sources WHERE id IN ({_SOURCES}) ORDER BY slug)",
    "search": "SELECT '/v1/companies/' || slug AS url FROM companies"  # noqa: S608
    " WHERE id IN (SELECT rowid FROM search_text WHERE search_text MATCH 'names : ' || :q)"
    f" ORDER BY name_key, id LIMIT {PAGE}",
    "suggest": "SELECT '/v1/companies/' || slug AS url FROM companies"
    " WHERE name_key BETWEEN lower(:q) AND lower(:q) || char(1114111) ORDER BY name_key, id LIMIT 10",
}
_SETTINGS = {"sql_time_limit_ms": "60000", "suggest_facets": "off", "allow_facet": "off", "max_returned_rows": "1000"}


class DatasetteMissing(Exception):
    """Datasette is not installed here."""

    def __init__(self) -> None:
        super().__init__(
            "datasette is not installed: pip install -r tests/bench/requirements.txt, or leave it out with --servers"
        )


def arguments(folder: Path, file: Path) -> Sequence[str]:
    """How it is started. Raises DatasetteMissing."""
    if find_spec("datasette") is None:
        raise DatasetteMissing
    metadata = folder / "datasette.json"
    queries = {name: {"sql": statement} for name, statement in _QUERIES.items()}
    metadata.write_text(json.dumps({"databases": {file.stem: {"queries": queries}}}), encoding="utf-8")
    settings = [part for name, value in _SETTINGS.items() for part in ("--setting", name, value)]
    return ["serve", str(file), "--host", "127.0.0.1", "--port", "{port}", "--metadata", str(metadata), *settings]


def address_of(file: Path, endpoint: str, key: Key) -> str:
    base = f"/{file.stem}"
    if endpoint in _QUERIES:
        return f"{base}/{endpoint}.json?{urlencode({**key, '_shape': 'array'})}"
    table = {"_shape": "objects", "_nocount": 1, "_size": PAGE}
    if endpoint == "company":
        return f"{base}/companies.json?{urlencode({'slug': key['company'], **table})}"
    table |= {"_sort": "name_key"}
    if endpoint == "list":
        return f"{base}/companies.json?{urlencode({'country': key['country'], 'latest__lte': key['to'], **table})}"
    after = f"{_escaped(key['name_key'])},{key['id']}"
    return f"{base}/companies.json?{urlencode({'_next': after, **table})}"


def _escaped(text: str) -> str:
    """Datasette's tilde encoding of what is neither letter, digit, underscore nor hyphen."""
    kept = (character if character.isalnum() or character in "_-" else _tilde(character) for character in text)
    return "".join(kept)


def _tilde(character: str) -> str:
    return "+" if character == " " else "".join(f"~{byte:02X}" for byte in character.encode())
