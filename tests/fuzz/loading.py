"""Somebody who keeps a dataset in files and loads them by chance, beside a model of what the database must hold."""

import hashlib
import json
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from typer.testing import Result

from app.database.database import Database
from app.datasets.exporter import export_ndjson
from app.records.from_document import DATES
from tests.cli.conftest import CommandLine
from tests.databases import Databases, settings_for
from tests.datasets.drawing import Fields, companies, dumped, facts, sources
from tests.fuzz.files import address_of, as_json, as_ndjson, as_yaml, broken, in_pieces

Model = dict[str, Fields]
"""Records by the address where they are served."""

COMPANIES = ("alder", "birch", "cedar")
slugs = st.sampled_from(COMPANIES)
fact_slugs = st.sampled_from(("first", "second"))
randoms = st.randoms(use_true_random=False)
forms = st.sampled_from(("yaml", "json", "ndjson", "pieces"))


class Loading(RuleBasedStateMachine):
    """``file`` is the dataset as it is kept, ``stored`` what the database must hold: both a plain dictionary of records."""

    def __init__(self, databases: Databases) -> None:
        super().__init__()
        self._stack = ExitStack()
        self._databases = databases
        self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="company-profiles-")))
        self.command, self._database = self._empty()
        self.file: Model = {}
        self.stored: Model = {}
        self.newest = 0

    def _empty(self) -> tuple[CommandLine, Database]:
        url = self._databases.copy(self._databases.migrated)
        self._stack.callback(self._databases.drop, url)
        database = Database(settings_for(url))
        self._stack.callback(database.engine.dispose)
        return CommandLine(url), database

    @initialize(drawn=sources, company=companies, fact=st.one_of(facts), random=randoms)
    def begin(self, drawn: tuple[Fields, Fields], company: Fields, fact: Fields, random: Random) -> None:
        """Two companies, one with a fact, are there from the start."""
        self.put_sources(drawn)
        for slug in COMPANIES[:2]:
            self.put_company(company, slug)
        self.put_fact(fact, COMPANIES[0], "first")
        self.load(form="ndjson", random=random, prune=False, look=False, again=False)
        assert len(self.stored) == 5

    @rule(drawn=sources)
    def put_sources(self, drawn: tuple[Fields, Fields]) -> None:
        for record in drawn:
            self._keep(record)

    @rule(drawn=companies, slug=slugs)
    def put_company(self, drawn: Fields, slug: str) -> None:
        self._keep({**drawn, "slug": slug})

    @rule(drawn=st.one_of(facts), company=slugs, slug=fact_slugs)
    def put_fact(self, drawn: Fields, company: str, slug: str) -> None:
        self._keep({**drawn, "slug": slug, "company": company})

    @precondition(lambda self: self.file)
    @rule(random=randoms, alone=st.booleans())
    def take_away(self, *, random: Random, alone: bool) -> None:
        """One record, and what refers to it, unless it is alone; then others go on to refer to it."""
        del self.file[random.choice(sorted(self.file))]
        while not alone and (referring := _referring_to_nothing(self.file)):
            self.file = {address: record for address, record in self.file.items() if address not in referring}

    @precondition(lambda self: self.file)
    @rule(form=forms, random=randoms, prune=st.booleans(), look=st.booleans(), again=st.booleans())
    def load(self, *, form: str, random: Random, prune: bool, look: bool, again: bool) -> None:
        """Loads the file, and before that looks what would change, and after that loads it again, or not."""
        given = ["--prune"] if prune else []
        files = self._written(form, list(self.file.values()), random)
        after = self.file if prune else self.stored | self.file
        if look:
            self._look([*given, *files], after)
        result = self.command("load", *given, *files)
        self._check(result, after, "Loaded")
        if again and result.exit_code == 0:
            self._check(self.command("load", *given, *files), after, "Loaded")

    @precondition(lambda self: self.file)
    @rule(random=randoms, prune=st.booleans())
    def load_what_is_broken(self, *, random: Random, prune: bool) -> None:
        ending, content = broken(list(self.file.values()), random)
        _is_refused(self.command("load", *(["--prune"] if prune else []), self._file(f"broken.{ending}", content)))

    @invariant()
    def the_database_holds_what_the_model_holds(self) -> None:
        held = _contents(self._database)
        every = held.keys() | self.stored.keys()
        different = {address: (held.get(address), self.stored.get(address)) for address in every}
        assert held == self.stored, {address: pair for address, pair in different.items() if pair[0] != pair[1]}

    def teardown(self) -> None:
        """What is exported loads into an empty database, in either format, and is the same there."""
        with self._stack:
            for form in ("yaml", "ndjson"):
                exported = self.command.output("export", "--format", form, seed="false")
                if not exported:
                    continue
                command, database = self._empty()
                command.output("load", self._file(f"exported.{form}", exported))
                assert _contents(database) == self.stored
                assert command.output("export", "--format", form, seed="false") == exported

    def _keep(self, record: Fields) -> None:
        composed = unicodedata.normalize("NFC", json.dumps(json.loads(dumped(record)), ensure_ascii=False))
        self.file[address_of(record)] = json.loads(composed)

    def _file(self, name: str, content: bytes) -> str:
        path = self._folder / name
        path.write_bytes(content)
        return str(path)

    def _written(self, form: str, records: Sequence[Fields], random: Random) -> list[str]:
        if form == "pieces":
            return [self._file(f"{index}.ndjson", piece) for index, piece in enumerate(in_pieces(records, random))]
        if form == "ndjson":
            return [self._file("data.ndjson", as_ndjson(records, random))]
        content = as_yaml(records) if form == "yaml" else as_json(records, random.choice((None, 1)))
        return [self._file(f"data.{form}", content)]

    def _look(self, arguments: list[str], after: Model) -> None:
        """A dry run says which addresses a load would change, and does nothing."""
        result = self.command("load", "--dry-run", *arguments)
        if _referring_to_nothing(after):
            _is_refused(result)
            return
        lines = [line for line in result.stdout.splitlines() if not line.startswith(" ")]
        assert Counter(lines) == Counter(f"{action} {address}" for action, address in self._changes(after))
        assert _without_warnings(result) == f"Would load: {self._summary(after)}\n"
        assert _contents(self._database) == self.stored

    def _check(self, result: Result, after: Model, said: str) -> None:
        """A load did what the model says, after which the model is what was loaded."""
        if _referring_to_nothing(after):
            _is_refused(result)
            return
        assert _without_warnings(result) == f"{said}: {self._summary(after)}\n", result.stderr
        self.newest += len(self._changes(after))
        self.stored = {address: _canonical(record) for address, record in after.items()}

    def _changes(self, after: Model) -> list[tuple[str, str]]:
        """What leads from what is stored to something else: an action and an address for each change."""
        wanted = {address: _canonical(record) for address, record in after.items()}
        deleted = [("delete", address) for address in self.stored.keys() - wanted.keys()]
        created = [("create", address) for address in wanted.keys() - self.stored.keys()]
        both = wanted.keys() & self.stored.keys()
        return [*created, *deleted, *(("update", address) for address in both if wanted[address] != self.stored[address])]

    def _summary(self, after: Model) -> str:
        counts = Counter(action for action, _ in self._changes(after))
        deleted = f", {counts['delete']} deleted" if counts["delete"] else ""
        unchanged = len(self.file) - counts["create"] - counts["update"]
        newest = self.newest + counts.total()
        changed = f"{counts['create']} created, {counts['update']} updated"
        return f"{changed}{deleted}, {unchanged} unchanged; newest revision {newest:,}"


def _without_warnings(result: Result) -> str:
    """What a load reports, apart from what looks like a mistake: random values often do."""
    return "".join(line for line in result.stderr.splitlines(keepends=True) if not line.startswith("Warning: "))


def _is_refused(result: Result) -> None:
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == 1, result.stderr
    assert result.stdout == ""
    assert result.stderr.endswith("company-profiles: nothing was loaded\n")


def _referring_to_nothing(model: Model) -> list[str]:
    """The addresses of records that refer to something that is not there."""
    found = []
    for address, record in model.items():
        cited = {f"/v1/sources/{citation['source']}" for citation in record.get("citations", [])}
        company = {f"/v1/companies/{record['company']}"} if "company" in record else set()
        if not (cited | company) <= model.keys():
            found.append(address)
    return found


def _canonical(record: Fields) -> Fields:
    """A record as it is exported: what is empty or the default left out, what can be worked out put in.

    No text has white space around it, but for that of a source.
    """
    given = {name: value if name == "text" else _stripped(value) for name, value in record.items()}
    defaults = {"qualifier": "exact"}
    fields = {name: value for name, value in given.items() if value not in (None, [], defaults.get(name))}
    for name in DATES:
        date = fields.get(name)
        if isinstance(date, dict) and date["edtf"] == date["text"]:
            fields[name] = date["edtf"]
    if "text" in fields:
        text = fields["text"]
        fields |= {"length": len(text), "sha256": hashlib.sha256(text.encode()).hexdigest()}
    return fields


def _stripped(value: Any) -> Any:  # noqa: ANN401 - JSON of any kind
    if isinstance(value, dict):
        return {name: _stripped(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_stripped(part) for part in value]
    return value.strip() if isinstance(value, str) else value


def _contents(database: Database) -> Model:
    with database.reading() as connection:
        records = [json.loads(line) for line in export_ndjson(connection)]
    return {address_of(record): record for record in records}
