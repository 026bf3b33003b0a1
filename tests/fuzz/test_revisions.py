"""Whatever is written, in whatever order, every revision so far is answered as it was served then."""

import pytest

from tests.databases import Databases
from tests.fuzz.revisions import Revisions
from tests.lengths import run, runs_and_steps

pytestmark = pytest.mark.any_engine


def test_every_revision_is_answered_as_it_was_served(databases: Databases) -> None:
    run(lambda: Revisions(databases), runs_and_steps(everyday=(1, 12), full=(5, 12), nightly=(200, 40)))
