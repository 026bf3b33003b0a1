"""The number of connections that a deployment opens is computed in one place, and the docs name the same number."""

import pytest

from app.database.database import connections_of
from tests.databases import settings_for
from tests.project.test_docs import DOCS


@pytest.mark.parametrize(("metrics_port", "connections"), [(0, 600), (9090, 601)])
def test_the_budget_counts_both_pools_health_checks_key_uses_and_the_exporter(metrics_port: int, connections: int) -> None:
    settings = settings_for("postgresql://somebody@127.0.0.1/profiles").model_copy(
        update={"workers": 100, "database_pool_size": 2, "metrics_port": metrics_port}
    )

    assert connections_of(settings) == connections


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("deployment.md", "workers × (2 × pool size + 2), plus 1 if `PROFILES_METRICS_PORT` is set"),  # noqa: RUF001 - as the docs write it
        ("scaling.md", "100 × (2 × 2 + 2) = 600 to the primary"),  # noqa: RUF001 - as the docs write it
    ],
)
def test_the_docs_name_the_same_number(name: str, text: str) -> None:
    assert text in " ".join((DOCS / "operate" / name).read_text(encoding="utf-8").split())
