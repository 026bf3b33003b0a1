"""If-Match: no one's change is lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from app.database.database import Database
from tests.editing.conftest import Serve, key_of
from tests.editing.curator import Curator, content, refused
from tests.editing.lamps import ADDRESSES, COMPANY_ADDRESS, MILESTONE_ADDRESS


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_change_and_deletion_needs_a_condition(curator: Curator, database: Database, address: str) -> None:
    before = content(database)
    for method, body in (("PUT", curator.read(address)), ("PATCH", {"note": "New."}), ("DELETE", None)):
        refused(curator.send(method, address, body), 428, "precondition-required")
    assert content(database) == before


def test_merging_needs_a_condition(curator: Curator) -> None:
    refused(curator.post(f"{COMPANY_ADDRESS}/merge?into=nordlys"), 428, "precondition-required")


def test_a_stale_condition_is_refused_with_the_newest_etag(curator: Curator) -> None:
    stale = curator.get(COMPANY_ADDRESS).headers["etag"]
    curator.changed(COMPANY_ADDRESS, note="Somebody was faster.")
    newest = curator.client.get(COMPANY_ADDRESS, headers={"Accept-Encoding": "identity"}).headers["etag"]

    for method, body in (("PUT", curator.read(COMPANY_ADDRESS)), ("PATCH", {"note": "Late."}), ("DELETE", None)):
        answer = curator.send(method, COMPANY_ADDRESS, body, if_match=stale)
        refused(answer, 412, "precondition-failed")
        assert answer.headers["etag"] == newest
    assert curator.patch(COMPANY_ADDRESS, {"note": "Late."}, if_match=newest).status_code == 200


def test_the_etag_of_a_response_to_a_change_is_good_for_the_next(curator: Curator) -> None:
    first = curator.changed(COMPANY_ADDRESS, note="One.")
    second = curator.patch(COMPANY_ADDRESS, {"note": "Two."}, if_match=first.headers["etag"])
    third = curator.delete(MILESTONE_ADDRESS, if_match=curator.changed(MILESTONE_ADDRESS, note="Last.").headers["etag"])

    assert (second.status_code, third.status_code) == (200, 204)


def test_the_etag_of_a_compressed_response_is_taken(curator: Curator) -> None:
    curator.changed(COMPANY_ADDRESS, summary="Lamps. " * 200)
    etag = curator.get(COMPANY_ADDRESS).headers["etag"]

    assert etag.endswith('-gzip"')
    assert curator.patch(COMPANY_ADDRESS, {"note": "Small."}, if_match=etag).status_code == 200


def test_a_change_of_something_else_breaks_no_condition(curator: Curator) -> None:
    etag = curator.get(COMPANY_ADDRESS).headers["etag"]
    curator.changed(MILESTONE_ADDRESS, note="Another one.")

    assert curator.patch(COMPANY_ADDRESS, {"note": "Small."}, if_match=etag).status_code == 200


def test_one_of_several_etags_is_enough(curator: Curator) -> None:
    etag = curator.get(COMPANY_ADDRESS).headers["etag"]
    answer = curator.patch(COMPANY_ADDRESS, {"note": "Small."}, if_match=f'"other" , {etag},"third"')

    assert answer.status_code == 200


def test_conditions_in_headers_of_their_own_count_together(curator: Curator) -> None:
    etag = curator.get(COMPANY_ADDRESS).headers["etag"]
    headers = [("If-Match", '"other"'), ("If-Match", etag), ("Content-Type", "application/json")]

    assert curator.client.patch(COMPANY_ADDRESS, content=b'{"note": "Small."}', headers=headers).status_code == 200


def test_weak_etags_and_those_of_other_things_never_match(curator: Curator) -> None:
    etag = curator.get(COMPANY_ADDRESS).headers["etag"]
    linked = curator.get(f"{COMPANY_ADDRESS}?format=jsonld").headers["etag"]
    fact = curator.get(MILESTONE_ADDRESS).headers["etag"]

    for condition in (f"W/{etag}", linked, fact, etag.strip('"'), '""', "nonsense"):
        refused(curator.patch(COMPANY_ADDRESS, {"note": "Small."}, if_match=condition), 412, "precondition-failed")


def test_a_star_matches_whatever_is_there_but_not_nothing(curator: Curator) -> None:
    assert curator.patch(COMPANY_ADDRESS, {"note": "Small."}, if_match="*").status_code == 200
    refused(curator.patch("/v1/companies/nobody", {"note": "Small."}, if_match="*"), 404, "not-found")


def test_of_changes_from_one_version_at_the_same_moment_exactly_one_is_made(database: Database, serve: Serve) -> None:
    key = key_of(database)
    curators = [serve(database, key) for _ in range(2)]
    # One at a time at first: applications that share a process would make the models of an address at once.
    etags = [curator.patch(COMPANY_ADDRESS, {}).headers["etag"] for curator in curators]
    start = Barrier(8)

    def change(number: int) -> int:
        start.wait()
        return curators[number % 2].patch(COMPANY_ADDRESS, {"note": f"By {number}."}, if_match=etags[number % 2]).status_code

    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(change, range(8)))

    assert sorted(statuses) == [200] + [412] * 7
    items = curators[0].get(f"{COMPANY_ADDRESS}/history").json()["items"]
    assert len(items) == 2
    assert items[0]["changes"][0]["after"] == f"By {statuses.index(200)}."


def test_a_deletion_and_a_change_at_the_same_moment_exclude_each_other(database: Database, serve: Serve) -> None:
    curator = serve(database, key_of(database))
    etag = curator.get(MILESTONE_ADDRESS).headers["etag"]
    start = Barrier(2)

    def act(method: str) -> int:
        start.wait()
        body = {"note": "Kept."} if method == "PATCH" else None
        return curator.send(method, MILESTONE_ADDRESS, body, if_match=etag).status_code

    with ThreadPoolExecutor(2) as threads:
        statuses = tuple(threads.map(act, ("PATCH", "DELETE")))

    assert statuses in {(200, 412), (410, 204)}
