"""Names can be read: they show something, and turn no text round. What was stored before stays as it is."""

import pytest

from app.database.database import Database
from app.records import validation
from tests.editing.curator import Curator, Fields, content, errors_of, refused
from tests.editing.lamps import COMPANY_ADDRESS, METRIC, MILESTONE, MILESTONE_ADDRESS, REGISTER_SOURCE

_UNSEEN = "contains no visible character"
_TURNED = "contains U+202E at position 0, which changes the direction of the text around it"


@pytest.mark.any_engine
@pytest.mark.parametrize(
    ("address", "body", "field", "message"),
    [
        *(
            ("/v1/companies", {"slug": "new", "name": name}, "name", _UNSEEN)
            for name in ("\u200b", "\ufeff", "\u200d", "\u3164", "\u2800", "\U000e0041", "\u200e \u200f")
        ),
        *(
            ("/v1/companies", {"slug": "new", "name": f"{sign}gnp.exe"}, "name", _TURNED.replace("202E", f"{ord(sign):04X}"))
            for sign in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        ),
        ("/v1/companies", {"slug": "new", "name": "N", "other_names": [{"name": "\u200b"}]}, "other_names[0].name", _UNSEEN),
        ("/v1/sources", REGISTER_SOURCE | {"slug": "new", "title": "\u202eA"}, "title", _TURNED),
        (f"{COMPANY_ADDRESS}/milestones", MILESTONE | {"slug": "new", "title": "\u202eA"}, "title", _TURNED),
        (f"{COMPANY_ADDRESS}/metrics", METRIC | {"slug": "new", "name": "\u200b"}, "name", _UNSEEN),
    ],
)
def test_a_name_that_cannot_be_read_is_refused(
    curator: Curator, database: Database, address: str, body: Fields, field: str, message: str
) -> None:
    before = content(database)
    answer = curator.post(address, body)

    refused(answer, 422, "invalid-record")
    assert errors_of(answer)[field] == message
    assert content(database) == before


@pytest.mark.any_engine
@pytest.mark.parametrize(
    "name",
    ["می\u200cخواهم", "👩\u200d💻 Ltd", "שלום\u200f!", "☎\ufe0f", "க்\u200dஷ", "\U0001f3f4\U000e0067\U000e007f"],  # noqa: RUF001
)
def test_a_name_in_any_script_keeps_the_characters_that_join_it(curator: Curator, name: str) -> None:
    assert curator.created("/v1/companies", {"slug": "new", "name": name}).json()["name"] == name


@pytest.mark.any_engine
def test_a_name_that_was_stored_before_this_rule_is_read_as_it_is(curator: Curator, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(validation, "NEW_TEXT", None)
        curator.changed(COMPANY_ADDRESS, name="\u202eold")
        curator.changed(MILESTONE_ADDRESS, title="\u200b")

    assert curator.read(COMPANY_ADDRESS)["name"] == "\u202eold"
    assert curator.get("/v1/compare?companies=fernhold,nordlys").status_code == 200
    assert curator.get("/").status_code == 200
    curator.changed(COMPANY_ADDRESS, slug="fern", name="New")  # its facts are written again
    assert curator.read("/v1/companies/fern/milestones/founded")["title"] == "\u200b"
