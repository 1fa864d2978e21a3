"""
What observers are told, in words.
"""

from __future__ import annotations

from globus_core.events import RequestEvent, ResponseEvent, TokenEvent


def test_events_show_what_they_hold() -> None:
    """Every field by its name."""
    request = RequestEvent("GET", "https://auth.example.org/x", 1, "auth.example.org")
    assert repr(request) == (
        "RequestEvent(attempt=1, client=None, method='GET', namespace=None, "
        "resource_server='auth.example.org', url='https://auth.example.org/x')"
    )
    response = ResponseEvent(request, status=None, error="ReadTimeout", seconds=0.5)
    assert repr(response) == (
        f"ResponseEvent(error='ReadTimeout', request={request!r}, seconds=0.5, status=None)"
    )


def test_a_token_event_has_no_room_for_a_token() -> None:
    """Only for what happened, to whose, and until when the new one is good."""
    event = TokenEvent("refreshed", resource_server="auth.example.org", expires_at=5)
    assert repr(event) == (
        "TokenEvent(client_id=None, error=None, expires_at=5, kind='refreshed', "
        "resource_server='auth.example.org', seconds=None)"
    )
    assert not hasattr(event, "__dict__")
