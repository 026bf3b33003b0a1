"""``load``, ``export`` and ``undo`` with ``--server``: on the server of another machine, with an API key of it."""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import httpx
from pydantic import ValidationError

from app.cli.terminal import COMMAND_FAULT, DATA_FAULT, ENVIRONMENT_FAULT, current_settings, fail
from app.client import Client, Conflict, Invalid, Problem
from app.client.filters import LoadOptions
from app.client.models import FieldError, LoadResult, UndoResult
from app.datasets.pruning import PruneScope
from app.errors.problem import MOST_FIELD_ERRORS
from app.records.checks import stage
from app.records.located import DatasetFinding, DatasetInvalid, FilePlace, Findings, LocatedRecord
from app.records.staging import Staging
from app.values.resources import KINDS

_LINE = re.compile(r"line (\d+): (.*)", re.DOTALL)


@contextmanager
def connected(server: str) -> Iterator[Client]:
    """A client of the server. Whatever the server or the network refuses ends the command with a message."""
    key = current_settings().key
    if key is None or not key.get_secret_value():
        fail("--server needs an API key of that server, in PROFILES_KEY", COMMAND_FAULT)
    try:
        connecting = Client(server, key=key.get_secret_value().strip())
    except (ValueError, httpx.InvalidURL) as error:
        fail(f"--server: {error}", COMMAND_FAULT)
    try:
        with connecting as client:
            yield client
    except ValidationError:
        fail(f"{server} is not this API, or another version of it: its response has other fields", ENVIRONMENT_FAULT)
    except Problem as problem:
        is_key = problem.status in (401, 403)
        fail(f"{server}: {problem}", COMMAND_FAULT if is_key else DATA_FAULT if problem.status < 429 else ENVIRONMENT_FAULT)
    except httpx.TransportError as error:
        fail(f"cannot reach {server}: {error}", ENVIRONMENT_FAULT)


def load_on(
    server: str, records: Iterable[LocatedRecord], *, dry_run: bool, prune: PruneScope | None, reason: str
) -> tuple[LoadResult, list[DatasetFinding]]:
    """Loads the records. Returns the result, with its warnings. Raises DatasetInvalid. Both name the files and lines.

    The files are read here, and what is wrong in them is reported before anything is sent. The server gets the records as
    NDJSON, and names the lines of those that it refuses.
    """
    with Staging() as staging:
        stage(records, staging).raise_if_any()
        lines, places = [], []
        for located in (located for kind in KINDS for batch in staging.batches(kind) for located in batch):
            lines.append(_line(located))
            places.append(located.place)
    content = "".join(lines).encode()
    options: LoadOptions = {"dry_run": dry_run, "prune": prune is not None, "reason": reason}
    if prune and prune.company:
        options["prune_company"] = prune.company
    if prune and prune.source:
        options["prune_source"] = prune.source
    with connected(server) as client:
        try:
            loaded = client.load(content, "ndjson", **options)
            return loaded, _at_places(loaded.warnings, places)
        except Invalid as problem:
            if problem.name != "invalid-dataset":
                raise
            raise DatasetInvalid(_findings(problem, places)) from None


@contextmanager
def exported_from(server: str, format: str) -> Iterator[Iterator[bytes]]:
    """The dataset of the server, in parts."""
    with connected(server) as client:
        yield client.export("yaml" if format == "yaml" else "ndjson")


def undo_on(server: str, first: int, last: int, *, reason: str, dry_run: bool) -> UndoResult:
    """Undoes revisions. What the revisions refuse ends the command, as it does on the database."""
    with connected(server) as client:
        try:
            return client.undo(first, last=last, reason=reason, dry_run=dry_run)
        except Conflict as problem:
            fail(problem.detail[0].lower() + problem.detail[1:], DATA_FAULT)
        except Invalid as problem:
            fail(f"nothing was undone: {problem.errors[0].message}", DATA_FAULT)


def _line(located: LocatedRecord) -> str:
    company = {"company": located.company} if located.company else {}
    fields = located.record.model_dump(mode="json", exclude_unset=True)
    return json.dumps({"kind": located.kind, **company, **fields}, ensure_ascii=False) + "\n"


def _findings(problem: Problem, places: list[FilePlace]) -> Findings:
    """What the server found, at the places of the records in the files."""
    findings = Findings()
    if len(problem.errors) >= MOST_FIELD_ERRORS:
        findings.add(DatasetFinding("", 0, "", f"These are the first {MOST_FIELD_ERRORS} errors; there may be more."))
    for finding in _at_places(problem.errors, places):
        findings.add(finding)
    return findings


def _at_places(errors: Iterable[FieldError], places: list[FilePlace]) -> list[DatasetFinding]:
    """What the server found in its lines, as found in the files."""
    found = []
    for error in errors:
        match = _LINE.fullmatch(error.message)
        if match:
            field = "" if error.field == "body" else error.field
            found.append(places[int(match[1]) - 1].finding(field, match[2]))
        else:
            found.append(DatasetFinding("", 0, error.field, error.message))
    return found
