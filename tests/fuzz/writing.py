"""Requests that follow from one another, as the OpenAPI document says: what was created is read, changed and deleted."""

from contextlib import ExitStack
from typing import Any

import schemathesis
from pydantic import SecretStr
from schemathesis import Case
from schemathesis.config import SchemathesisConfig
from schemathesis.generation.stateful.state_machine import APIStateMachine

from app.database.database import Database
from app.main import create_app
from app.settings import Settings
from tests.databases import Databases, settings_for
from tests.fuzz.repairs import map_case
from tests.history.conftest import key_of
from tests.openapi.left_out import leave_out
from tests.server import running_server

# What a schema cannot say is not known here: which slugs are taken, which passages a text has, which version is the newest.
# tests/openapi/refusals.py checks refusals where nothing of that matters.
ACCEPTED = ["2xx", "3xx", "400", "401", "404", "409", "410", "412", "422"]
REFUSED = ["3xx", "400", "401", "404", "405", "406", "409", "410", "412", "414", "415", "422", "428"]
CONFIG = {
    "checks": {
        "positive_data_acceptance": {"expected-statuses": ACCEPTED},
        "negative_data_rejection": {"expected-statuses": REFUSED},
    },
    # A replacement may bring what was served, which the schema of a record does not have.
    "operations": [
        {"include-method": "PUT", "checks": {"negative_data_rejection": {"enabled": False}}},
        {"include-path-regex": "/history$", "checks": {"use_after_free": {"enabled": False}}},  # it outlives its resource
    ],
}
"""Every check that is on by default stays on but for that."""


def writing(databases: Databases) -> type[APIStateMachine]:
    """The state machine of all operations. Each of its runs has a database of its own with the seed, and a key for writing."""
    document = create_app(Settings(_env_file=None, database_url=SecretStr("sqlite:///never-opened.db"))).openapi()
    leave_out(document)
    schema = schemathesis.openapi.from_dict(document, config=SchemathesisConfig.from_dict(CONFIG))
    schema.hook(map_case)

    class Writing(schema.as_state_machine()):  # type: ignore[misc] # a class that schemathesis makes
        def setup(self) -> None:
            self._stack = ExitStack()
            url = databases.copy(databases.seeded)
            self._stack.callback(databases.drop, url)
            database = Database(settings_for(url))
            self._key = key_of(database)
            database.engine.dispose()
            self._url = self._stack.enter_context(running_server(settings_for(url))).url

        def get_call_kwargs(self, case: Case[Any]) -> dict[str, Any]:  # noqa: ARG002 - the signature is schemathesis's
            return {"base_url": self._url, "headers": {"Authorization": f"Bearer {self._key}"}}

        def teardown(self) -> None:
            self._stack.close()

    return Writing
