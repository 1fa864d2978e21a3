"""
The hook implementations of the plugin ``errors``.
"""

from __future__ import annotations

from globus_core import hookimpl

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.exc import ErrorFacts, GlobusAPIError


@hookimpl(trylast=True)
def globus_translate_error(error: GlobusAPIError) -> ErrorFacts | None:
    """
    Say what an error means, from its body, its headers, and finally its status.

    :param error: the error as parsed from the response
    """
    from ._translators import translate

    return translate(error)
