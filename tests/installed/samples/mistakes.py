"""A plugin with mistakes, each on a line that says so."""

from __future__ import annotations

from globus_core import AuthClient, compose, hookimpl, hookspecs
from globus_core.exc import ErrorFacts, GlobusAPIError
from globus_core.identities import Identity


@hookimpl(spec=hookspecs.globus_translate_error)  # wrong: the argument's name
def translate_misnamed(err: GlobusAPIError) -> ErrorFacts | None:
    return None


@hookimpl(spec=hookspecs.globus_translate_error)  # wrong: the argument's type
def translate_int(error: int) -> ErrorFacts | None:
    return None


@hookimpl(spec=hookspecs.globus_translate_error)  # wrong: the answer's type
def translate_to_text(error: GlobusAPIError) -> str:
    return error.text


@hookimpl(spec=hookspecs.globus_translate_error)  # wrong: one argument too many
def translate_more(error: GlobusAPIError, more: int) -> None:
    return None


@hookimpl(spec=hookspecs.globus_clients)  # wrong: a list of names
def offer_list() -> list[str]:
    return []


class Campus:
    @hookimpl(spec=hookspecs.globus_enrich_identity)  # wrong: the answer's type
    def enrich(self, identity: Identity) -> str:
        return identity.username


@hookimpl(spec="globus_clients")  # wrong: a name is no specification
def offer_nothing() -> dict[str, str]:
    return {}


def call_wrongly(client: AuthClient) -> None:
    compose.first(hookspecs.globus_normalize_identity, keys="ada")  # wrong
    compose.first(hookspecs.globus_normalize_identity, key=1)  # wrong
    compose.merged(hookspecs.globus_translate_error)  # wrong
    compose.notify(hookspecs.globus_token_event, "stored")  # wrong
    client.get_identities(usernames=1)  # wrong
    hookspecs.globus_clients_typo()  # wrong
