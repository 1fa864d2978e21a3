"""
What can be pickled of a login, and what cannot.
"""

from __future__ import annotations

import copy
import pickle
import typing as t

import pytest

from globus_core import IDTokenDecoder
from globus_core.exc import NotPicklableError
from tests.unit.auth import fakes

if t.TYPE_CHECKING:
    from globus_core import ConfidentialAppAuthClient, NativeAppAuthClient


def test_a_login_client_leaves_its_flow_behind(native: NativeAppAuthClient) -> None:
    """
    It has the secrets of a login; keys are fetched anew.
    """
    flow = native.oauth2_start_flow("openid", state=None, nonce=None)
    native.key_store.set_configuration(fakes.configuration())
    data = pickle.dumps(native)
    for secret in (flow.verifier, flow.state, flow.nonce):
        assert str(secret).encode() not in data
    again = pickle.loads(data)
    assert (again.client_id, again.base_url) == (native.client_id, native.base_url)
    assert again.current_oauth2_flow_manager is None
    assert again.key_store is again.id_token_decoder._keys


def test_a_client_with_a_secret_cannot_be_pickled(confidential: ConfidentialAppAuthClient) -> None:
    """
    The error names the client; copies of it go on with the same authorizer.
    """
    with pytest.raises(NotPicklableError, match=r"ConfidentialAppAuthClient .* other process"):
        pickle.dumps(confidential)
    for copied in (copy.copy(confidential), copy.deepcopy(confidential)):
        assert copied.authorizer is confidential.authorizer
        assert copied.client_id == fakes.CLIENT_ID


def test_a_flow_cannot_be_pickled(native: NativeAppAuthClient) -> None:
    """
    The error says how a login goes on elsewhere.
    """
    with pytest.raises(NotPicklableError, match="state, nonce and verifier"):
        pickle.dumps(native.oauth2_start_flow("openid"))


def test_a_decoder_is_pickled_with_its_settings_and_client(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    A configuration that it was given is kept; the keys are fetched anew.
    """
    decoder = IDTokenDecoder(native, jwt_leeway=7, openid_configuration=fakes.configuration())
    assert decoder.decode(fakes.id_token())
    again = pickle.loads(pickle.dumps(decoder))
    assert again.jwt_leeway == 7
    fakes.joined(again._keys._client, server)
    assert again.decode(fakes.id_token())["sub"] == fakes.IDENTITY
    assert server.count(fakes.KEYS_PATH) == 2
    assert server.count(fakes.CONFIGURATION_PATH) == 0
