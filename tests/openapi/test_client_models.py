"""The client's models and filters are generated from the OpenAPI document, and are never out of date."""

import client_models
import pytest


@pytest.mark.parametrize("name", ["models.py", "filters.py"])
def test_the_client_has_what_the_openapi_document_describes(name: str) -> None:
    kept = (client_models.CLIENT / name).read_text(encoding="utf-8")

    assert client_models.generated()[name] == kept, "run python .ci/client_models.py, and commit what it writes"
