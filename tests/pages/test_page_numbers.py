"""No number on a page is one that the JSON lacks."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.pages.reading import text_of
from tests.pages.test_company_pages import SEEDED

_SHORT = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_NUMBER = re.compile(r"(?<![\w.,-])(\d[\d,]*(?:\.\d+)?)(?: (thousand|million|billion|trillion))?(?![\w])")


def numbers_in(document: Any) -> Iterator[Decimal]:  # noqa: ANN401 - any JSON
    """Every number of a JSON document, also within its texts, and the lengths of its lists."""
    if isinstance(document, dict):
        for value in document.values():
            yield from numbers_in(value)
    elif isinstance(document, list):
        yield Decimal(len(document))
        for value in document:
            yield from numbers_in(value)
    elif isinstance(document, str):
        yield from (Decimal(found) for found in re.findall(r"\d+(?:\.\d+)?", document.replace(",", "")))
    elif isinstance(document, int | float) and not isinstance(document, bool):
        yield Decimal(repr(document))


def numbers_on(page: str) -> set[Decimal]:
    """The numbers that a page shows, apart from those of its citations and its scales."""
    text = re.sub(r"\[\d+\]", " ", text_of(page))
    return {Decimal(number.replace(",", "")) * 10 ** _SHORT.get(word, 0) for number, word in _NUMBER.findall(text)}


@pytest.mark.parametrize("address", SEEDED)
def test_no_number_on_a_page_is_one_that_the_json_lacks(client: httpx.Client, address: str) -> None:
    page = client.get(address)
    [twin] = re.findall(r'<link rel="alternate" type="application/json" href="([^"]+)">', page.text)
    documents = [client.get(url).json() for url in (twin, f"{twin.removesuffix('/profile')}/history")]
    documents += [client.get("/v1/companies/baidu/metrics?metric=revenue").json(), client.get("/v1/sources").json()]
    counted = {Decimal(n) for n in range(21)} if "/m" not in address.removeprefix("/companies") else {Decimal(1)}
    revisions = {Decimal(one["revision"]) for one in client.get("/v1/changes?limit=200").json()["items"]}
    dates = {Decimal(part) for part in ("24", "2026", "31", "30")}
    assert numbers_on(page.text) - set(numbers_in(documents)) - counted - revisions - dates == set()
