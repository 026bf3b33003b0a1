"""The demo, served to the tests of pages that only read it."""

import httpx
import pytest

from tests.conftest import ServeDataset
from tests.pages.datasets import DEMO


@pytest.fixture(scope="session")
def demo(serve_once: ServeDataset) -> httpx.Client:
    return serve_once(DEMO)
