"""How long the fuzz tests run, by Hypothesis's own option ``--hypothesis-profile``; see docs/contribute/testing.md."""

from collections.abc import Callable

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

NIGHTLY = "nightly"


def is_nightly() -> bool:
    """Whether the run is the long one, which looks further each time; the short one is the same each time."""
    return settings.get_current_profile_name() == NIGHTLY


def length(*, runs: int, steps: int, nightly_runs: int, nightly_steps: int) -> settings:
    """How many runs of a state machine there are, and how many rules each has."""
    return settings(
        max_examples=nightly_runs if is_nightly() else runs,
        stateful_step_count=nightly_steps if is_nightly() else steps,
        derandomize=not is_nightly(),
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def run(machine: Callable[[], RuleBasedStateMachine], settings: settings) -> None:
    """Runs a state machine that a function makes for each run."""
    run_state_machine_as_test(machine, settings=settings)  # type: ignore[arg-type] # it takes any function, its types do not say so
