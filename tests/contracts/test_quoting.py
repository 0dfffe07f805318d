"""Quoted attributes are as the standard library quotes them."""

from __future__ import annotations

from xml.sax import saxutils

from hypothesis import given
from hypothesis import strategies as st

from asm_contracts.quoting import quoteattr


@given(st.text(alphabet=st.sampled_from("ab&<>\"'\n\r\tü;") | st.characters()))
def test_as_the_standard_library_does(text: str) -> None:
    assert quoteattr(text) == saxutils.quoteattr(text)
