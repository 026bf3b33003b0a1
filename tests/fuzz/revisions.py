"""A newsroom that writes by chance and remembers what was served after each revision."""

from contextlib import ExitStack
from random import Random
from typing import Any

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.database.database import Database
from tests.cli.conftest import CommandLine
from tests.databases import Databases, settings_for
from tests.history.asking import Answer, ask
from tests.history.conftest import key_of
from tests.history.drafts import COMPANIES, FACTS, KINDS, SOURCES, Fields, company, dataset, fact, sentences, source
from tests.history.newsroom import Newsroom
from tests.server import running_server

ADDRESSES = (
    "/v1/companies?include=milestones,products,metrics&total=true",
    "/v1/companies?sort=-name&format=csv",
    "/v1/sources?total=true",
    "/v1/milestones?sort=company,-date&limit=3",
    "/v1/products?source=gazette&source=report",
    "/v1/metrics?minimum=2&sort=-value&format=ndjson",
    "/v1/timeline",
    "/v1/compare?companies=alder,birch,cedar",
    *(f"/v1/companies/{slug}/profile" for slug in COMPANIES),
    *(f"/v1/companies/{slug}/{kind}/{FACTS[0]}" for slug, kind in zip(COMPANIES, KINDS, strict=False)),
    *(f"/v1/sources/{slug}" for slug in SOURCES),
    "/v1/sources/gazette/facts",
)
"""What is asked after each revision."""

companies, kinds, facts, sources = map(st.sampled_from, (COMPANIES, KINDS, FACTS, SOURCES))
randoms = st.randoms(use_true_random=False)
"""Hypothesis chooses, and shrinks, what the drafts of records choose by it."""


class Revisions(RuleBasedStateMachine):
    """Every rule is a request, which the API may refuse; then nothing has changed."""

    def __init__(self, databases: Databases) -> None:
        super().__init__()
        self._stack = ExitStack()
        url = databases.copy(databases.migrated)
        self._stack.callback(databases.drop, url)
        database = Database(settings_for(url))
        key = key_of(database)
        database.engine.dispose()
        running = self._stack.enter_context(running_server(settings_for(url)))
        client = httpx.Client(base_url=running.url, headers={"Authorization": f"Bearer {key}"}, timeout=30)
        self.newsroom = Newsroom(self._stack.enter_context(client))
        self.command = CommandLine(url)
        self.newest = 0
        self.reported: dict[int, list[Answer]] = {}
        self.exported: dict[int, bytes] = {}

    @initialize(random=randoms)
    def begin(self, random: Random) -> None:
        self._sent(self.newsroom.load(dataset(random, companies=3)))
        assert self.newest > 0

    @rule(random=randoms, slug=companies)
    def create_company(self, random: Random, slug: str) -> None:
        self._sent(self.newsroom.create("/v1/companies", company(random, slug)))

    @rule(random=randoms, slug=companies)
    def change_company(self, random: Random, slug: str) -> None:
        fields = company(random, slug)
        names = ("name", "other_names", "country", "founded", "identifiers", "citations")
        self._sent(self.newsroom.change(f"/v1/companies/{slug}", {name: fields.get(name) for name in names}))

    @rule(random=randoms, slug=companies)
    def replace_company(self, random: Random, slug: str) -> None:
        """By somebody who has read it: the version is that of the answer."""
        read = self.newsroom.client.get(f"/v1/companies/{slug}", follow_redirects=True)
        if read.is_success:
            address = read.json()["url"]
            body = company(random, read.json()["slug"])
            replaced = self.newsroom.client.put(address, json=body, headers={"If-Match": read.headers["etag"]})
            assert replaced.status_code != 412
            self._sent(replaced)

    @rule(slug=companies, other=companies)
    def rename_company(self, slug: str, other: str) -> None:
        self._sent(self.newsroom.change(f"/v1/companies/{slug}", {"slug": other}))

    @rule(slug=companies)
    def delete_company(self, slug: str) -> None:
        address = f"/v1/companies/{slug}"
        if self._sent(self.newsroom.delete(address, with_facts="true")):
            self._is_gone(address)

    @rule(slug=companies, other=companies)
    def merge_companies(self, slug: str, other: str) -> None:
        if self._sent(self.newsroom.merge(slug, other)):
            assert ask(self.newsroom.client, f"/v1/companies/{slug}").location == f"/v1/companies/{other}"

    @rule(random=randoms, owner=companies, kind=kinds, slug=facts)
    def create_fact(self, random: Random, owner: str, kind: str, slug: str) -> None:
        self._sent(self.newsroom.create(f"/v1/companies/{owner}/{kind}", fact(random, kind, slug)))

    @rule(random=randoms, owner=companies, kind=kinds, slug=facts)
    def change_fact(self, random: Random, owner: str, kind: str, slug: str) -> None:
        self._sent(self.newsroom.change(f"/v1/companies/{owner}/{kind}/{slug}", fact(random, kind, slug)))

    @rule(owner=companies, kind=kinds, slug=facts, other=facts)
    def rename_fact(self, owner: str, kind: str, slug: str, other: str) -> None:
        self._sent(self.newsroom.change(f"/v1/companies/{owner}/{kind}/{slug}", {"slug": other}))

    @rule(owner=companies, kind=kinds, slug=facts)
    def delete_fact(self, owner: str, kind: str, slug: str) -> None:
        address = f"/v1/companies/{owner}/{kind}/{slug}"
        if self._sent(self.newsroom.delete(address)):
            self._is_gone(address)

    @rule(random=randoms, slug=sources)
    def create_source(self, random: Random, slug: str) -> None:
        self._sent(self.newsroom.create("/v1/sources", source(random, slug)))

    @rule(random=randoms, slug=sources, gone=st.booleans())
    def change_text(self, *, random: Random, slug: str, gone: bool) -> None:
        """Another text, or none; with the text go the quotes."""
        self._sent(self.newsroom.change(f"/v1/sources/{slug}", {"text": None if gone else sentences(random)}))

    @rule(slug=sources, other=sources)
    def rename_source(self, slug: str, other: str) -> None:
        self._sent(self.newsroom.change(f"/v1/sources/{slug}", {"slug": other}))

    @rule(slug=sources)
    def delete_source(self, slug: str) -> None:
        self._sent(self.newsroom.delete(f"/v1/sources/{slug}"))

    @rule(random=randoms, prune=st.booleans())
    def load(self, *, random: Random, prune: bool) -> None:
        self._sent(self.newsroom.load(dataset(random, companies=2), prune=prune))

    @rule(first=st.integers(0, 12), count=st.integers(0, 12))
    def undo(self, first: int, count: int) -> None:
        """Takes some of the newest revisions back; ``first`` counts from the newest one."""
        last = max(1, self.newest - first)
        start = max(1, last - count)
        result = self.command("undo", f"{start}-{last}")
        assert result.exit_code in (0, 1), result.stderr
        assert result.exit_code == 0 or isinstance(result.exception, SystemExit), result.exception
        undoes_all = result.exit_code == 0 and last == self.newest
        self._remember()
        if undoes_all and start - 1 in self.exported:
            assert self.exported[self.newest] == self.exported[start - 1], f"undo {start}-{last}"
            for address, then, now in zip(ADDRESSES, self.reported[start - 1], self.reported[self.newest], strict=True):
                if then.status in (200, 308):
                    assert (now.status, now.location) == (then.status, then.location), f"{address} after undo {start}-{last}"

    @invariant()
    def the_feed_has_every_revision_once_and_in_order(self) -> None:
        if self.newest:
            page = self.newsroom.read(f"/v1/changes?since={max(0, self.newest - 20)}&limit=200&fields=revision")
            assert [item["revision"] for item in page["items"]] == list(range(max(0, self.newest - 20) + 1, self.newest + 1))

    def teardown(self) -> None:
        with self._stack:
            for revision, answers in self.reported.items():
                for address, before in zip(ADDRESSES, answers, strict=True):
                    assert ask(self.newsroom.client, address, as_of=revision) == before, f"{address} as of {revision}"
            self._check_histories()

    def _sent(self, answer: httpx.Response) -> bool:
        """Whether the request was accepted, and not refused or led to another address."""
        assert answer.status_code < 500, answer.text
        newest = self.newest
        self._remember()
        assert answer.is_success or self.newest == newest, answer.text
        return answer.is_success

    def _remember(self) -> None:
        """What is served now, where it is another revision."""
        newest = self.newsroom.newest
        assert newest >= self.newest
        if newest > self.newest:
            self.newest = newest
            self.reported[newest] = [ask(self.newsroom.client, address) for address in ADDRESSES]
            self.exported[newest] = self.command.output("export")

    def _is_gone(self, address: str) -> None:
        """What was deleted answers 410 with the ways to its past, and both lead there."""
        answer = self.newsroom.client.get(address)
        assert answer.status_code == 410, answer.text
        history, past = answer.json()["suggestions"]
        assert self.newsroom.read(history)["items"][0]["action"] == "delete"
        assert self.newsroom.read(past)["url"] == address

    def _check_histories(self) -> None:
        """The history of each resource leads to what it is, and has the revisions that the feed has."""
        changes = {change["revision"]: change for change in self._all("/v1/changes?limit=9")}
        assert list(changes) == list(range(1, self.newest + 1))
        seen: set[int] = set()
        for list_address in ("/v1/companies", "/v1/sources", "/v1/milestones", "/v1/products", "/v1/metrics"):
            for resource in self._all(list_address):
                entries = self._all(f"{resource['url']}/history?limit=3")[::-1]
                numbers = [entry["revision"] for entry in entries]
                assert numbers == sorted(set(numbers))
                assert not seen & set(numbers)
                assert (entries[0]["action"], numbers[-1]) == ("create", resource["revision"])
                seen.update(numbers)
                _replay(entries, changes)

    def _all(self, address: str) -> list[Fields]:
        """The items of every page of a list."""
        items: list[Fields] = []
        following: str | None = address
        while following:
            page = self.newsroom.read(following)
            items += page["items"]
            following = page["next"]
        return items


def _replay(entries: list[Fields], changes: dict[int, Fields]) -> None:
    """A history has the changes of the feed, and its differences, applied in order, give their documents."""
    document: Fields = {}
    for entry in entries:
        change = changes[entry["revision"]]
        for name in ("recorded_at", "actor", "reason", "action", "url"):
            assert entry[name] == change[name]
        if entry["action"] == "delete":
            document = {}
        for difference in entry["changes"]:
            *path, last = difference["field"].split(".")
            part = document
            for name in path:
                part = part[name]
            assert part.get(last) == difference["before"], (entry, document)
            part[last] = difference["after"]
        left = {name: value for name, value in (change["document"] or {}).items() if name not in ("revision", "updated_at")}
        assert _without_nulls(document) == _without_nulls(left), entry


def _without_nulls(value: Any) -> Any:  # noqa: ANN401 - JSON of any kind
    if isinstance(value, dict):
        return {name: _without_nulls(part) for name, part in value.items() if part is not None}
    return value
