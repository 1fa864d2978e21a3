"""
Responses of the Auth API that are lists under one key.
"""

from __future__ import annotations

from globus_core import IterableResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .consents import ConsentForest


class GetIdentitiesResponse(IterableResponse):
    """
    Identities, iterated one document after another.
    """

    default_iter_key = "identities"


class GetIdentityProvidersResponse(IterableResponse):
    """
    Identity providers, iterated one document after another.
    """

    default_iter_key = "identity_providers"


class GetConsentsResponse(IterableResponse):
    """
    Consents, iterated one document after another.
    """

    default_iter_key = "consents"

    def to_forest(self) -> ConsentForest:
        """
        The consents as trees, by what each was given for.

        :raises ConsentParseError: if the body does not hold consents
        :raises ConsentTreeConstructionError: if a consent hangs below one that is not there
        """
        from .consents import ConsentForest, ConsentParseError

        consents = self.get(self.iter_key)
        if not isinstance(consents, list):
            raise ConsentParseError("the response has no list of consents", self.data)
        return ConsentForest(consents)
