"""The hook functions. This module is imported early: keep it light."""

from __future__ import annotations

import typing as t

from globus_core import hookimpl, hookspecs
from globus_core.login_flows import LoginFlowManager


@hookimpl(spec=hookspecs.globus_login_flows)
def globus_login_flows() -> t.Mapping[str, str | type[LoginFlowManager]]:
    return {"example-login": "globus_core_example_login.flow:ExampleLoginFlowManager"}
