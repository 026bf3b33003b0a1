"""The examples of writing in the OpenAPI document: an invented company, whose facts are true of its invented source."""

import pytest

from app.api.editing.examples import EXAMPLES, SLUGS
from app.values.resources import FACT_KINDS, PLURALS
from tests.editing.curator import Curator
from tests.openapi.documents import Document


@pytest.mark.any_engine
def test_forms_sent_as_they_are_filled_in_write_about_an_invented_company(curator: Curator) -> None:
    operations = Document(curator.get("/openapi.json").json()).operations()
    writing = [operation for operation in operations if not operation.name.startswith("GET ")]
    parameters = [parameter for operation in writing for parameter in operation.parameters() if parameter["in"] == "path"]

    assert {parameter["example"] for parameter in parameters} == set(SLUGS.values())


@pytest.mark.any_engine
def test_the_records_of_the_examples_are_accepted_one_after_the_other_and_so_are_their_changes(curator: Curator) -> None:
    curator.created("/v1/sources", EXAMPLES["SourceRecord"])
    company = curator.created("/v1/companies", EXAMPLES["CompanyRecord"]).headers["location"]
    for kind in FACT_KINDS:
        created = curator.created(f"{company}/{PLURALS[kind]}", EXAMPLES[f"{kind.title()}Record"])
        assert all(citation["quote"] for citation in created.json()["citations"])
        curator.changed(created.headers["location"], **EXAMPLES[f"{kind.title()}Patch"])
    curator.changed(company, **EXAMPLES["CompanyPatch"])
    curator.changed("/v1/sources/annual-report-2024", **EXAMPLES["SourcePatch"])
