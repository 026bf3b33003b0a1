"""Keys and words of plain texts are made in a shorter way, which gives what the long way gives."""

from hypothesis import given
from hypothesis import strategies as st

from app.fields import fold
from app.search.words import words

PLAIN = st.text(st.characters(max_codepoint=127), max_size=80)
NO_LETTER = "\u2042"
"""Makes a text one that is not plain, and is no word itself."""


@given(PLAIN)
def test_a_plain_key_is_that_of_the_long_way(text: str) -> None:
    assert fold(text) == fold(f"{NO_LETTER}{text}")[1:]


@given(PLAIN)
def test_the_words_of_a_plain_text_are_those_of_the_long_way(text: str) -> None:
    assert list(words(text)) == [word for word in words(f"{text}{NO_LETTER}") if word.text != NO_LETTER]
