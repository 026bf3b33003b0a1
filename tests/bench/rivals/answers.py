"""Answers that were got once, to be given again."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import httpx

_OF_THE_CONNECTION = ("connection", "date", "keep-alive", "server", "transfer-encoding")


class Answer(NamedTuple):
    """Headers that the application gave, and the body."""

    headers: list[tuple[str, str]]
    body: bytes


Answers = Mapping[str, Answer]
"""By address: path and query."""


def get_answers(client: httpx.Client, addresses: list[str]) -> Answers:
    """Requests each URL. Raises HTTPStatusError if one does not return 200."""
    found = {}
    for address in addresses:
        response = client.get(address).raise_for_status()
        headers = [pair for pair in response.headers.multi_items() if pair[0] not in _OF_THE_CONNECTION]
        found[address] = Answer(headers, response.content)
    return found


def write_answers(path: Path, answers: Answers) -> None:
    stored = {address: [answer.headers, b64encode(answer.body).decode()] for address, answer in answers.items()}
    path.write_text(json.dumps(stored), encoding="utf-8")


def read_answers(path: Path) -> Answers:
    stored: dict[str, tuple[list[list[str]], str]] = json.loads(path.read_text(encoding="utf-8"))
    return {
        address: Answer([(name, value) for name, value in headers], b64decode(body))
        for address, (headers, body) in stored.items()
    }
