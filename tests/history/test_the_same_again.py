"""What was answered after a revision is answered again, to the byte, when it is asked for as of that revision."""

import pytest

from tests.history.asking import Answer, ask
from tests.history.drafts import COMPANIES, KINDS, SOURCES
from tests.history.newsroom import Chance, Newsroom

LISTS = ("/v1/companies", "/v1/sources", "/v1/milestones", "/v1/products", "/v1/metrics", "/v1/timeline")
ADDRESSES = (
    *LISTS,
    *(f"{address}?format=csv" for address in LISTS),
    *(f"{address}?format=ndjson" for address in LISTS),
    *(f"{address}?total=true&limit=2" for address in LISTS),
    *(f"/v1/companies?sort={key}" for key in ("-name", "slug", "-country", "founded,-slug", "-founded")),
    "/v1/companies?name=%E8%95%A8%E5%A0%A1",
    "/v1/companies?name=birch",
    "/v1/companies?identifier=register:1",
    "/v1/companies?country=NO&from=1999-01-01&to=2011-12-31",
    "/v1/companies?to=2005-01-01&certain=true",
    "/v1/companies?fields=slug,revision&total=true",
    "/v1/companies?include=milestones,products,metrics",
    *(f"/v1/companies/{slug}" for slug in COMPANIES),
    *(f"/v1/companies/{slug}/profile" for slug in COMPANIES),
    "/v1/companies/alder?format=jsonld",
    "/v1/companies/birch?include=metrics",
    "/v1/companies/cedar/metrics?growth=true",
    *(f"/v1/companies/alder/{kind}" for kind in KINDS),
    *(f"/v1/companies/birch/{kind}/first" for kind in KINDS),
    *(f"/v1/{kind}?source=gazette&source=report" for kind in KINDS),
    "/v1/milestones?company=alder&company=birch&sort=company,-date",
    "/v1/products?country=NO&sort=name&dated=true",
    "/v1/metrics?minimum=2&sort=-value",
    *(f"/v1/sources/{slug}" for slug in SOURCES),
    "/v1/sources/gazette/facts",
    "/v1/sources/report/facts?kind=metric&company=alder&sort=-place",
    "/v1/sources?type=article&sort=-published",
    "/v1/timeline?group=year&limit=4",
    "/v1/timeline?sort=-date&company=alder&kind=milestone",
    "/v1/compare?companies=alder,birch",
    "/v1/compare?companies=cedar,alder&format=csv",
)


@pytest.mark.any_engine
@pytest.mark.parametrize("seed", [1])
def test_the_past_is_answered_as_the_present_was(newsroom: Newsroom, seed: int) -> None:
    chance = Chance(newsroom, seed)
    chance.start()
    reported: dict[int, list[Answer]] = {}
    for _ in range(32):
        chance.change()
        reported[newsroom.newest] = [ask(newsroom.client, address) for address in ADDRESSES]

    assert min(chance.made.values()) > 0, chance.made
    for revision, answers in reported.items():
        for address, before in zip(ADDRESSES, answers, strict=True):
            assert ask(newsroom.client, address, as_of=revision) == before, f"{address} as of {revision}"
