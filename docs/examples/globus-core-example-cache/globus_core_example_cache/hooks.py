"""The hook functions. This module is imported early: keep it light."""

from __future__ import annotations

import typing as t

from globus_core import hookimpl, hookspecs
from globus_core.identities import IdentityCache


@hookimpl(spec=hookspecs.globus_identity_caches)
def globus_identity_caches() -> t.Mapping[str, str | type[IdentityCache]]:
    return {"example-cache": "globus_core_example_cache.cache:ExampleIdentityCache"}
