"""
The places where credentials are looked for: which was used, and why the others were not.
"""

from __future__ import annotations

import os

from globus_core.globus_app import CredentialsError, find_credentials

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.cli import DoctorReport
    from globus_core.globus_app import CredentialSearch

#: reasons that many places have, which share a line
_COMMON = ("not set", "no such file", "an earlier source was used")


def check_credentials(report: DoctorReport) -> None:
    """
    Which source of credentials is used, and why the others are not.

    :param report: where findings go
    """
    report.doing("reading credentials")
    try:
        search = credentials(report)
    except CredentialsError as error:
        _report_links(error.links, report)
        raise
    report.hide(search.client_secret)
    _report_links(search.links, report)
    if search.used is None:
        report.ok("there are no credentials for a job, so tokens come from a login")


def credentials(report: DoctorReport) -> CredentialSearch:
    """
    Search for credentials as commands do, with the client id that was given.

    :param report: knows the client id
    :raises CredentialsError: if a place cannot be used
    """
    named = {"GLOBUS_CLIENT_ID": report.client_id} if report.client_id else {}
    return find_credentials(environ={**os.environ, **named})


def _report_links(links: t.Iterable[t.Any], report: DoctorReport) -> None:
    for link in links:
        if link.state == "used":
            report.ok(f"{link.kind} from {link.name}: this is what is used")
        elif link.state == "skipped" and link.reason not in _COMMON:
            report.note(f"{link.kind} from {link.name}: not used, {link.reason}")
    for reason in _COMMON:
        names = [link.name for link in links if link.reason == reason]
        if names:
            report.note(f"not used, {reason}: {', '.join(names)}")
