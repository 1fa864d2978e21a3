"""
The tokens that JupyterHub passes to a notebook of a user who logged in with Globus.

Its authenticator puts a pickled dict, in base64, into the variable ``GLOBUS_DATA``:
https://oauthenticator.readthedocs.io/en/latest/topic/globus.html
"""

from __future__ import annotations

import io
import pickle

from ._credential_files import MOST_BYTES, UnusableSecretError
from ._preset_tokens import check_tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


class _PlainData(pickle.Unpickler):
    """Loads dicts, lists, text and numbers; a pickle that names a class or a function fails."""

    def find_class(self, module: str, name: str) -> t.NoReturn:
        raise pickle.UnpicklingError("only plain data is accepted")


def parse_globus_data(text: str) -> dict[str, t.Any]:
    """
    The access tokens by resource server. The refresh tokens are left out: only the hub, whose
    client they were issued to, can use them.

    :param text: the value of the variable
    :raises UnusableSecretError: if it is anything else; the message contains nothing of it
    """
    data = _loaded(text)
    tokens = data.get("tokens") if isinstance(data, dict) else None
    if not isinstance(tokens, dict) or not tokens:
        raise UnusableSecretError("is not what JupyterHub puts there: base64 of pickled tokens")
    check_tokens(tokens)
    return {
        server: given if isinstance(given, str) else {**given, "refresh_token": None}
        for server, given in tokens.items()
    }


def _loaded(text: str) -> t.Any:
    from base64 import b64decode

    try:
        raw = b64decode(text, validate=True)
        return _PlainData(io.BytesIO(raw)).load() if len(raw) <= MOST_BYTES else None
    except Exception:  # a damaged pickle can raise anything, and its message quotes it
        return None
