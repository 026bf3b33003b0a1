"""Of a query that finds very much, so many hits are ranked, and no more."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from app.api.search import queries
from app.http.lists import pages
from tests.conftest import ServeDataset
from tests.search.conftest import DATASET, find


@pytest.fixture
def api(serve_dataset: ServeDataset) -> httpx.Client:
    """A server of its own: responses cached under another bound must not be served here, nor these elsewhere."""
    return serve_dataset(DATASET)


@pytest.fixture
def rank_at_most(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Another bound on what is ranked. Prepared statements keep the bound that they were built with."""

    def bound(most: int) -> None:
        monkeypatch.setattr(queries, "MOST_RANKED", most)
        pages._prepared.cache_clear()

    yield bound
    pages._prepared.cache_clear()


def test_of_more_hits_than_are_ranked_paging_ends_after_those_and_the_total_counts_them(
    api: httpx.Client, rank_at_most: Callable[[int], None]
) -> None:
    whole = find(api, q="video")
    rank_at_most(2)
    first = api.get("/v1/search?q=video&limit=1&total=true").json()
    second = api.get(first["next"]).json()
    found = ["/".join(page["items"][0]["url"].split("/")[-2:]) for page in (first, second)]

    assert (first["total"], second["total"], second["next"]) == (2, 2, None)
    assert found == [hit for hit in whole if hit in found]
    assert find(api, q="video", limit="3") == found


def test_filters_choose_before_the_bound_does(api: httpx.Client, rank_at_most: Callable[[int], None]) -> None:
    rank_at_most(1)

    assert find(api, q="video", kind="metric") == ["metrics/revenue"]
    assert find(api, q="engine", kind="milestone", dated="false") == ["milestones/rename"]


def test_a_tier_that_is_not_full_is_followed_by_the_next(api: httpx.Client, rank_at_most: Callable[[int], None]) -> None:
    rank_at_most(3)

    assert find(api, q="engine") == ["products/engine", "milestones/launch", "milestones/rename"]
