"""How long tests with random inputs run: see docs/contribute/testing.md. A profile of Hypothesis is loaded for each length."""

from collections.abc import Callable
from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

T = TypeVar("T")
EVERYDAY, FULL, NIGHTLY = "everyday", "default", "nightly"
CI = "ci"
"""Hypothesis loads its own profile of this name where the environment has CI: a full run, the same each time."""


def register_profiles() -> None:
    """Time is measured in the bench, never judged in a test."""
    settings.register_profile(EVERYDAY, deadline=None, max_examples=20)
    settings.register_profile(FULL, deadline=None)
    settings.register_profile(NIGHTLY, deadline=None)


def is_nightly() -> bool:
    """Whether the run looks further each time. The shorter ones are the same each time."""
    return settings.get_current_profile_name() == NIGHTLY


def by_length(*, everyday: T, full: T, nightly: T | None = None) -> T:
    """What a run of this length uses, such as a number of examples."""
    choices = {EVERYDAY: everyday, FULL: full, CI: full, NIGHTLY: full if nightly is None else nightly}
    return choices[settings.get_current_profile_name()]


def runs_and_steps(*, everyday: tuple[int, int], full: tuple[int, int], nightly: tuple[int, int]) -> settings:
    """How many runs of a state machine there are, and how many rules each has."""
    runs, steps = by_length(everyday=everyday, full=full, nightly=nightly)
    return settings(
        max_examples=runs,
        stateful_step_count=steps,
        derandomize=not is_nightly(),
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def run(machine: Callable[[], RuleBasedStateMachine], settings: settings) -> None:
    """Runs a state machine that a function makes for each run."""
    run_state_machine_as_test(machine, settings=settings)  # type: ignore[arg-type] # it takes any function, its types do not say so
