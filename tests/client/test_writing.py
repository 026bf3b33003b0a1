"""Writes name the version that they change and are applied once, without the caller's help."""

import httpx
import pytest

from app.client import Conflict, Gone, Invalid, NotFound, PreconditionFailed, Unauthorized
from app.client.models import CompanyInput, CompanyPatch, MilestoneInput
from tests.client.conftest import AnyClient, Connect, Desk

WORKS = CompanyInput(slug="works", name="Example Works AG", country="DE")


def milestone(reader: AnyClient) -> dict[str, object]:
    """A record that cites a passage of the seed."""
    citation = reader.milestones.get("baidu/founded").citations[0]
    kept = {name: getattr(citation, name) for name in ("source", "paragraph", "sentence", "start", "end", "sha256")}
    return {"slug": "renamed", "title": "Renamed", "category": "other", "date": "2020-05", "citations": [kept]}


def test_a_company_and_its_facts_are_created_changed_replaced_and_deleted(writer: AnyClient) -> None:
    company = writer.companies.create(WORKS, reason="A start")
    fact = writer.milestones.create(company.slug, milestone(writer))
    fact = writer.milestones.change(fact, {"title": "A new name"}, reason="Clearer")
    fact = writer.milestones.replace(fact, MilestoneInput.model_validate(milestone(writer)))
    writer.milestones.delete(fact)
    company = writer.companies.change(company, CompanyPatch(country=None))
    writer.companies.delete(company)

    assert company.country is None
    assert [entry.action for entry in writer.companies.history("works")] == ["delete", "update", "create"]
    reasons = [entry.reason for entry in writer.milestones.history("works/renamed")]
    assert reasons == ["Changed over HTTP", "Changed over HTTP", "Clearer", "Changed over HTTP"]
    with pytest.raises(Gone):
        writer.companies.get("works")


def test_a_model_sends_only_the_fields_that_were_set(writer: AnyClient) -> None:
    baidu = writer.companies.get("baidu")
    changed = writer.companies.change("baidu", CompanyPatch(note="New"))

    assert changed.model_copy(update={"note": None, "revision": 0, "updated_at": 0}) == baidu.model_copy(
        update={"note": None, "revision": 0, "updated_at": 0}
    )


def test_a_source_is_created_and_deleted(writer: AnyClient) -> None:
    source = writer.sources.create({"slug": "report", "title": "Report", "type": "report", "text": "Works was founded."})
    fact = {"slug": "founded", "title": "Founded", "category": "founding", "date": None}
    citation = {"source": "report", "paragraph": 1, "sentence": 1}
    writer.companies.create(WORKS)
    writer.milestones.create("works", fact | {"citations": [citation]})

    with pytest.raises(Conflict) as cited:
        writer.sources.delete(source)
    assert cited.value.suggestions == ["/v1/companies/works/milestones/founded"]
    writer.companies.delete("works", with_facts=True)
    writer.sources.delete(source)


def test_companies_are_merged(writer: AnyClient) -> None:
    created = writer.companies.create(WORKS)
    baidu = writer.companies.merge(created, into="baidu")

    assert "Example Works AG" in [name.name for name in baidu.other_names]
    assert writer.companies.get("works").slug == "baidu"


def test_what_somebody_else_has_changed_is_not_overwritten(writer: AnyClient) -> None:
    read = writer.companies.get("baidu")
    writer.companies.change("baidu", {"note": "Somebody else was faster"})

    with pytest.raises(PreconditionFailed):
        writer.companies.change(read, {"note": None})
    with pytest.raises(PreconditionFailed):
        writer.companies.delete(read, with_facts=True)
    assert writer.companies.change(read, {"note": "Mine"}, if_match="*").note == "Mine"


def test_an_item_of_a_list_is_changed_only_if_it_is_as_it_was(writer: AnyClient) -> None:
    first, second = next(iter(writer.milestones.list(company="baidu", limit=2).pages())).items
    assert writer.milestones.change(first, {"note": "One"}).note == "One"

    writer.milestones.change(second, {"note": "Two"})
    with pytest.raises(PreconditionFailed, match="This has changed since it was listed"):
        writer.milestones.change(second, {"note": "Three"})


def test_a_change_returns_the_version_for_the_next_one(writer: AnyClient) -> None:
    company = writer.companies.get("baidu")
    before = len(writer.wire.sent)
    for note in ("One", "Two", "Three"):
        company = writer.companies.change(company, {"note": note})

    assert len(writer.wire.sent) == before + 3


def test_a_creation_whose_response_is_lost_creates_one(writer: AnyClient, pauses: list[float]) -> None:
    writer.wire.faults = ["after", "before", "after"]
    company = writer.companies.create(WORKS)

    assert company.slug == "works"
    assert len(pauses) == 3
    assert len({request.headers["Idempotency-Key"] for request in writer.wire.sent}) == 1
    assert len(list(writer.companies.history("works"))) == 1


def test_two_creations_are_two(writer: AnyClient) -> None:
    writer.companies.create(WORKS)
    with pytest.raises(Conflict):
        writer.companies.create(WORKS)


def test_a_change_whose_response_is_lost_may_have_been_made_and_says_so(writer: AnyClient, pauses: list[float]) -> None:
    company = writer.companies.get("baidu")
    writer.wire.faults = ["after"]

    with pytest.raises(PreconditionFailed) as failed:
        writer.companies.change(company, {"note": "Mine"})
    assert failed.value.__notes__ == ["The response to an earlier attempt was lost: that attempt may have made the change."]
    assert writer.companies.get("baidu").note == "Mine"
    assert len(pauses) == 1


def test_a_change_of_any_version_is_not_sent_again(writer: AnyClient, pauses: list[float]) -> None:
    writer.wire.faults = ["before"]

    with pytest.raises(httpx.ConnectError):
        writer.companies.change("baidu", {"note": "Mine"}, if_match="*")
    assert pauses == []


def test_an_invalid_record_names_each_field(writer: AnyClient) -> None:
    with pytest.raises(Invalid) as invalid:
        writer.companies.create({"slug": "works", "name": "", "country": "Germany"})

    assert {error.field for error in invalid.value.errors} == {"name", "country"}
    assert "country: " in str(invalid.value)


def test_a_write_without_a_key_is_refused(connect: Connect, desk: Desk) -> None:
    with pytest.raises(Unauthorized):
        connect(desk.url).companies.create(WORKS)


def test_the_key_goes_to_no_other_server(writer: AnyClient, desk: Desk) -> None:
    with pytest.raises(NotFound):
        writer.milestones.get("https://other.example/v1/companies/baidu/milestones/missing")
    assert {str(request.url.copy_with(raw_path=b"")) for request in writer.wire.sent} == {desk.url}


def test_a_dataset_is_exported_in_parts_that_load_again(writer: AnyClient) -> None:
    lines = b"".join(writer.export("ndjson"))
    loaded = writer.load(lines, "ndjson", dry_run=True)

    assert (loaded.created, loaded.updated, loaded.changes) == (0, 0, [])
    assert loaded.unchanged == lines.count(b"\n")


def test_an_undo_whose_response_is_lost_is_made_once(writer: AnyClient, pauses: list[float]) -> None:
    created = writer.companies.create(WORKS)
    assert writer.undo(created.revision, dry_run=True).changes[0].action == "delete"
    writer.wire.faults = ["after"]
    undone = writer.undo(created.revision, reason="Too early")

    assert (undone.changed, undone.newest, len(pauses)) == (1, created.revision + 1, 1)
    with pytest.raises(Gone):
        writer.companies.get("works")
