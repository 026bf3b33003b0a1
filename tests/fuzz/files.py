"""Datasets as files: the same records in every form that is read, and in pieces; and forms that are broken."""

import json
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import yaml

from tests.datasets.drawing import Fields

FACT_LISTS = {"milestone": "milestones", "product": "products", "metric": "metrics"}


def address_of(record: Fields) -> str:
    """Where a record is served."""
    if record["kind"] == "source":
        return f"/v1/sources/{record['slug']}"
    if record["kind"] == "company":
        return f"/v1/companies/{record['slug']}"
    return f"/v1/companies/{record['company']}/{FACT_LISTS[record['kind']]}/{record['slug']}"


def nested(records: Sequence[Fields]) -> Fields:
    """As JSON and YAML have them: facts inside their companies, or beside them where the company is not given."""
    content: Fields = {"sources": [], "companies": []}
    companies: dict[str, Fields] = {}
    for record in records:
        fields = {name: value for name, value in record.items() if name != "kind"}
        if record["kind"] == "source":
            content["sources"].append(fields)
        elif record["kind"] == "company":
            companies[record["slug"]] = fields
            content["companies"].append(fields)
    for record in records:
        if record["kind"] in FACT_LISTS:
            fields = {name: value for name, value in record.items() if name != "kind"}
            owner = companies.get(record["company"])
            place = content if owner is None else owner
            if owner is not None:
                del fields["company"]
            place.setdefault(FACT_LISTS[record["kind"]], []).append(fields)
    return content


def as_json(records: Sequence[Fields], indent: int | None = None) -> bytes:
    return json.dumps(nested(records), ensure_ascii=False, indent=indent).encode()


def as_yaml(records: Sequence[Fields]) -> bytes:
    """With quotes around every text, since some look like a number or a date."""
    return yaml.dump(nested(records), Dumper=_Quoting, allow_unicode=True, sort_keys=False, width=2**30).encode()


def as_ndjson(records: Sequence[Fields], random: Random) -> bytes:
    """Its lines may come in any order."""
    shuffled = random.sample(list(records), len(records))
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in shuffled).encode()


def in_pieces(records: Sequence[Fields], random: Random) -> list[bytes]:
    """One dataset in one to three NDJSON files."""
    count = random.randrange(1, 4)
    pieces: list[list[Fields]] = [[] for _ in range(count)]
    for record in records:
        pieces[random.randrange(count)].append(record)
    return [as_ndjson(piece, random) for piece in pieces if piece]


def broken(records: Sequence[Fields], random: Random) -> tuple[str, bytes]:
    """A file with one thing wrong, and the ending of its name."""
    record = random.choice(list(records))
    lines, content = as_ndjson(records, random), as_json(records)
    return random.choice(
        [
            ("json", content[: random.randrange(len(content))]),
            ("json", content + b"]"),
            ("json", content.replace(b"{", b'{"sources": [], ', 1)),
            ("ndjson", lines + b"\xff\n"),
            ("ndjson", lines + _line(record)),
            ("ndjson", lines.replace(b'"slug"', b'"slugs"', 1)),
            ("ndjson", lines + _line(record | {"slug": "Not A Slug"})),
            ("ndjson", lines + _line({"kind": "person", "slug": "a"})),
            ("ndjson", lines + _line({"kind": "company", "slug": "broken", "name": "B", "founded": "2000-13"})),
            ("ndjson", lines + _line({"kind": "metric", "slug": "broken", "company": "nobody", "value": "many"})),
            ("yaml", as_yaml(records) + b"sources: []\n"),
            ("yaml", as_yaml(records) + b"more: &anchor [*anchor]\n"),
            ("yaml", b"\x00" + as_yaml(records)),
        ]
    )


def _line(record: Mapping[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"


class _Quoting(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the signature is PyYAML's
        return True


_Quoting.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))
