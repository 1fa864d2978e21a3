"""
PKCE: verifiers and challenges.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from globus_core.exc import GlobusSDKUsageError
from globus_core_auth import _pkce

ALLOWED = st.sampled_from("ABCXYZabcxyz0189-._~")


def test_the_challenge_is_that_of_the_example_in_rfc_7636() -> None:
    """
    Appendix B of the RFC gives a verifier and its challenge.
    """
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert _pkce.challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_fresh_verifiers_have_43_characters_and_differ() -> None:
    """
    32 random bytes in base64url.
    """
    verifiers = {_pkce.make_verifier() for _ in range(50)}
    assert len(verifiers) == 50
    assert {len(_pkce.check_verifier(verifier)) for verifier in verifiers} == {43}


@given(st.text(ALLOWED, min_size=43, max_size=128))
def test_verifiers_of_the_right_form_are_taken(verifier: str) -> None:
    """
    RFC 7636 section 4.1 allows 43 to 128 unreserved characters.
    """
    assert _pkce.check_verifier(verifier) == verifier


@pytest.mark.parametrize(
    "verifier", ["a" * 42, "a" * 129, "", "a" * 43 + "\n", "a" * 42 + "é", "a" * 42 + "+"]
)
def test_verifiers_of_another_form_are_refused_without_being_shown(verifier: str) -> None:
    """
    The message tells the length, never the verifier.
    """
    with pytest.raises(GlobusSDKUsageError, match=f"{len(verifier)} characters") as caught:
        _pkce.check_verifier(verifier)
    assert not verifier or verifier not in str(caught.value)
