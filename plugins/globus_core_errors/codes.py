"""
What codes mean, and what to do: exit codes of commands, HTTP statuses, and codes of the services.

A code is looked up whole, then by its family: ``ClientError.NotFound.Task`` as
``ClientError.NotFound``, and as ``ClientError``.
"""

from __future__ import annotations

from ._translators import oauth2, status

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Explanation: t.TypeAlias = dict[str, str | None]

_AUTH = "Globus Auth"
_TRANSFER = "Transfer"
_GROUPS = "Groups"
_SEARCH = "Search"
_FLOWS = "Flows"
_ANY = "several services"

_CONSENT = "consent to the scopes in the error: globus-core session consent SCOPES"
_SIGN_IN = "sign in as the error demands, with the options of globus-core session update"
_LATER = "try again later; see https://status.globus.org for known problems"
_LOGIN = "log in again: globus-core login --force"

#: exit codes of all commands; others are those of a signal
EXIT_CODES: dict[int, tuple[str, str | None]] = {
    0: ("the command has done what it was asked for", None),
    1: ("the command failed", "read the lines on standard error; --debug shows each request"),
    2: (
        "wrong usage: an option, an argument or a name that does not exist",
        "see the help: the command with --help",
    ),
    3: (
        "globus-core identities: some names have no identity that can be seen",
        "check the spelling of the names that are listed without one",
    ),
    4: (
        "a login is needed, and nobody could be asked to log in",
        "log in in a terminal, with the same options: globus-core login; a job without a person "
        "needs credentials of a service account",
    ),
    126: (
        "globus-core run: the command exists, but cannot be started",
        "see that the file is executable, and that its first line names a program that exists",
    ),
    127: (
        "globus-core run: there is no command of this name",
        "check its spelling and PATH; a program in this folder is ./NAME",
    ),
    130: ("the command was interrupted with Ctrl-C", None),
}

_STATUSES: dict[int, str] = {
    400: "the service cannot read the request",
    401: "the service does not know who sends the request",
    403: "the service knows who sends the request, and refuses it",
    404: "the service does not know what the request is about, or hides it",
    405: "the path is known, but not with this method",
    408: "the service waited too long for the rest of the request",
    409: "the request does not fit to the present state",
    410: "what was asked for is gone for ever",
    413: "the request is too large",
    415: "the service does not take data of this type",
    422: "the request can be read, but a value in it is wrong",
    429: "too many requests in a short time",
    500: "the service has failed",
    502: "a server in between got no usable answer from the service",
    503: "the service is not available now",
    504: "a server in between got no answer from the service in time",
}

#: service, meaning and remedy of each code; a remedy of None is that of the family or the status
CODES: dict[str, tuple[str, str, str | None]] = {
    # OAuth 2, by Globus Auth and in challenges of all services
    "access_denied": (_AUTH, "the person, or a policy, has refused the login", None),
    "insufficient_scope": (_ANY, "the token does not have the scope that the call needs", None),
    "invalid_client": (_AUTH, "the client is unknown, or its secret is wrong", None),
    "invalid_grant": (_AUTH, "the code or the refresh token is no longer good", None),
    "invalid_request": (_AUTH, "the request lacks something, or has it twice", None),
    "invalid_scope": (_AUTH, "a scope is unknown, or not for this client", None),
    "invalid_token": (_ANY, "the token is not accepted", None),
    "server_error": (_AUTH, "Globus Auth has failed", None),
    "temporarily_unavailable": (_AUTH, "Globus Auth is not available now", None),
    "unauthorized_client": (_AUTH, "the client may not use this grant type", None),
    "unsupported_grant_type": (_AUTH, "the server does not know the grant type", None),
    "unsupported_response_type": (_AUTH, "the server does not know the response type", None),
    "login_required": (_AUTH, "prompt=none was asked for, and nobody is signed in", _LOGIN),
    "dependent_consent_required": (
        _AUTH,
        "a service may not yet act for the person at another service",
        _CONSENT,
    ),
    # sessions and consents
    "AuthorizationRequired": (_ANY, "the session does not meet what the service demands", _SIGN_IN),
    "AUTHENTICATION_POLICY_REQUIRED": (
        _ANY,
        "the session does not meet an authentication policy",
        _SIGN_IN,
    ),
    "AuthPolicyFailed": (_ANY, "the session does not meet an authentication policy", _SIGN_IN),
    "UnsatisfiedPolicy": (_ANY, "the session does not meet an authentication policy", _SIGN_IN),
    "ConsentRequired": (_ANY, "a consent is missing for what the call needs", _CONSENT),
    "CONSENT_REQUIRED": (_ANY, "a consent is missing for what the call needs", _CONSENT),
    # general
    "AuthenticationFailed": (_ANY, "the token is missing, expired or revoked", _LOGIN),
    "AUTHENTICATION_ERROR": (_ANY, "the token is missing, expired or revoked", _LOGIN),
    "UNAUTHORIZED": (_ANY, "the token is missing, expired or revoked", _LOGIN),
    "FORBIDDEN": (_ANY, "the identity may not do this", status.ADVICE[403]),
    "Forbidden": (_ANY, "the identity may not do this", status.ADVICE[403]),
    "PermissionDenied": (_ANY, "the identity may not do this", status.ADVICE[403]),
    "NOT_FOUND": (_ANY, "it does not exist, or is hidden", status.ADVICE[404]),
    "NotFound": (_ANY, "it does not exist, or is hidden", status.ADVICE[404]),
    "BadRequest": (_ANY, "the request is malformed", status.ADVICE[400]),
    "BadRequest.ValidationError": (_SEARCH, "a value of the request is wrong", status.ADVICE[422]),
    "UNPROCESSABLE_ENTITY": (_ANY, "a value of the request is wrong", status.ADVICE[422]),
    "VALIDATION_ERROR": (_ANY, "a value of the request is wrong", status.ADVICE[422]),
    "INVALID_PARAMETERS": (_ANY, "a value of the request is wrong", status.ADVICE[422]),
    "Conflict": (_ANY, "the request does not fit to the present state", status.ADVICE[409]),
    "INTERNAL_ERROR": (_ANY, "the service has failed", _LATER),
    "NOT_IMPLEMENTED": (_ANY, "the service does not offer this yet", None),
    # Transfer: requests
    "ClientError": (_TRANSFER, "the request is wrong", status.ADVICE[400]),
    "ClientError.AuthenticationFailed": (_TRANSFER, "the token is not accepted", _LOGIN),
    "ClientError.NotFound": (_TRANSFER, "it does not exist, or is hidden", status.ADVICE[404]),
    "ClientError.BadRequest.NoTransferItems": (
        _TRANSFER,
        "the task has no items",
        "add at least one item before the task is submitted",
    ),
    "ServerError": (_TRANSFER, "Transfer has failed", _LATER),
    "ServiceUnavailable": (_TRANSFER, "Transfer is not available now", _LATER),
    "EndpointNotFound": (
        _TRANSFER,
        "there is no such collection, or you may not see it",
        "check the id: globus-core collection list WORDS",
    ),
    "EndpointError": (
        _TRANSFER,
        "the collection's own server has failed",
        "try again later, or tell the people who run it: globus-core collection show ID",
    ),
    "EndpointPermissionDenied": (
        _TRANSFER,
        "the collection refuses this path, or its server refuses you",
        "check the path and its permissions, or ask the people who run the collection",
    ),
    "ExternalError": (
        _TRANSFER,
        "the collection's storage has refused the operation, or cannot be reached",
        "check the path, its permissions, and whether the computer with the storage is on",
    ),
    "ExternalError.DirListingFailed.GCDisconnected": (
        _TRANSFER,
        "the computer of this personal collection is not connected",
        "start Globus Connect Personal there",
    ),
    "ExternalError.DirListingFailed.GCPaused": (
        _TRANSFER,
        "transfers are paused at the computer of this personal collection",
        "go on with them in Globus Connect Personal there",
    ),
    "ExternalError.DirListingFailed.NotFound": (
        _TRANSFER,
        "the directory does not exist",
        "check the path: globus-core ls COLLECTION_ID",
    ),
    "ExternalError.DirListingFailed.PermissionDenied": (
        _TRANSFER,
        "you may not read the directory",
        "check the path and its permissions",
    ),
    "ExternalError.MkdirFailed.Exists": (
        _TRANSFER,
        "the directory exists already",
        "choose another name, or go on with the one that is there",
    ),
    "AccessRuleNotFound": (_TRANSFER, "there is no such permission", status.ADVICE[404]),
    "BookmarkNotFound": (_TRANSFER, "there is no such bookmark", status.ADVICE[404]),
    "BookmarkConflict": (_TRANSFER, "a bookmark of this name exists", "choose another name"),
    "Duplicate": (
        _TRANSFER,
        "the task was submitted before, and runs once",
        "nothing: the id in the answer is that of the task",
    ),
    # Transfer: what goes wrong with a task
    "PERMISSION_DENIED": (
        _TRANSFER,
        "a file may not be read or written",
        "check the permissions at both ends: globus-core task show TASK_ID",
    ),
    "FILE_NOT_FOUND": (
        _TRANSFER,
        "a file of the task does not exist",
        "check the paths: globus-core task show TASK_ID",
    ),
    "NOT_A_DIRECTORY": (_TRANSFER, "a part of the path is no directory", "check the paths"),
    "QUOTA_EXCEEDED": (
        _TRANSFER,
        "the storage is full, or its quota for you is used up",
        "make room there; the task goes on by itself until its deadline",
    ),
    "ENDPOINT_ERROR": (
        _TRANSFER,
        "the server of a collection has failed",
        "the task tries again by itself; if it lasts, tell the people who run the collection",
    ),
    "CONNECT_FAILED": (
        _TRANSFER,
        "the server of a collection cannot be reached",
        "the task tries again by itself; see whether the server is on",
    ),
    "NO_CREDENTIALS": (
        _TRANSFER,
        "the task has no credential for a collection any more",
        "log in again, and give the task its consents: globus-core session consent SCOPES",
    ),
    "TIMEOUT": (
        _TRANSFER,
        "the server of a collection did not answer in time",
        "the task tries again by itself; if it lasts, tell the people who run the collection",
    ),
    "EXPIRED": (
        _TRANSFER,
        "the task did not end before its deadline",
        "see what held it up, and submit it again: globus-core task show TASK_ID",
    ),
    # Groups
    "ALREADY_ACTIVE": (_GROUPS, "the identity is a member already", "nothing"),
    "NO_MEMBERSHIP": (_GROUPS, "the identity is no member", "nothing, if it was to be removed"),
    "ADD_NOT_ALLOWED": (
        _GROUPS,
        "this identity may not be added without being asked",
        "invite it: globus-core groups member invite GROUP_ID NAME",
    ),
    "JOIN_NOT_ALLOWED": (
        _GROUPS,
        "the group does not let people join by themselves",
        "ask to become a member, or ask a manager to add you",
    ),
    "REQUEST_NOT_ALLOWED": (
        _GROUPS,
        "the group takes no requests for membership",
        "ask a manager to add you",
    ),
    "IDENTITY_NOT_FOUND": (
        _GROUPS,
        "there is no such identity",
        "check the name: globus-core identities NAME",
    ),
    # Search
    "NotFound.NoSuchIndex": (
        _SEARCH,
        "there is no such index, or you may not see it",
        "check the id: globus-core search index list",
    ),
    "Conflict.LimitExceeded": (
        _SEARCH,
        "you have as many indices as you may",
        "delete one first, or ask for more",
    ),
    "Conflict.IncompatibleIndexStatus": (
        _SEARCH,
        "the index is being deleted, or is not ready",
        "see its status, and wait or reopen it",
    ),
    # Flows
    "FLOW_INPUT_ERROR": (
        _FLOWS,
        "the input does not match the flow's input schema",
        "compare it with the schema: globus-core flows show FLOW_ID",
    ),
    "STATE_CONFLICT": (
        _FLOWS,
        "the run or flow is not in a state that allows this",
        "see its state: globus-core flows run show RUN_ID",
    ),
    "ActionUnableToRun": (
        _FLOWS,
        "a step of the flow could not be started",
        "see why in the log: globus-core flows run log RUN_ID",
    ),
    # Compute and others that name scopes
    "UNKNOWN_SCOPE_ERROR": (
        _AUTH,
        "a scope is unknown to Globus Auth",
        oauth2.ADVICE["invalid_scope"],
    ),
}


def explain(code: str) -> Explanation | None:
    """
    What a code means, as a document; None if it is not known.

    :param code: an exit code, an HTTP status, or the code of an error, in any case
    """
    number = int(code) if code.isascii() and code.isdigit() and len(code) < 6 else None
    if number is not None:
        return _of_number(number)
    found = _known(code)
    if found is None:
        return _of_exception(code)
    service, meaning, remedy = CODES[found]
    remedy = remedy or oauth2.ADVICE.get(found)
    return _document(code, f"error of {service}", meaning, remedy)


def _known(code: str) -> str | None:
    """The entry of a code or of the nearest family that it belongs to."""
    folded = {known.lower(): known for known in CODES}
    parts = code.split(".")
    for length in range(len(parts), 0, -1):
        family = ".".join(parts[:length])
        found = family if family in CODES else folded.get(family.lower())
        if found is not None:
            return found
    return None


def _of_number(number: int) -> Explanation | None:
    if number in EXIT_CODES:
        meaning, remedy = EXIT_CODES[number]
        return _document(str(number), "exit code", meaning, remedy)
    if number in _STATUSES:
        advice = status.ADVICE.get(number, _LATER)
        if number == 429:
            advice = "send fewer requests, and wait as long as the Retry-After header says"
        return _document(str(number), "HTTP status", _STATUSES[number], advice)
    if 128 < number < 128 + 65:
        meaning = f"the command was ended by signal {number - 128}{_signal(number - 128)}"
        return _document(str(number), "exit code", meaning, None)
    return None


def _signal(number: int) -> str:
    import signal

    try:
        return f" ({signal.Signals(number).name})"
    except ValueError:
        return ""


def _of_exception(name: str) -> Explanation | None:
    """An exception of the SDK, whose docstring says what it means."""
    from globus_core import exc

    found = getattr(exc, name, None) if name.isidentifier() else None
    if not (isinstance(found, type) and issubclass(found, Exception)):
        return None
    said = " ".join((found.__doc__ or "").partition("\n\n")[0].partition(":param")[0].split())
    remedy = "its explain() says what happened, why, and what to do"
    return _document(name, "exception of this SDK", said[:1].lower() + said[1:-1], remedy)


def _document(code: str, kind: str, meaning: str, remedy: str | None) -> Explanation:
    return {"code": code, "kind": kind, "meaning": meaning, "remedy": remedy}
