"""Behind a proxy that publishes the API under a path, a resource is written with the URLs and the ETag that it was read with."""

import pytest

from tests.editing.curator import Curator
from tests.editing.lamps import COMPANY_ADDRESS

PROXY = {"x_forwarded_prefix": "/profiles"}
SENT = {"X-Forwarded-Prefix": "/profiles"}


def test_a_resource_is_sent_back_as_it_was_read(curator: Curator) -> None:
    read = curator.client.get(COMPANY_ADDRESS, headers=SENT)

    answer = curator.put(COMPANY_ADDRESS, {**read.json(), "name": "Lampworks"}, if_match=read.headers["etag"], **PROXY)

    assert answer.status_code == 200, answer.text
    assert answer.json()["url"] == f"/profiles{COMPANY_ADDRESS}"
    assert answer.headers["content-location"] == f"/profiles{COMPANY_ADDRESS}"
    assert curator.read(COMPANY_ADDRESS)["url"] == COMPANY_ADDRESS
    assert curator.patch(COMPANY_ADDRESS, {"name": "Lamps"}, if_match=answer.headers["etag"]).status_code == 200, "not by a proxy"


def test_a_stale_version_is_refused_with_the_new_etag(curator: Curator) -> None:
    read = curator.client.get(COMPANY_ADDRESS, headers=SENT)
    assert curator.patch(COMPANY_ADDRESS, {"name": "Lampworks"}).status_code == 200

    answer = curator.patch(COMPANY_ADDRESS, {"name": "Lamps"}, if_match=read.headers["etag"], **PROXY)

    assert answer.status_code == 412
    assert answer.headers["etag"] == curator.client.get(COMPANY_ADDRESS, headers={**SENT, "Accept-Encoding": ""}).headers["etag"]


def test_a_created_resource_and_its_repetition_are_at_the_public_url(curator: Curator) -> None:
    answers = [curator.post("/v1/companies", {"slug": "new", "name": "New"}, idempotency_key="a", **PROXY) for _ in range(2)]

    assert [answer.headers["location"] for answer in answers] == ["/profiles/v1/companies/new"] * 2
    assert answers[0].content == answers[1].content


@pytest.mark.any_engine
def test_the_former_url_redirects_to_the_new_one_at_the_proxy(curator: Curator) -> None:
    assert curator.patch(COMPANY_ADDRESS, {"slug": "lampworks"}).status_code == 200

    answer = curator.client.get(f"{COMPANY_ADDRESS}/milestones?limit=1", headers=SENT)

    assert answer.status_code == 308
    assert answer.headers["location"] == "/profiles/v1/companies/lampworks/milestones?limit=1"
