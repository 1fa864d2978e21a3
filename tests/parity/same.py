"""
Programs that do the same with both SDKs: the same requests, the same results.
"""

from __future__ import annotations

import copy
import json
import pickle
import string
import threading
import typing as t

import requests

from tests.parity.side import BACK, Side, consent, plain, query, token, tokens

TRANSFER_ALL = "urn:globus:auth:scope:transfer.api.globus.org:all"

# logins


def native_authorize_url(side: Side) -> t.Any:
    side.native.oauth2_start_flow(
        ["openid", "email"],
        state="s t&=",
        verifier="v" * 43,
        refresh_tokens=True,
        prefill_named_grant="Lab é",
        redirect_uri=BACK,
    )
    url = side.native.oauth2_get_authorize_url(
        session_required_identities=[side.me],
        session_required_single_domain=["a.example", "b.example"],
        session_required_policies="p,q",
        session_message="again, please",
        prompt="login",
        query_params={"login_hint": "ada@example.org", "state": "mine"},
    )
    return query(url), url.partition("?")[0]


def native_authorize_url_by_default(side: Side) -> t.Any:
    flow = side.native.oauth2_start_flow("openid")
    same = side.native.current_oauth2_flow_manager is flow
    return query(side.native.oauth2_get_authorize_url()), same


def confidential_authorize_url(side: Side) -> t.Any:
    scopes = side.namespace("scopes")
    wanted = [scopes.AuthScopes.openid, scopes.TransferScopes.all.with_optional(True)]
    side.confidential.oauth2_start_flow(BACK, wanted, refresh_tokens=True, state="s")
    return query(side.confidential.oauth2_get_authorize_url())


def flow_manager_by_hand(side: Side) -> t.Any:
    manager = side.namespace("services.auth" if side.name == "globus_sdk" else "scopes")
    cls = (
        getattr(manager, "GlobusNativeAppFlowManager", None) or side.sdk.GlobusNativeAppFlowManager
    )
    flow = cls(side.native, ["openid"], BACK, "s", "v" * 43, True, "Lab")
    return query(flow.get_authorize_url(query_params={"x": "y"}))


def misused_flows(side: Side) -> t.Any:
    nameless = side.client("NativeAppAuthClient", "")
    return [
        side.refused(side.native.oauth2_get_authorize_url),
        side.refused(lambda: side.native.oauth2_exchange_code_for_tokens("x")),
        side.refused(lambda: side.native.oauth2_start_flow([])),
        side.refused(lambda: side.native.oauth2_start_flow("openid", verifier="short")),
        side.refused(lambda: side.native.oauth2_start_flow("openid", verifier="ä" * 43)),
        side.refused(lambda: nameless.oauth2_start_flow("openid")),
    ]


def native_code_exchange(side: Side) -> t.Any:
    response = side.login(["openid", "email", TRANSFER_ALL], refresh_tokens=True)
    return tokens(response), sorted(response.data), type(response).__name__


def confidential_code_exchange(side: Side) -> t.Any:
    return tokens(side.portal_login(["openid", TRANSFER_ALL], refresh_tokens=True))


def wrong_code(side: Side) -> t.Any:
    side.native.oauth2_start_flow("openid")
    error = side.api_error(lambda: side.native.oauth2_exchange_code_for_tokens("wrong"))
    return type(error).__name__, error.http_status, error.raw_json["error"]


def redirects_to_a_server_of_ones_own(side: Side) -> t.Any:
    parts = side.namespace("login_flows.local_server_login_flow_manager.local_server")
    page = string.Template("<b>$login_result</b> $post_login_message")
    found = []
    with parts.RedirectHTTPServer(("127.0.0.1", 0), parts.RedirectHandler, page) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            for callback in ("code=c%2B1&state=s", "error=no&error_description=why", "error=no"):
                url = f"http://127.0.0.1:{server.server_port}/any?{callback}"
                answer = requests.get(url, timeout=30)
                outcome = server.wait_for_code()
                shown = answer.text.partition("</b> ")[2]
                kind = answer.headers["Content-Type"].partition(";")[0]
                found.append(
                    [answer.status_code, kind, shown, str(outcome), type(outcome).__name__]
                )
        finally:
            server.shutdown()
            thread.join()
    return found, parts.RedirectHTTPServer.WAIT_TIMEOUT.total_seconds()


# other grants


def refresh_grant(side: Side) -> t.Any:
    first = side.login(["openid"], refresh_tokens=True)
    refresh_token = first.by_resource_server["auth.globus.org"]["refresh_token"]
    response = side.native.oauth2_refresh_token(refresh_token, body_params={"x": "y"})
    return tokens(response), type(response).__name__


def refresh_grant_of_a_confidential_client(side: Side) -> t.Any:
    first = side.portal_login(["openid"], refresh_tokens=True)
    refresh_token = first.by_resource_server["auth.globus.org"]["refresh_token"]
    return tokens(side.confidential.oauth2_refresh_token(refresh_token))


def refused_refresh(side: Side) -> t.Any:
    error = side.api_error(lambda: side.native.oauth2_refresh_token("wrong"))
    return error.http_status, error.raw_json["error"], error.args[:4]


def client_credentials_grant(side: Side) -> t.Any:
    response = side.confidential.oauth2_client_credentials_tokens(["openid", TRANSFER_ALL])
    return tokens(response), type(response).__name__


def client_credentials_grant_by_keyword(side: Side) -> t.Any:
    scope = side.namespace("scopes").TransferScopes.all
    return tokens(side.confidential.oauth2_client_credentials_tokens(requested_scopes=scope))


def dependent_grant(side: Side) -> t.Any:
    (mine,) = side.login_for_portal().by_resource_server.values()
    given = mine["access_token"]
    return [
        tokens(side.confidential.oauth2_get_dependent_tokens(given)),
        tokens(side.confidential.oauth2_get_dependent_tokens(given, scope=[TRANSFER_ALL])),
        tokens(
            side.confidential.oauth2_get_dependent_tokens(
                given, refresh_tokens=True, scope=TRANSFER_ALL, additional_params={"x": "y"}
            )
        ),
    ]


def any_grant(side: Side) -> t.Any:
    form = {"grant_type": "client_credentials", "scope": "email"}
    response = side.confidential.oauth2_token(
        form,
        body_params={"scope": "openid"},
        response_class=side.sdk.OAuthClientCredentialsResponse,
    )
    return tokens(response), type(response).__name__


# tokens


def revocation(side: Side) -> t.Any:
    given = side.login("openid").by_resource_server["auth.globus.org"]["access_token"]
    answer = side.native.oauth2_revoke_token(given)
    return answer.data, side.native.oauth2_revoke_token(given, body_params={"x": "y"}).data


def revocation_by_a_confidential_client(side: Side) -> t.Any:
    given = side.portal_login("openid").by_resource_server["auth.globus.org"]["access_token"]
    before = side.confidential.oauth2_token_introspect(given)["active"]
    answer = side.confidential.oauth2_revoke_token(given)
    return before, answer.data, side.confidential.oauth2_token_introspect(given).data


def introspection(side: Side) -> t.Any:
    given = side.portal_login("openid").by_resource_server["auth.globus.org"]["access_token"]
    answer = side.confidential.oauth2_token_introspect(
        given, include="session_info,identity_set", query_params={"x": "y"}
    )
    return sorted(answer.data), answer["username"], answer.get("none", "default")


def tokens_by_scopes(side: Side) -> t.Any:
    by_scopes = side.login(["openid", "email", TRANSFER_ALL]).by_scopes
    return [
        sorted(by_scopes),
        by_scopes["email openid"]["resource_server"],
        by_scopes[TRANSFER_ALL]["resource_server"],
        "openid" in by_scopes,
        "profile" in by_scopes,
        [
            side.refused(lambda key=key: by_scopes[key])  # type: ignore[misc]
            for key in ("profile", "", f"openid {TRANSFER_ALL}", 1)
        ],
    ]


def id_tokens(side: Side) -> t.Any:
    response = side.login(["openid", "email", "profile"])
    claims = response.decode_id_token()
    again = side.sdk.IDTokenDecoder(side.native).decode(response["id_token"])
    return plain(claims), again == claims, list(side.adapter.sent[-1].query)


def id_tokens_with_known_keys(side: Side) -> t.Any:
    response = side.login(["openid"])
    configuration = side.native.get_openid_configuration()
    key = side.native.get_jwk(configuration, as_pem=True)
    decoder = side.sdk.IDTokenDecoder(side.native, jwt_leeway=5.0)
    decoder.store_openid_configuration(configuration)
    decoder.store_jwk(key)
    return [
        plain(decoder.decode(response["id_token"])),
        plain(response.decode_id_token(configuration, key, jwt_params={"leeway": 5.0})),
        side.refused(lambda: response.decode_id_token(jwk=key)),
    ]


def openid_documents(side: Side) -> t.Any:
    configuration = side.native.get_openid_configuration()
    keys = side.native.get_jwk(configuration)
    number = side.native.get_jwk(as_pem=True).public_numbers().e
    return configuration.data, [sorted(key) for key in keys["keys"]], number


# identities


def userinfo(side: Side) -> t.Any:
    answer = side.auth.userinfo()
    return plain(answer.data), answer.http_status, answer.content_type, bool(answer)


def userinfo_without_a_token(side: Side) -> t.Any:
    client = side.client("AuthClient", authorizer=side.sdk.NullAuthorizer())
    error = side.api_error(client.userinfo)
    return [error.http_status, error.code, error.message, error.messages, error.args[:5]]


def identities_by_username(side: Side) -> t.Any:
    names = ["ada@example.org", "bo@example.org", "nobody@example.org"]
    answer = side.auth.get_identities(usernames=names)
    return [plain(each) for each in answer], answer["identities"] == list(answer)


def identities_by_id(side: Side) -> t.Any:
    import uuid

    return [
        list(side.auth.get_identities(ids=uuid.UUID(side.me))),
        list(side.auth.get_identities(ids=f"{side.me},{side.me}")),
        list(side.auth.get_identities(query_params={"ids": side.me})),
    ]


def provisioned_identities(side: Side) -> t.Any:
    answer = side.auth.get_identities(usernames="new@example.org", provision=True)
    return [each["username"] for each in answer]


def identity_providers(side: Side) -> t.Any:
    found = list(side.auth.get_identity_providers(domains=["example.org"]))
    return [
        found,
        list(side.auth.get_identity_providers(ids=found[0]["id"])),
        side.refused(lambda: side.auth.get_identity_providers(domains="x", ids="y")),
    ]


def identity_map(side: Side) -> t.Any:
    names = ["ada@example.org", "bo@example.org", side.me]
    found = side.sdk.IdentityMap(side.auth, names, id_batch_size=2)
    return [
        found["ada@example.org"]["id"],
        found["bo@example.org"]["name"],
        found.get("nobody@example.org", "default"),
        side.refused(lambda: found["nobody@example.org"]),
        found.add("chidi@example.org"),
        found.add("chidi@example.org"),
        found["chidi@example.org"]["username"],
        found[side.me]["username"],
    ]


def keys_of_identities(side: Side) -> t.Any:
    place = side.sdk if side.name != "globus_sdk" else side.namespace("services.auth.identity_map")
    keys = ["ada@example.org", side.me, side.me.upper(), "ada", side.me.replace("-", "")]
    ids, usernames = place.split_ids_and_usernames(keys)
    return [place.is_username(key) for key in keys], sorted(ids), sorted(usernames)


# consents


def consents(side: Side) -> t.Any:
    portal = side.sandbox.seeds.scopes[0].scope_string
    side.portal_login(portal)
    answer = side.auth.get_consents(side.me)
    every = side.auth.get_consents(side.me)
    forest = answer.to_forest()
    return [
        sorted(each["scope_name"] for each in answer),
        len(forest.nodes) == len(list(every)),
        sorted((tree.root.scope_name, tree.max_depth) for tree in forest.trees),
        [forest.meets_scope_requirements(need) for need in ("openid", "openid email", portal)],
    ]


def consent_forests(side: Side) -> t.Any:
    consents = side.namespace("scopes.consents")
    documents = [consent(1, [1], "a"), consent(2, [1, 2], "b"), consent(3, [1, 2, 3], "c")]
    forest = consents.ConsentForest([*documents, consent(4, [4], "d")])
    needs = ["a", "a[b]", "a[b[c]]", "a[c]", "d[b]", "d a[*b]", "a[b] a[b[c]]", []]
    return [
        [forest.meets_scope_requirements(need) for need in needs],
        {key: sorted(value) for key, value in forest.edges.items()},
        forest.get_node(3).scope_name,
        forest.trees[0].get_node(2).scope_name,
        [tree.max_depth for tree in forest.trees],
        consents.Consent.load(documents[0]).created.isoformat(),
        side.refused(lambda: consents.ConsentForest([{}])),
        side.refused(lambda: consents.ConsentForest(documents[1:])),
    ]


# scopes

GOOD_SCOPES = (
    "",
    "   ",
    "a",
    "*a",
    "a b",
    "a  b ",
    "a a",
    "a *a",
    "a[b]",
    "a[ b ]",
    "a[b *c[d]]",
    "a[b] a[c]",
    "a[b *b]",
    "*a[b] a[c]",
    "a[b[c]] b[d]",
    f"{TRANSFER_ALL}[*https://auth.globus.org/scopes/x/data_access]",
)
BAD_SCOPES = ("a*", "* a", "*[a]", "**a", "[a]", "a [b]", "a[]", "a[[b]]", "a[", "a]", "a[b]c")


def scope_parsing(side: Side) -> t.Any:
    parse = side.namespace("scopes").ScopeParser.parse
    return [[sorted(map(_sorted_scope, parse(text))) for text in GOOD_SCOPES]]


def _sorted_scope(scope: t.Any) -> str:
    inner = sorted(map(_sorted_scope, scope.dependencies))
    star = "*" if scope.optional else ""
    return f"{star}{scope.scope_string}[{' '.join(inner)}]"


def scope_errors(side: Side) -> t.Any:
    parser, scope = side.namespace("scopes").ScopeParser, side.sdk.Scope
    cycles = ("a[*a]", "a[b] b[a]", "a[b[c[a]]]")
    return [
        [side.refused(lambda text=text: parser.parse(text)) for text in (*BAD_SCOPES, *cycles)],  # type: ignore[misc]
        [side.refused(lambda text=text: scope.parse(text)) for text in ("a b", "", "a[")],  # type: ignore[misc]
        [side.refused(lambda text=text: scope(text)) for text in ("a b", "a[b]", "*a")],  # type: ignore[misc]
    ]


def scope_objects(side: Side) -> t.Any:
    scope = side.sdk.Scope
    made = scope("a").with_dependency(scope("b", optional=True)).with_optional(True)
    more = made.with_dependencies([scope("c"), scope("d", dependencies=(scope("e"),))])
    return [
        str(made),
        str(more),
        made == scope("a", optional=True, dependencies=(scope("b", optional=True),)),
        len({made, made.with_optional(True)}),
        str(scope.parse("a[b *c]").scope_string),
        side.refused(lambda: made.with_dependency("text")),
    ]


def scope_strings(side: Side) -> t.Any:
    scopes = side.namespace("scopes")
    parser, scope = scopes.ScopeParser, side.sdk.Scope
    merged = parser.merge_scopes([scope("a")], [scope("a").with_dependency(scope("b")), scope("c")])
    return [
        parser.serialize("a b"),
        parser.serialize(["a", scope("b", optional=True)]),
        parser.serialize(scope("a").with_dependency(scope("b"))),
        parser.serialize([], reject_empty=False),
        side.refused(lambda: parser.serialize([])),
        sorted(map(_sorted_scope, merged)),
    ]


def scope_collections(side: Side) -> t.Any:
    scopes = side.namespace("scopes")
    static = [
        getattr(scopes, f"{name}Scopes")
        for name in ("Auth", "Transfer", "Groups", "Nexus", "Search", "Flows", "Timers", "Compute")
    ]
    dynamic = [
        getattr(scopes, name)("7a11c9d2-40be-4f1a-9c35-2b8e6d70f413")
        for name in ("GCSEndpointScopes", "GCSCollectionScopes", "SpecificFlowScopes")
    ]
    return [
        [[each.resource_server, sorted(map(str, each))] for each in (*static, *dynamic)],
        [scopes.FlowsScopes.client_id, scopes.ComputeScopes.client_id],
        str(dynamic[1].data_access),
        str(dynamic[2].user),
    ]


# requirements

GARES: tuple[t.Any, ...] = (
    {"code": "ConsentRequired", "authorization_parameters": {"required_scopes": ["a[*b]"]}},
    {
        "code": "Other",
        "authorization_parameters": {
            "session_message": "m",
            "session_required_identities": ["x"],
            "session_required_policies": ["y"],
            "session_required_single_domain": ["z.example"],
            "session_required_mfa": True,
            "prompt": "login",
            "more": 1,
        },
        "further": 2,
    },
    {"authorization_parameters": {"session_required_policies": "y,z"}},
    {"code": "X", "authorization_parameters": {"session_required_single_domain": "a.b,c.d"}},
    {"code": "ConsentRequired", "message": "why", "required_scopes": ["a"], "resource": "/"},
    {"code": "ConsentRequired", "description": "why", "required_scope": "a"},
    {
        "error": "dependent_consent_required",
        "errors": [{"code": "DEPENDENT_CONSENT_REQUIRED", "unapproved_scopes": ["a", "b"]}],
    },
    {"code": "ConsentRequired"},
    {"code": "Other", "required_scopes": ["a"]},
    {"authorization_parameters": {"session_required_identities": "text"}},
    {"code": "x", "authorization_parameters": []},
    {},
)


def requirements(side: Side) -> t.Any:
    gare = side.namespace("gare")
    found = [gare.to_gare(document) for document in GARES]
    return [
        [None if each is None else each.to_dict() for each in found],
        [None if each is None else each.to_dict(include_extra=True) for each in found],
        [gare.is_gare(document) for document in GARES],
        len(gare.to_gares(list(GARES))),
        gare.has_gares(list(GARES[-2:])),
    ]


def requirements_by_hand(side: Side) -> t.Any:
    gare = side.namespace("gare")
    parameters = gare.GlobusAuthorizationParameters(
        session_message="m", required_scopes=["a"], prompt="login", extra={"x": 1}
    )
    made = gare.GARE("ConsentRequired", parameters, extra={"y": 2})
    again = gare.GARE.from_dict(made.to_dict(include_extra=True))
    return [
        made.to_dict(),
        again.to_dict(include_extra=True),
        again.extra,
        again.authorization_parameters.extra,
        side.refused(lambda: gare.GlobusAuthorizationParameters(required_scopes="a")),
        side.refused(lambda: gare.GARE("x", {"session_message": 1})),
        side.refused(lambda: gare.GARE.from_dict({"authorization_parameters": {}})),
    ]


def requirements_in_errors(side: Side) -> t.Any:
    gare = side.namespace("gare")
    found = []
    for document in GARES[:7]:
        side.sandbox.fail(path="/v2/oauth2/userinfo", status=403, body=document)
        error = side.api_error(side.auth.userinfo)
        made = gare.to_gare(error)
        found.append([made.to_dict(), gare.is_gare(error), len(gare.to_gares([error]))])
    return found


# errors

JSON_API = {"Content-Type": "application/vnd.api+json"}
ERRORS: tuple[tuple[t.Any, dict[str, str]], ...] = (
    (
        {
            "errors": [
                {"status": "403", "id": "6f02", "code": "FORBIDDEN", "title": "F", "detail": "Why"}
            ],
            "error": "forbidden",
            "authorization_parameters": {"session_message": "m", "session_required_policies": "a"},
        },
        {},
    ),
    ({"code": "UNAUTHORIZED", "message": "Call must be authenticated", "request_id": "Xy"}, {}),
    ({"errors": [{"code": "Bad", "title": "T"}, {"code": "Bad", "detail": "D"}]}, JSON_API),
    ({"errors": [{"code": "A", "message": "M"}, {"code": "B", "title": "T"}]}, {}),
    (
        {"code": "ConsentRequired", "message": "m", "required_scopes": ["a"], "request_id": "r"},
        {},
    ),
    ({"code": "ConsentRequired", "message": "m", "required_scope": "a"}, {}),
)


def errors(side: Side) -> t.Any:
    found = []
    for body, headers in ERRORS:
        side.sandbox.fail(path="/v2/oauth2/userinfo", status=403, body=body, headers=headers)
        error = side.api_error(side.auth.userinfo)
        info = error.info
        found.append(
            [
                [error.http_status, error.code, error.message, error.messages, error.raw_json],
                [[part.raw, part.code, part.message, part.get("x", 1)] for part in error.errors],
                [error.content_type, bool(info.consent_required), error.text == error.text],
                info.consent_required.required_scopes if info.consent_required else None,
                bool(info.authorization_parameters),
                info.authorization_parameters.session_message,
                info.authorization_parameters.session_required_policies,
                error.args[:5],
            ]
        )
    return found


def errors_that_are_no_documents(side: Side) -> t.Any:
    found = []
    for body, kind in (("<html>", "text/html"), ("[1, 2]", "application/json"), ("", "")):
        headers = {"Content-Type": kind}
        side.sandbox.fail(path="/v2/oauth2/userinfo", status=404, body=body, headers=headers)
        error = side.api_error(side.auth.userinfo)
        found.append([error.raw_json, error.code, error.errors, bool(error.info.consent_required)])
    return found


def responses(side: Side) -> t.Any:
    answer = side.auth.get("/v2/oauth2/userinfo", query_params={"x": True, "none": None})
    again = pickle.loads(pickle.dumps(answer))
    return [
        answer["sub"],
        answer.get("none"),
        "sub" in answer,
        again["sub"],
        answer.headers["content-type"],
        answer.binary_content.decode() == answer.text,
        side.refused(lambda: answer["none"]),
        type(copy.copy(answer)).__name__,
    ]


def requests_of_all_kinds(side: Side) -> t.Any:
    missing = side.sdk.MISSING
    body = {"a": None, "b": missing, "c": {"d": missing, "e": (1, missing)}, "f": side.sdk.MISSING}
    for _ in range(4):
        side.sandbox.fail(path="/x*", status=200, body={"ok": 1})
    return [
        side.auth.post("/x", data=body).data,
        side.auth.put("x/y", data=[1, missing], query_params={"q": "a b"}).data,
        side.auth.patch("/x", data={"a": "b c", "m": missing}, encoding="form").data,
        side.auth.delete("/x").data,
        side.refused(lambda: side.auth.post("/x", data="a", encoding="form")),
        side.refused(lambda: side.auth.post("/x", data="a", encoding="none")),
    ]


# around


def settings(side: Side) -> t.Any:
    config = side.namespace("config")
    services = ("auth", "transfer", "groups", "search", "flows", "timer", "nexus", "app")
    return [
        [
            config.get_service_url(name, environment=env)
            for env in ("production", "preview", "test")
            for name in services
            if (name, env) != ("nexus", "preview")
        ],
        config.get_webapp_url("preview"),
        [config.get_environment_name(), config.get_environment_name("preview")],
        [config.get_http_timeout(), config.get_http_timeout(-1), config.get_ssl_verify("no")],
        side.refused(lambda: config.get_service_url("auth", environment="nowhere")),
    ]


def authorizers(side: Side) -> t.Any:
    sdk = side.sdk
    headers = [
        each.get_authorization_header()
        for each in (
            sdk.AccessTokenAuthorizer("t"),
            sdk.BasicAuthorizer("ü", "p"),
            sdk.NullAuthorizer(),
        )
    ]
    renewing = sdk.ClientCredentialsAuthorizer(side.confidential, ["openid"])
    seen: list[t.Any] = []
    refresh_token = side.login("openid", refresh_tokens=True).by_resource_server["auth.globus.org"][
        "refresh_token"
    ]
    refreshing = sdk.RefreshTokenAuthorizer(refresh_token, side.native, on_refresh=seen.append)
    return [
        headers,
        renewing.get_authorization_header()[:7],
        refreshing.handle_missing_authorization(),
        refreshing.get_authorization_header()[:7],
        [type(each).__name__ for each in seen],
        side.refused(lambda: sdk.RefreshTokenAuthorizer("r", side.native, access_token="a")),
        side.refused(lambda: sdk.RefreshTokenAuthorizer("r", side.auth)),
    ]


def client_settings(side: Side) -> t.Any:
    sdk = side.sdk
    made = side.opened(sdk.AuthClient(environment="preview", app_name="Lab"))
    return [
        made.base_url,
        made.environment,
        made.app_name,
        made.resource_server,
        [str(scope) for scope in made.default_scope_requirements],
        side.native.client_id,
        side.refused(lambda: sdk.AuthClient(app_scopes=[sdk.Scope("a")])),
        side.refused(lambda: sdk.AuthClient(environment="nowhere")),
        side.refused(lambda: made.add_app_scope("openid")),
    ]


def missing(side: Side) -> t.Any:
    value = side.sdk.MISSING
    return [
        bool(value),
        copy.deepcopy(value) is value,
        pickle.loads(pickle.dumps(value)) is value,
    ]


# token storage


def _stored(side: Side, storage: t.Any) -> t.Any:
    response = side.login(["openid", TRANSFER_ALL], refresh_tokens=True)
    storage.store_token_response(response)
    found = storage.get_token_data_by_resource_server()
    one = storage.get_token_data("auth.globus.org")
    return [
        {server: token(data) for server, data in found.items()},
        one.identity_id == side.me,
        storage.get_token_data("nowhere"),
        storage.remove_token_data("auth.globus.org"),
        storage.remove_token_data("auth.globus.org"),
        sorted(storage.get_token_data_by_resource_server()),
    ]


def memory_storage(side: Side) -> t.Any:
    return _stored(side, side.namespace("token_storage").MemoryTokenStorage(namespace="n"))


def json_storage(side: Side) -> t.Any:
    path = side.folder / "deep" / "tokens.json"
    storage = side.namespace("token_storage").JSONTokenStorage(str(path), namespace="n")
    stored = _stored(side, storage)
    document = json.loads(path.read_text("utf-8"))
    return stored, document["format_version"], plain(document["data"]), storage.file_exists()


def sqlite_storage(side: Side) -> t.Any:
    path = side.folder / "deep" / "tokens.db"
    cls = side.namespace("token_storage").SQLiteTokenStorage
    storage, other = side.opened(cls(str(path))), side.opened(cls(str(path), namespace="n"))
    return _stored(side, storage), list(storage.iter_namespaces()), other.get_token_data("x")


def token_records(side: Side) -> t.Any:
    cls = side.namespace("token_storage").TokenStorageData
    document = {
        "resource_server": "rs",
        "scope": "a b",
        "access_token": "t",
        "expires_at_seconds": 5,
        "token_type": "Bearer",
        "identity_id": None,
        "refresh_token": None,
        "new": 1,
    }
    made = cls.from_dict(document)
    return [
        made.to_dict(),
        made.to_dict(include_extra=True),
        made.extra,
        side.refused(lambda: cls.from_dict({**document, "expires_at_seconds": 5.5})),
        side.refused(lambda: cls.from_dict({**document, "scope": None})),
    ]


def checked_storage(side: Side) -> t.Any:
    storages = side.namespace("token_storage")
    inner = storages.MemoryTokenStorage()
    record = {
        "resource_server": "rs",
        "scope": "a",
        "access_token": "t",
        "expires_at_seconds": 5,
        "identity_id": side.me,
    }
    data = storages.TokenStorageData.from_dict(record)
    inner.store_token_data_by_resource_server({"rs": data})
    needs = {"rs": [side.sdk.Scope("b")]}

    def checked(*validators: t.Any) -> t.Any:
        return storages.ValidatingTokenStorage(inner, validators=validators)

    other = storages.TokenStorageData.from_dict({**record, "identity_id": "other"})
    nobody = storages.TokenStorageData.from_dict({**record, "identity_id": None})
    same = storages.UnchangingIdentityIDValidator()
    return [
        checked().identity_id,
        side.refused(lambda: checked().get_token_data("none")),
        side.refused(lambda: checked(storages.NotExpiredValidator()).get_token_data("rs")),
        side.refused(lambda: checked(storages.HasRefreshTokensValidator()).get_token_data("rs")),
        side.refused(
            lambda: checked(storages.ScopeRequirementsValidator(needs, None)).get_token_data("rs")
        ),
        side.refused(lambda: checked(same).store_token_data_by_resource_server({"rs": other})),
        side.refused(lambda: checked(same).store_token_data_by_resource_server({"rs": nobody})),
    ]


# apps


def client_app(side: Side) -> t.Any:
    config = side.sdk.GlobusAppConfig(token_storage="memory")
    app = side.opened(side.sdk.ClientApp("lab", login_client=side.confidential, config=config))
    app.add_scope_requirements({"transfer.api.globus.org": TRANSFER_ALL})
    header = app.get_authorizer("transfer.api.globus.org").get_authorization_header()
    return [header[:7], [str(each) for each in app.scope_requirements["transfer.api.globus.org"]]]


def user_app(side: Side) -> t.Any:
    by_code, seen = side.typed_login()
    config = side.sdk.GlobusAppConfig(
        token_storage="memory", login_flow_manager=by_code, environment="production"
    )
    app = side.opened(side.sdk.UserApp("lab", login_client=side.native, config=config))
    app.add_scope_requirements({"transfer.api.globus.org": TRANSFER_ALL})
    app.login(auth_params=side.namespace("gare").GlobusAuthorizationParameters(session_message="m"))
    asked = query(seen[0])
    header = app.get_authorizer("transfer.api.globus.org").get_authorization_header()
    return header[:7], asked["session_message"], sorted(asked["scope"].split())


CASES = [
    case
    for name, case in list(globals().items())
    if callable(case) and getattr(case, "__module__", "") == __name__ and name[0] != "_"
]
