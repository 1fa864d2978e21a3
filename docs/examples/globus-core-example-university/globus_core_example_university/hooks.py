"""The hook functions. This module is imported early: the directory is read when it is needed."""

from __future__ import annotations

import typing as t

from globus_core import hookimpl, hookspecs
from globus_core.exc import ErrorFacts, GlobusAPIError
from globus_core.identities import Identity


@hookimpl(spec=hookspecs.globus_normalize_identity)
def globus_normalize_identity(key: str) -> str | None:
    from .directory import username_of

    return username_of(key)


@hookimpl(spec=hookspecs.globus_enrich_identity)
def globus_enrich_identity(identity: Identity) -> t.Mapping[str, t.Any] | None:
    from .directory import attributes_of

    return attributes_of(identity.username)


@hookimpl(spec=hookspecs.globus_identity_fingerprint)
def globus_identity_fingerprint() -> str:
    from .directory import state

    return state()


@hookimpl(spec=hookspecs.globus_translate_error)
def globus_translate_error(error: GlobusAPIError) -> ErrorFacts | type[Exception] | None:
    from . import CampusGatewayError

    return CampusGatewayError if "<h1>Campus gateway</h1>" in error.text else None
