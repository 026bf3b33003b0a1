"""The pages of what was renamed or deleted."""

from tests.editing.curator import Curator
from tests.editing.lamps import COMPANY_ADDRESS, METRIC_ADDRESS
from tests.pages.test_frame import BROWSER

PAGE, METRIC_PAGE = COMPANY_ADDRESS.removeprefix("/v1"), METRIC_ADDRESS.removeprefix("/v1")


def test_the_page_of_a_former_slug_leads_to_the_new_one(curator: Curator) -> None:
    curator.changed(COMPANY_ADDRESS, slug="fern")
    for page in (PAGE, METRIC_PAGE, f"{PAGE}?sort=category"):
        response = curator.client.get(page, headers=BROWSER)
        assert response.status_code == 308
        assert response.headers["location"] == page.replace(PAGE, "/companies/fern")
    assert curator.client.get(PAGE, headers=BROWSER, follow_redirects=True).status_code == 200


def test_the_page_of_what_was_deleted_leads_to_its_past(curator: Curator) -> None:
    assert curator.delete(METRIC_ADDRESS).status_code == 204
    newest = curator.newest()
    response = curator.client.get(METRIC_PAGE, headers=BROWSER)
    assert response.status_code == 410
    assert f"deleted in revision {newest}" in response.text
    past = f"{METRIC_PAGE}?as_of={newest - 1}"
    assert f'<a href="{past}">{past}</a>' in response.text
    assert f"You see the past: revision {newest - 1}." in curator.client.get(past).text


def test_a_page_shows_who_changed_what_and_why(curator: Curator) -> None:
    curator.patch(f"{METRIC_ADDRESS}?reason=The+report+was+restated", {"note": "Corrected."})
    page = curator.client.get(METRIC_PAGE).text
    assert "<b>Changed</b>" in page
    assert "The report was restated" in page
    assert "<code>note</code>" in page
    assert '<ins dir="auto">Corrected.</ins>' in page
    assert "The report was restated" in curator.client.get(PAGE).text
