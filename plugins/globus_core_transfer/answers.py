"""
Responses whose fields type checkers know. In a running program they are plain responses, and this
module is not even imported.

Type checkers read ``answers.pyi``, which ``python -m tests.layout.stubs`` completes.
"""

from __future__ import annotations

from globus_core.response import GlobusHTTPResponse, IterableResponse

TaskResponse = GlobusHTTPResponse
EndpointResponse = GlobusHTTPResponse
FileResponse = GlobusHTTPResponse
ResultResponse = GlobusHTTPResponse
SubmissionResponse = GlobusHTTPResponse
SubmissionIdResponse = GlobusHTTPResponse
TransferListResponse = IterableResponse
