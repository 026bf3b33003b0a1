"""The preview that a client shows in a frame."""

import httpx

from tests.conftest import ServeDataset
from tests.pages.reading import Reading

HOSTILE = """
companies:
  - slug: hostile
    name: '<script>alert("1")</script> & ''Co'''
    summary: '</p><img src=x onerror="alert(2)"> $name {{ style }}'
    founded: {edtf: 2000, text: '<b>2000</b>'}
    other_names: [{name: '"><svg onload=alert(3)>'}]
    identifiers: [{scheme: ticker, value: '<i>4</i>'}]
"""


def test_the_preview_says_who_the_company_is(client: httpx.Client) -> None:
    answer = client.get("/reconcile/preview?id=baidu")

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    for text in ("Baidu", "CN", "early 2000"):
        assert text in answer.text
    assert Reading(answer.text).linked == ["/v1/companies/baidu"]


def test_what_a_dataset_says_is_text_and_never_markup(serve_dataset: ServeDataset) -> None:
    answer = serve_dataset(HOSTILE).get("/reconcile/preview?id=hostile")
    page = Reading(answer.text)

    assert answer.status_code == 200
    assert page.inline == ["style"]
    assert page.loaded == []
    assert page.linked == ["/v1/companies/hostile"]
    assert "&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;" in answer.text
    assert "$name {{ style }}" in answer.text


def test_any_site_may_frame_it_and_nothing_in_it_may_run(client: httpx.Client) -> None:
    policy = client.get("/reconcile/preview?id=baidu").headers["content-security-policy"]

    assert "frame-ancestors *" in policy
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "allow-scripts" not in policy
    assert "frame-ancestors 'none'" in client.get("/v1/companies/baidu").headers["content-security-policy"]


def test_an_unknown_company_is_a_404_that_suggests_the_right_one(client: httpx.Client) -> None:
    answer = client.get("/reconcile/preview?id=baido")

    assert answer.status_code == 404
    assert answer.json()["suggestions"] == ["/v1/companies/baidu"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_an_unchanged_preview_is_not_sent_again(client: httpx.Client) -> None:
    first = client.get("/reconcile/preview?id=baidu")

    again = client.get("/reconcile/preview?id=baidu", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.headers["etag"] == first.headers["etag"]
    assert first.headers["cache-control"] == again.headers["cache-control"] == "no-cache"


def test_a_page_has_another_etag_than_json(client: httpx.Client) -> None:
    plain = {"Accept-Encoding": "identity"}
    page = client.get("/reconcile/preview?id=baidu", headers=plain).headers["etag"]
    document = client.get("/v1/companies/baidu", headers=plain).headers["etag"]

    assert page.endswith('-preview"')
    assert page.removesuffix('-preview"') == document.removesuffix('-json"')
    assert client.get("/reconcile/preview?id=baidu", headers={"If-None-Match": document}).status_code == 200
