"""Whatever is loaded, in whatever form, the database holds what a model of it holds."""

from tests.conftest import Databases
from tests.fuzz.length import length, run
from tests.fuzz.loading import Loading


def test_the_database_holds_what_was_loaded(databases: Databases) -> None:
    run(lambda: Loading(databases), length(runs=20, steps=20, nightly_runs=500, nightly_steps=40))
