"""People who write over HTTP: single changes by name, and random histories of them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from tests.history.drafts import COMPANIES, FACTS, KINDS, SOURCES, company, dataset, fact, sentences, source

Fields = dict[str, Any]
"""A JSON object."""


@dataclass(frozen=True)
class Newsroom:
    """An editor with a key; ``client`` carries it."""

    client: httpx.Client

    def create(self, address: str, fields: Fields, reason: str = "Test") -> httpx.Response:
        return self.client.post(address, json=fields, params={"reason": reason})

    def change(self, address: str, fields: Fields, reason: str = "Test") -> httpx.Response:
        return self.client.patch(address, json=fields, params={"reason": reason}, headers={"If-Match": "*"})

    def delete(self, address: str, **parameters: str) -> httpx.Response:
        return self.client.delete(address, params=parameters, headers={"If-Match": "*"})

    def merge(self, company: str, into: str) -> httpx.Response:
        return self.client.post(f"/v1/companies/{company}/merge", params={"into": into}, headers={"If-Match": "*"})

    def load(self, fields: Fields, *, prune: bool = False) -> httpx.Response:
        return self.client.post("/v1/datasets", json=fields, params={"prune": str(prune).lower()})

    def read(self, address: str) -> Fields:
        answer = self.client.get(address)
        assert answer.status_code == 200, answer.text
        fields: Fields = answer.json()
        return fields

    @property
    def newest(self) -> int:
        number: int = self.read("/v1/changes?limit=1")["newest"]
        return number


@dataclass
class Chance:
    """Makes changes by chance. The same seed makes the same history; what the API refuses is no change."""

    newsroom: Newsroom
    seed: int
    made: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # noqa: S311 - what is the same each time is no secret

    def start(self) -> None:
        """Sources, companies and facts to begin with."""
        loaded = self.newsroom.load(dataset(self.random, companies=3))
        assert loaded.is_success, loaded.text

    def change(self) -> None:
        """One change that the API accepts."""
        kinds: dict[str, Callable[[], httpx.Response]] = {
            "create company": lambda: self.newsroom.create("/v1/companies", company(self.random, self._company())),
            "change company": lambda: self.newsroom.change(self._address(), self._changed_company()),
            "rename company": lambda: self.newsroom.change(self._address(), {"slug": self._company()}),
            "delete company": lambda: self.newsroom.delete(self._address(), with_facts="true"),
            "merge companies": lambda: self.newsroom.merge(self._company(), self._company()),
            "create fact": self._create_fact,
            "change fact": self._change_fact,
            "rename fact": lambda: self.newsroom.change(self._fact_address(self._kind()), {"slug": self._fact()}),
            "delete fact": lambda: self.newsroom.delete(self._fact_address(self._kind())),
            "create source": lambda: self.newsroom.create("/v1/sources", source(self.random, self._source())),
            "change text": lambda: self.newsroom.change(f"/v1/sources/{self._source()}", {"text": sentences(self.random)}),
            "rename source": lambda: self.newsroom.change(f"/v1/sources/{self._source()}", {"slug": self._source()}),
            "delete source": lambda: self.newsroom.delete(f"/v1/sources/{self._source()}"),
            "load": lambda: self.newsroom.load(dataset(self.random, companies=2)),
            "prune": lambda: self.newsroom.load(dataset(self.random, companies=4), prune=True),
        }
        before = self.newsroom.newest
        for name in sorted(kinds, key=lambda name: self.made[name] + self.random.random() * 3):
            for _ in range(12):
                response = kinds[name]()
                assert response.status_code < 500, response.text
                if response.is_success and self.newsroom.newest > before:
                    self.made[name] += 1
                    return
        raise AssertionError("nothing could be changed")

    def _company(self) -> str:
        return self.random.choice(COMPANIES)

    def _address(self) -> str:
        return f"/v1/companies/{self._company()}"

    def _source(self) -> str:
        return self.random.choice(SOURCES)

    def _fact(self) -> str:
        return self.random.choice(FACTS)

    def _kind(self) -> str:
        return self.random.choice(KINDS)

    def _fact_address(self, kind: str) -> str:
        return f"{self._address()}/{kind}/{self._fact()}"

    def _changed_company(self) -> Fields:
        fields = company(self.random, "any")
        return {name: fields.get(name) for name in ("name", "other_names", "country", "founded", "identifiers", "citations")}

    def _create_fact(self) -> httpx.Response:
        kind = self._kind()
        return self.newsroom.create(f"{self._address()}/{kind}", fact(self.random, kind, self._fact()))

    def _change_fact(self) -> httpx.Response:
        kind = self._kind()
        fields = fact(self.random, kind, "any")
        del fields["slug"]
        return self.newsroom.change(self._fact_address(kind), fields)
