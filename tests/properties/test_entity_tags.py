"""Lists of entity tags by RFC 9110 (sections 5.6.1 and 8.8.3): a tag is found in each list that has it, and in no other."""

from hypothesis import given
from hypothesis import strategies as st

from app.http.conditional import matching_etag

OURS = '"7f3a9c1e-64-0.1.0-json"'
OPAQUE = st.text(st.characters(min_codepoint=0x21, max_codepoint=0xFF, exclude_characters='"\x7f', exclude_categories=["Cc"]))
OTHERS = st.builds(
    '{}"{}"'.format, st.sampled_from(["", "W/"]), OPAQUE.filter(lambda text: text.replace("-gzip", "") != OURS[1:-1])
)
SEPARATORS = st.from_regex(r"[ \t]{0,2},(?:[ \t]{0,2},){0,2}[ \t]{0,2}", fullmatch=True)


@given(st.lists(st.tuples(OTHERS, SEPARATORS)), st.lists(st.tuples(SEPARATORS, OTHERS)))
def test_a_tag_is_found_in_a_list_only_if_the_list_has_it(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> None:
    head, tail = "".join(tag + comma for tag, comma in before), "".join(comma + tag for comma, tag in after)

    assert matching_etag(head + OURS + tail, OURS) == OURS
    assert matching_etag(head + OURS + tail, OURS, strong=True) == OURS
    assert matching_etag(f"{head}W/{OURS}{tail}", OURS) == OURS
    assert matching_etag(f"{head}W/{OURS}{tail}", OURS, strong=True) is None
    assert matching_etag(head + tail.lstrip(" \t,"), OURS) is None


@given(st.text(), st.booleans())
def test_any_other_text_names_nothing(text: str, strong: bool) -> None:  # noqa: FBT001 - drawn
    if text.strip(" \t") != "*" and OURS not in text.replace("-gzip", ""):
        assert matching_etag(text, OURS, strong=strong) is None
