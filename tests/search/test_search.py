"""Search and suggestions over HTTP: one table of ranking cases holds both engines to the same answers."""

import json

import httpx
import pytest

from app.search.words import terms, words
from tests.conftest import ServeDataset
from tests.search.conftest import find

RANKING = [
    ("baidu", ["companies/baidu", "companies/baidu-ventures"]),
    ("BAIDU", ["companies/baidu", "companies/baidu-ventures"]),
    ("bai", ["companies/baidu", "companies/baidu-ventures"]),
    ("ventures baidu", ["companies/baidu-ventures"]),
    ("百度", ["companies/baidu"]),
    ("快手", ["companies/kuaishou"]),
    ("百度公司", ["companies/baidu"]),
    ("百", ["companies/baidu"]),
    ("삼성", ["companies/samsung"]),
    ("自動車", ["companies/toyota"]),
    ("トヨタ", ["companies/toyota"]),
    ("Baidu百度", ["companies/baidu"]),
    ("kwai", ["companies/kuaishou"]),
    ("nestle", ["companies/nestle"]),
    ("NESTLÉ", ["companies/nestle"]),
    ("Novakova", ["sources/report"]),
    ("search engine", ["products/engine", "milestones/launch", "milestones/rename"]),
    ('"search engine"', ["products/engine", "milestones/launch"]),
    ("“search engine”", ["products/engine", "milestones/launch"]),
    ("engine search", ["products/engine", "milestones/launch", "milestones/rename"]),
    ('"engine search"', []),
    ("video", ["companies/video-works", "milestones/launch", "sources/report", "metrics/revenue"]),
    ("video -works", ["companies/video-works"]),
    ("Kuaishuo", ["companies/kuaishou"]),
    ("Badu", ["companies/badung", "companies/baidu", "companies/baidu-ventures"]),
    ("kuai works", ["companies/zuaishou"]),
    ("टाटा", ["companies/tata"]),
    ("マツダ", ["companies/mazda"]),
    ("ﾏﾂﾀﾞ", ["companies/mazda"]),
    ("bold", ["companies/bold"]),
    ('"bank badung"', []),
    ('"Kuai zuaishou"', []),
    ("kuaishou tecnology", ["companies/kuaishou"]),
    ("zzzzzz", []),
]
HOSTILE = [
    '"',
    '""',
    "'",
    "*",
    "a*",
    "names:a",
    "a OR b",
    "a NEAR b",
    "NOT a",
    "(",
    ")",
    "{names}:x",
    "a & b",
    "a | !b",
    "a:*",
    "\\",
    "%",
    "_",
    ":",
    "';--",
    "^a",
]


def test_each_query_of_the_table_finds_first_what_it_should(api: httpx.Client) -> None:
    wrong = {query: found for query, expected in RANKING if (found := find(api, q=query))[: len(expected) or None] != expected}

    assert wrong == {}


def test_a_misspelt_query_says_what_was_searched_as_well(api: httpx.Client) -> None:
    answer = api.get("/v1/search?q=Kuaishuo").json()

    assert answer["corrected"] == "kuaishou"
    assert api.get("/v1/search?q=kuaishou").json()["corrected"] is None


def test_the_hits_of_the_corrected_query_come_after_those_of_the_written_one_on_every_page(api: httpx.Client) -> None:
    first = api.get("/v1/search?q=Badu&limit=2").json()
    second = api.get(first["next"]).json()

    assert [item["company"] for item in first["items"] + second["items"]] == ["badung", "baidu", "baidu-ventures"]
    assert first["corrected"] == second["corrected"] == "baidu"


def test_a_hit_marks_what_matched_and_escapes_the_rest(api: httpx.Client) -> None:
    [hit] = api.get("/v1/search?q=choc").json()["items"]

    assert hit["match"] == {
        "field": "summary",
        "text": "Food & drink. It makes <b>chocolate</b> and coffee.",
        "spans": [{"start": 26, "end": 35}],
        "marked": "Food &amp; drink. It makes &lt;b&gt;<mark>chocolate</mark>&lt;/b&gt; and coffee.",
    }


def test_a_hit_leads_to_the_fact_and_its_citations(api: httpx.Client) -> None:
    [hit] = api.get("/v1/search?q=renamed").json()["items"]
    fact = api.get(hit["url"]).json()

    assert (hit["kind"], hit["title"], hit["company"]) == ("milestone", "New name", "video-works")
    assert hit["citations"] == fact["citations"]
    assert hit["match"]["field"] == "description"


def test_hits_are_filtered_by_kind_company_country_and_date(api: httpx.Client) -> None:
    assert find(api, q="engine", kind="milestone") == ["milestones/launch", "milestones/rename"]
    assert find(api, q="baidu", country="US") == ["companies/baidu-ventures"]
    assert find(api, q="baidu", company="baidu") == ["companies/baidu"]
    assert find(api, q="search", **{"from": "2013-01-01"}) == ["products/engine"]
    assert find(api, q="search", dated="false") == ["milestones/rename"]


def test_a_company_that_does_not_exist_is_reported_with_the_nearest_one(api: httpx.Client) -> None:
    [error] = api.get("/v1/search?q=engine&company=video-work").json()["errors"]

    assert (error["field"], error["suggestion"]) == ("company", "video-works")


def test_every_hit_is_on_one_page_and_the_total_counts_them(api: httpx.Client) -> None:
    whole = find(api, q="video")
    paged: list[str] = []
    address: str | None = "/v1/search?q=video&limit=1&total=true"
    while address:
        answer = api.get(address).json()
        assert answer["total"] == len(whole)
        paged += ["/".join(item["url"].split("/")[-2:]) for item in answer["items"]]
        address = answer["next"]

    assert paged == whole


@pytest.mark.parametrize("query", ["", " ", "!!", "?¿…", '""', "★"])
def test_a_query_of_nothing_but_symbols_is_reported(api: httpx.Client, query: str) -> None:
    answer = api.get("/v1/search", params={"q": query})

    assert answer.status_code == 200
    assert answer.json() == {
        "items": [],
        "next": None,
        "corrected": None,
        "note": "The query has no letters or digits to look for.",
    }


@pytest.mark.parametrize("query", HOSTILE)
def test_no_query_breaks_into_the_engines_own_languages(api: httpx.Client, query: str) -> None:
    assert api.get("/v1/search", params={"q": query}).status_code == 200
    assert api.get("/v1/search", params={"q": f"baidu {query}"}).status_code == 200
    assert api.get("/v1/suggest", params={"q": query}).status_code == 200


def test_a_query_that_is_too_long_is_a_problem_that_says_so(api: httpx.Client) -> None:
    assert api.get("/v1/search", params={"q": "a" * 10_000}).json()["type"] == "/problems/address-too-long"
    assert api.get("/v1/search", params={"q": "a " * 600}).json()["type"] == "/problems/invalid-parameters"


def test_what_changed_is_found_by_its_new_words_only(serve_dataset: ServeDataset) -> None:
    serve_dataset("companies: [{slug: alpha, name: Alpha Mining}]")
    client = serve_dataset("companies: [{slug: alpha, name: Alpha Milling}]")

    assert find(client, q="milling") == ["companies/alpha"]
    assert find(client, q='"mining"') == []
    assert client.get("/v1/search?q=mining").json()["corrected"] != "mining"


def test_hits_come_as_csv_and_ndjson_too(api: httpx.Client) -> None:
    table = api.get("/v1/search?q=kwai&format=csv").text.splitlines()
    [line] = api.get("/v1/search?q=kwai&format=ndjson").text.splitlines()

    assert table[1].startswith("company,Kuaishou Technology,kuaishou,/v1/companies/kuaishou,other_names,Kwai,")
    assert json.loads(line)["match"]["marked"] == "<mark>Kwai</mark>"


def test_hits_can_be_slimmed_to_some_fields_in_every_format(api: httpx.Client) -> None:
    query = "/v1/search?q=kwai&fields=title,url"
    select_fields = {"url": "/v1/companies/kuaishou", "title": "Kuaishou Technology"}

    assert api.get(query).json() == {"items": [select_fields], "next": None, "corrected": None, "note": None}
    assert json.loads(api.get(f"{query}&format=ndjson").text) == select_fields
    assert api.get(f"{query}&format=csv").text.splitlines() == ["title,url", "Kuaishou Technology,/v1/companies/kuaishou"]
    assert api.get("/v1/search?q=kwai&fields=titel").json()["errors"][0]["suggestion"] == "title"


def test_every_hit_shows_what_matched(api: httpx.Client) -> None:
    for query, _ in RANKING:
        for hit in api.get("/v1/search", params={"q": query}).json()["items"]:
            assert hit["match"]["spans"], (query, hit)


def test_words_have_the_places_of_the_text_that_they_stand_for() -> None:
    text = "Ünïcode-Straße 百度公司 ﬁn"

    assert [(word.text, text[word.start : word.end]) for word in words(text)] == [
        ("unicode", "Ünïcode"),
        ("strasse", "Straße"),
        ("百度", "百度"),
        ("度公", "度公"),
        ("公司", "公司"),
        ("fin", "ﬁn"),
    ]


def test_terms_are_words_and_quoted_or_unspaced_phrases() -> None:
    assert [(term.words, term.is_phrase) for term in terms('deep "neural nets" 百度公司 deep')] == [
        (("deep",), False),
        (("neural", "nets"), True),
        (("百度", "度公", "公司"), True),
    ]
