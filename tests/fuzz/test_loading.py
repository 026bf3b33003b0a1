"""Whatever is loaded, in whatever form, the database holds what a model of it holds."""

import pytest

from tests.databases import Databases
from tests.fuzz.loading import Loading
from tests.lengths import run, runs_and_steps

pytestmark = pytest.mark.any_engine


def test_the_database_holds_what_was_loaded(databases: Databases) -> None:
    run(lambda: Loading(databases), runs_and_steps(everyday=(4, 20), full=(20, 20), nightly=(500, 40)))
