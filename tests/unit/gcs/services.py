"""
Globus Auth, Transfer and an endpoint with canned answers, for commands that run in a test.
"""

from __future__ import annotations

import json
import typing as t
from urllib.parse import parse_qs, urlsplit

from globus_core.testing import RegisteredResponse
from globus_core_gcs.canned import documents as doc
from globus_core_gcs.canned.answers import envelope

if t.TYPE_CHECKING:
    import requests
    from responses import RequestsMock

MANAGER = "https://gcs.example.org/api"
TRANSFER = "https://transfer.api.globus.org/v0.10"
PERSONAL_ID = "1d5b3f80-6e2a-4c97-b1d4-8f0a7c3e9265"
MAPPED = {
    "id": doc.COLLECTION_ID,
    "entity_type": "GCSv5_mapped_collection",
    "display_name": "Plates",
    "high_assurance": False,
    "gcs_manager_url": MANAGER,
}
ENDPOINT = {**MAPPED, "id": doc.ENDPOINT_ID, "entity_type": "GCSv5_endpoint"}
PERSONAL = {
    "id": PERSONAL_ID,
    "entity_type": "GCP_mapped_collection",
    "display_name": "My laptop",
    "owner_string": "leavitt@example.org",
    "gcs_manager_url": None,
    "public": False,
}


class Services:
    """
    Globus Auth, Transfer and an endpoint, each answering what it is told.

    :param mock: where the answers are
    :param servers: the resource servers beside Transfer
    """

    def __init__(self, mock: RequestsMock, *, servers: t.Sequence[str] = (doc.CLIENT_ID,)) -> None:
        self._mock = mock
        self._servers = servers
        mock.assert_all_requests_are_fired = False
        mock.add_callback("POST", "https://auth.globus.org/v2/oauth2/token", self._token)
        self.asked: list[str] = []
        for document in (MAPPED, ENDPOINT, PERSONAL):
            self.answer(f"{TRANSFER}/endpoint/{document['id']}", document)
        self.answer(f"{MANAGER}/info", envelope(doc.INFO))

    def _token(self, request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        (scope,) = parse_qs(str(request.body))["scope"]
        self.asked.append(scope)
        ours = [each for each in self._servers if each in scope]
        server = ours[0] if ours else "transfer.api.globus.org"
        token = {
            "resource_server": server,
            "access_token": server,
            "scope": scope.partition("[")[0],
        }
        return 200, {}, json.dumps({**token, "token_type": "Bearer", "expires_in": 3600})

    def answer(self, url: str, body: t.Any, *, method: str = "GET", status: int = 200) -> None:
        """Answer requests for a URL from now on."""
        RegisteredResponse(path=url, method=method, json=body, status=status).add(
            requests_mock=self._mock
        )

    def sent(self, path: str, method: str = "GET") -> list[requests.PreparedRequest]:
        """The requests for a path below that of a service."""
        requests_ = [call.request for call in self._mock.calls]
        return [
            each
            for each in requests_
            if each.method == method and urlsplit(each.url or "").path.endswith(path)
        ]
