"""
Names that a storage may make into a part of a path: of apps, clients, environments, namespaces.
"""

from __future__ import annotations

#: the longest name, in bytes: file systems allow 255, of which some are for endings
LONGEST_NAME = 200


def check_name(what: str, name: object) -> None:
    """
    Refuse a name that could lead out of a folder if it became a part of a path.

    :param what: what is named, for the error
    :param name: the name
    :raises GlobusSDKUsageError: if it has a separator of paths, a null character or a lone
        surrogate, is ``.`` or ``..``, or has more than 200 bytes in UTF-8
    """
    problem = _why_not_a_name(name)
    if problem is None:
        return
    from globus_core.exc.base import GlobusSDKUsageError
    from globus_core.printable import quoted

    raise GlobusSDKUsageError(f"the {what} {quoted(name)} {problem}; choose another one")


def _why_not_a_name(name: object) -> str | None:
    if not isinstance(name, str):
        return "is not a string"
    if "/" in name or "\\" in name or "\0" in name:
        return "contains a slash, a backslash or a null character"
    if name in (".", ".."):
        return "means a folder"
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        return "has a lone surrogate, a character that cannot be stored"
    if size > LONGEST_NAME:
        return f"has {size} bytes, more than {LONGEST_NAME}"
    return None


def check_namespace(namespace: object, *, slashes: bool = False) -> None:
    """
    Refuse a namespace that is not a name; a server that ``token_namespace`` has added may follow.

    :param namespace: such as ``DEFAULT`` or ``DEFAULT@http://127.0.0.1:8999``
    :param slashes: whether it may be several names with slashes between them
    :raises GlobusSDKUsageError: see :func:`check_name`
    """
    name = namespace
    if isinstance(namespace, str) and "@" in namespace:
        before, _, server = namespace.rpartition("@")
        scheme, colon, host = server.partition("://")
        if scheme.isalnum() and colon and host and _why_not_a_name(host) is None:
            name = before
    if slashes and isinstance(name, str):
        parts = name.split("/")
        if all(part and _why_not_a_name(part) is None for part in parts):
            name = ":".join(parts)  # as long as before
    check_name("namespace", name)
