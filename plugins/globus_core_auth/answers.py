"""
Responses whose fields type checkers know. In a running program they are plain responses, and this
module is not even imported.

Type checkers read ``answers.pyi``, which ``python -m tests.layout.stubs`` completes.
"""

from __future__ import annotations

from globus_core.response import GlobusHTTPResponse, IterableResponse

UserinfoResponse = GlobusHTTPResponse
IntrospectionResponse = GlobusHTTPResponse
TokensResponse = GlobusHTTPResponse
IdentitiesResponse = IterableResponse
IdentityProvidersResponse = IterableResponse
ConsentsResponse = IterableResponse
ProjectsResponse = IterableResponse
PoliciesResponse = IterableResponse
ClientsResponse = IterableResponse
CredentialsResponse = IterableResponse
ScopesResponse = IterableResponse
