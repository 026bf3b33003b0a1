"""Schemathesis writes and reads with a key, each request made from the answers before it, and finds no fault."""

import pytest

from tests.databases import Databases
from tests.fuzz.writing import writing
from tests.lengths import runs_and_steps

pytestmark = pytest.mark.any_engine


def test_no_order_of_requests_finds_a_fault(databases: Databases) -> None:
    writing(databases).run(settings=runs_and_steps(everyday=(2, 20), full=(10, 20), nightly=(500, 50)))
