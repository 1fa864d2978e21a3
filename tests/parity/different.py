"""
Programs that do something else here than with globus-sdk 4.10, on purpose.

Each case says what comes of it on either side; ``docs/migrating.md`` says it in words.
"""

from __future__ import annotations

import os
import pickle
import typing as t
import warnings
from unittest import mock

from tests.parity.side import Side, query

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from tests.parity.side import Case


class Difference(t.NamedTuple):
    """A program and what comes of it: with globus-sdk, and here."""

    case: Case
    theirs: t.Any
    ours: t.Any


CASES: list[Difference] = []


def _differs(theirs: t.Any, ours: t.Any) -> Callable[[Case], Case]:
    def keep(case: Case) -> Case:
        CASES.append(Difference(case, theirs, ours))
        return case

    return keep


def _raised(call: Callable[[], t.Any]) -> str:
    try:
        call()
    except Exception as error:
        return type(error).__name__
    return "nothing"


# requests


@_differs("Bearer", "GlobusSDKUsageError")
def credentials_to_another_origin(side: Side) -> t.Any:
    other = side.sandbox.url.replace("127.0.0.1", "localhost")
    client = side.auth
    raised = _raised(lambda: client.get(f"{other}v2/oauth2/userinfo"))
    sent = side.adapter.sent[-1]
    return (sent.authorization or "").partition(" ")[0] if raised == "nothing" else raised


@_differs(["Basic", "Basic"], ["", ""])
def credentials_for_public_documents(side: Side) -> t.Any:
    side.confidential.get_jwk()
    return [(sent.authorization or "").partition(" ")[0] for sent in side.adapter.sent]


@_differs((401, 1), (200, 2))
def repair_after_a_server_error(side: Side) -> t.Any:
    transport = side.namespace("transport")
    renewals: list[t.Any] = []
    authorizer = side.sdk.ClientCredentialsAuthorizer(
        side.confidential, ["openid"], on_refresh=renewals.append
    )
    client = side.client(
        "AuthClient",
        authorizer=authorizer,
        retry_config=transport.RetryConfig(backoff=lambda _: 0.0),
    )
    for status in (500, 401):
        side.sandbox.fail(path="/v2/oauth2/userinfo", status=status)
    try:
        status = client.userinfo().http_status
    except side.sdk.GlobusAPIError as error:
        status = error.http_status
    return status, len(renewals)


@_differs("AuthAPIError", "GlobusSDKUsageError")
def userinfo_of_a_client_without_an_authorizer(side: Side) -> t.Any:
    return _raised(side.client("AuthClient").userinfo)


@_differs([7.0, 0], [60.0, 5])
def settings_for_a_block_that_fails(side: Side) -> t.Any:
    transport = side.namespace("transport")
    made, retries = transport.RequestsTransport(), transport.RetryConfig()
    for tuned in (made.tune(http_timeout=7.0), retries.tune(max_retries=0)):
        try:
            with tuned:
                raise LookupError
        except LookupError:
            pass
    made.close()
    return [made.http_timeout, retries.max_retries]


@_differs(["globus-sdk-py", "python-sdk"], ["globus-core-py", "globus-core"])
def names_of_the_sdk_in_headers(side: Side) -> t.Any:
    transport = side.native.transport
    product = transport.globus_client_info.format().partition(",")[0]
    return [transport.user_agent.rpartition("-")[0], product.partition("=")[2]]


@_differs(2, 1)
def one_retry_config_for_two_clients(side: Side) -> t.Any:
    retries = side.namespace("transport").RetryConfig()
    sizes = []
    for _ in range(2):
        side.opened(side.sdk.AuthClient(retry_config=retries))
        sizes.append(len(retries.checks))
    return sizes[1] // sizes[0]


@_differs(
    ["nothing", "nothing", "ValueError"], ["GlobusSDKUsageError", "GlobusSDKUsageError", "nothing"]
)
def odd_settings(side: Side) -> t.Any:
    config = side.namespace("config")
    found = [
        _raised(lambda: config.get_http_timeout(0.0)),
        _raised(lambda: config.get_http_timeout(float("nan"))),
    ]
    with mock.patch.dict(os.environ, {"GLOBUS_SDK_VERIFY_SSL": ""}):
        found.append(_raised(config.get_ssl_verify))
    return found


# errors


@_differs((None, None), ("invalid_grant", "Why"))
def error_codes_of_oauth2(side: Side) -> t.Any:
    body = {"error": "invalid_grant", "error_description": "Why"}
    side.sandbox.fail(path="/v2/oauth2/token", status=400, body=body)
    error = side.api_error(lambda: side.native.oauth2_refresh_token("wrong"))
    return error.code, error.message


@_differs("AttributeError", "nothing")
def information_of_odd_errors(side: Side) -> t.Any:
    body = {"code": "X", "message": "m", "authorization_parameters": "odd"}
    side.sandbox.fail(path="/v2/oauth2/userinfo", status=403, body=body)
    error = side.api_error(side.auth.userinfo)
    return _raised(lambda: error.info)


@_differs(["IndexError", "AttributeError"], ["nothing", "nothing"])
def unreadable_requirements(side: Side) -> t.Any:
    to_gare = side.namespace("gare").to_gare
    documents: list[t.Any] = [
        {"error": "dependent_consent_required", "errors": []},
        ["text"],
    ]
    return [_raised(lambda document=document: to_gare(document)) for document in documents]  # type: ignore[misc]


@_differs([{"session_required_policies": ["p", "q"]}], [["a"]])
def scopes_beside_older_requirements(side: Side) -> t.Any:
    document = {
        "authorization_parameters": {"required_scopes": ["a"], "session_required_policies": "p,q"}
    }
    found = side.namespace("gare").to_gare(document).to_dict()["authorization_parameters"]
    return [found.get("required_scopes", found)]


# logins


@_differs({"session_required_mfa": "True", "x": "None"}, {"session_required_mfa": "true"})
def values_in_an_authorize_url(side: Side) -> t.Any:
    side.native.oauth2_start_flow("openid")
    url = side.native.oauth2_get_authorize_url(session_required_mfa=True, query_params={"x": None})
    return {
        name: value for name, value in query(url).items() if name in ("session_required_mfa", "x")
    }


@_differs("TypeError", "nothing")
def one_scope_object_for_dependent_tokens(side: Side) -> t.Any:
    (mine,) = side.login_for_portal().by_resource_server.values()
    scope = side.namespace("scopes").TransferScopes.all
    return _raised(
        lambda: side.confidential.oauth2_get_dependent_tokens(mine["access_token"], scope=scope)
    )


_TOKEN = {
    "access_token": "made-up-token",
    "scope": "openid",
    "token_type": "Bearer",
    "resource_server": "auth.globus.org",
}


@_differs(["KeyError", "TypeError", "KeyError"], ["nothing", "nothing", "ValidationError"])
def incomplete_token_responses(side: Side) -> t.Any:
    bodies: list[t.Any] = [
        {**_TOKEN, "expires_in": 5},
        {**_TOKEN, "expires_in": None, "other_tokens": []},
        {"access_token": "made-up-token", "expires_in": 5, "other_tokens": []},
    ]
    found = []
    for body in bodies:
        side.sandbox.fail(path="/v2/oauth2/token", status=200, body=body)
        found.append(_raised(lambda: side.native.oauth2_refresh_token("r")))
    return found


@_differs(None, "first")
def a_renewal_without_a_refresh_token(side: Side) -> t.Any:
    body = {**_TOKEN, "expires_in": 5, "other_tokens": []}
    side.sandbox.fail(path="/v2/oauth2/token", status=200, body=body)
    return side.sdk.RefreshTokenAuthorizer("first", side.native).refresh_token


@_differs([True, True], [False, False])
def tokens_in_print(side: Side) -> t.Any:
    response = side.login("openid")
    token = response.by_resource_server["auth.globus.org"]["access_token"]
    return [token in str(response), token in repr(response)]


@_differs(False, True)
def login_clients_are_clients_of_auth(side: Side) -> t.Any:
    return issubclass(side.sdk.AuthLoginClient, side.sdk.AuthClient)


@_differs([0, 0], [1, 1])
def doubtful_look_ups_are_warned_of(side: Side) -> t.Any:
    return [
        side.warned(lambda: side.auth.get_identities(usernames="x", ids=side.me)),
        side.warned(side.auth.get_identity_providers),
    ]


# ID tokens


@_differs(
    ["nothing", "DecodeError", "AttributeError"],
    ["IDTokenError", "IDTokenError", "GlobusSDKUsageError"],
)
def unacceptable_id_tokens(side: Side) -> t.Any:
    id_token = side.login("openid")["id_token"]
    decoder = side.sdk.IDTokenDecoder(side.native)
    configuration = side.native.get_openid_configuration().data
    decoder.store_openid_configuration({**configuration, "issuer": "https://other.example"})
    good = side.sdk.IDTokenDecoder(side.native)
    return [
        _raised(lambda: decoder.decode(id_token)),
        _raised(lambda: good.decode("a.b.c")),
        _raised(lambda: side.sdk.IDTokenDecoder(side.auth).decode(id_token)),
    ]


# identities


@_differs(["KeyError", 3], ["nothing", 2])
def spellings_and_unknown_names(side: Side) -> t.Any:
    client = side.auth
    before = len(side.adapter.sent)
    names = side.sdk.IdentityMap(client)
    raised = _raised(lambda: names["ADA@example.org"])
    for _ in range(2):
        names.get("nobody@example.org")
    return [raised, len(side.adapter.sent) - before]


# scopes


@_differs(["nothing", "nothing"], ["GlobusSDKUsageError", "TypeError"])
def scopes_that_are_none(side: Side) -> t.Any:
    scope = side.sdk.Scope
    parser = side.namespace("scopes").ScopeParser
    return [_raised(lambda: scope("")), _raised(lambda: parser.serialize([1]))]


@_differs({"required_scopes": []}, {})
def a_requirement_of_nothing(side: Side) -> t.Any:
    parameters: dict[str, t.Any] = {"required_scopes": []}
    document = {"code": "ConsentRequired", "authorization_parameters": parameters}
    found = side.namespace("gare").to_gare(document)
    return found.to_dict()["authorization_parameters"]


# apps


@_differs("production", "preview")
def the_environment_of_an_app_without_settings(side: Side) -> t.Any:
    make = side.sdk.UserApp  # globus-sdk reads the variable when this is imported
    with mock.patch.dict(os.environ, {"GLOBUS_SDK_ENVIRONMENT": "preview"}):
        return side.opened(make("lab", client_id="x")).config.environment


@_differs([0, "x"], [1, "x"])
def a_secret_that_has_no_effect(side: Side) -> t.Any:
    config = side.sdk.GlobusAppConfig(token_storage="memory")
    kept: list[t.Any] = []

    def make() -> None:
        made = side.sdk.UserApp(
            "lab",
            login_client=side.sdk.NativeAppAuthClient("x"),
            client_secret="made-up",
            config=config,
        )
        kept.append(side.opened(made))

    return [side.warned(make), kept[0].client_id]


@_differs([True, False], [False, True])
def parameters_of_a_login(side: Side) -> t.Any:
    gare = side.namespace("gare")
    by_code, seen = side.typed_login()
    config = side.sdk.GlobusAppConfig(token_storage="memory", login_flow_manager=by_code)
    app = side.opened(side.sdk.UserApp("lab", login_client=side.native, config=config))
    asked = gare.GlobusAuthorizationParameters(session_message="m")
    app.login(auth_params=asked)
    return [asked.required_scopes is not None, "nonce" in query(seen[0])]


@_differs(2, 1)
def requirements_added_twice(side: Side) -> t.Any:
    config = side.sdk.GlobusAppConfig(token_storage="memory")
    app = side.opened(side.sdk.UserApp("lab", client_id="x", config=config))
    for _ in range(2):
        app.add_scope_requirements({"rs": "a"})
    return len(app.scope_requirements["rs"])


@_differs("v2/web/auth-code", "/v2/web/auth-code")
def a_base_url_without_a_slash(side: Side) -> t.Any:
    flows, gare = side.namespace("login_flows"), side.namespace("gare")
    url = side.sandbox.url.rstrip("/")
    seen: list[str] = []

    class Printed(flows.CommandLineLoginFlowManager):  # type: ignore[misc,name-defined]
        def print_authorize_url(self, authorize_url: str) -> None:
            seen.append(authorize_url)

        def prompt_for_code(self) -> str:
            return "wrong"

    client = side.opened(side.sdk.NativeAppAuthClient("x", base_url=url))
    parameters = gare.GlobusAuthorizationParameters(required_scopes=["openid"])
    _raised(lambda: Printed(client).run_login_flow(parameters))
    return query(seen[0])["redirect_uri"].removeprefix(url)


@_differs(True, False)
def clients_of_pickled_responses(side: Side) -> t.Any:
    answer = pickle.loads(pickle.dumps(side.native.get_openid_configuration()))
    return hasattr(answer, "client") and answer.client is not None


@_differs("JSONDecodeError", "nothing")
def files_that_are_damaged(side: Side) -> t.Any:
    path = side.folder / "tokens.json"
    path.write_text("{", encoding="utf-8")
    path.chmod(0o600)
    storage = side.namespace("token_storage").JSONTokenStorage(str(path))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _raised(lambda: storage.get_token_data("x"))


@_differs("ValueError", "nothing")
def a_file_without_a_folder(side: Side) -> t.Any:
    before = os.getcwd()
    os.chdir(side.folder)
    try:
        return _raised(lambda: side.namespace("token_storage").JSONTokenStorage("tokens.json"))
    finally:
        os.chdir(before)
