"""Whatever is written, in whatever order, every revision so far is answered as it was served then."""

from tests.conftest import Databases
from tests.fuzz.length import length, run
from tests.fuzz.revisions import Revisions


def test_every_revision_is_answered_as_it_was_served(databases: Databases) -> None:
    run(lambda: Revisions(databases), length(runs=5, steps=12, nightly_runs=200, nightly_steps=40))
