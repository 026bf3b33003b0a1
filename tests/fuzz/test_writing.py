"""Schemathesis writes and reads with a key, each request made from the answers before it, and finds no fault."""

from tests.conftest import Databases
from tests.fuzz.length import length
from tests.fuzz.writing import writing


def test_no_order_of_requests_finds_a_fault(databases: Databases) -> None:
    writing(databases).run(settings=length(runs=10, steps=20, nightly_runs=500, nightly_steps=50))
