"""
Files of endpoints on this machine.
"""

from __future__ import annotations

import os

from globus_core.exc import GlobusSDKUsageError

from .errors import LocalEndpointError


def checked_path(value: object, name: str) -> str:
    """
    The text of a path that a program gave.

    :param value: the path
    :param name: the argument's name, for the error
    :raises GlobusSDKUsageError: if it is no path
    """
    if not isinstance(value, (str, os.PathLike)):
        raise GlobusSDKUsageError(f"{name!r} must be a path, not {type(value).__name__}")
    return os.fsdecode(value)


def read_text(path: str) -> str | None:
    """
    The text of a file; None if it does not exist.

    :param path: the file
    :raises LocalEndpointError: if it cannot be read, or is no text
    """
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LocalEndpointError(f"{path} cannot be read: {error.strerror}", path) from error
    except UnicodeDecodeError as error:
        raise LocalEndpointError(f"{path} is damaged: it is no text", path) from error


def damaged(path: str, why: str) -> LocalEndpointError:
    """
    The error for a file that does not hold what it should.

    :param path: the file
    :param why: what is wrong with it
    """
    return LocalEndpointError(f"{path} is damaged: {why}", path)
