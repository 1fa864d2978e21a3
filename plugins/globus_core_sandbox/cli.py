"""The command ``globus-core sandbox``."""

from __future__ import annotations

import errno
import os
import sys
import threading
import typing as t

import click

from globus_core.cli import with_output

if t.TYPE_CHECKING:
    from globus_core.cli import Output

    from .sandbox import Sandbox

#: always the same, so that the variables of yesterday's terminal are still right
DEFAULT_PORT = 8999


def _folders(_: click.Context, __: click.Parameter, given: t.Sequence[str]) -> dict[str, str]:
    folders = {}
    for item in given:
        name, equals, folder = item.partition("=")
        if not name or not equals or not os.path.isdir(folder):
            raise click.BadParameter(f"{item!r} is not NAME=FOLDER with a folder that exists")
        folders[name] = os.path.abspath(folder)
    return folders


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="The loopback address to listen on."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    help="The port to listen on; 0 takes any free one.",
)
@click.option(
    "--no-auto-approve", is_flag=True, help="Show a sign-in page instead of approving logins."
)
@click.option(
    "--rotate-refresh-tokens", is_flag=True, help="Issue a new refresh token at each refresh."
)
@click.option(
    "--access-token-lifetime",
    type=click.IntRange(min=1),
    default=172800,
    show_default=True,
    metavar="SECONDS",
    help="The lifetime of access tokens.",
)
@click.option(
    "--state",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Keep keys, tokens, consents, clients and clock in this file.",
)
@click.option(
    "--collection",
    "collections",
    multiple=True,
    callback=_folders,
    metavar="NAME=FOLDER",
    help="A further collection of Transfer, for an existing folder; can be repeated.",
)
@with_output("Print the addresses, clients, people and collections as JSON.")
def sandbox(
    host: str,
    port: int,
    no_auto_approve: bool,
    rotate_refresh_tokens: bool,
    access_token_lifetime: int,
    state: str | None,
    collections: dict[str, str],
    output: Output,
) -> None:
    """
    Run Globus services on this machine for development, until Ctrl-C.

    It has made-up people, asks for no passwords, keeps everything in memory (unless --state names a
    file), and listens only on loopback. Never use it for anything but development.
    """
    from globus_core.exc import GlobusError

    try:
        from . import Sandbox, SandboxError

        running = Sandbox(
            host,
            port,
            auto_approve=not no_auto_approve,
            rotate_refresh_tokens=rotate_refresh_tokens,
            access_token_lifetime=access_token_lifetime,
            state_file=state,
            authority_file=_authority_file(port),
            options={"transfer": {"collections": collections}} if collections else None,
        ).start()
    except (GlobusError, ImportError) as error:
        raise click.ClickException(f"{error}{_advice(error)}") from error
    try:
        output.show(_described(running), lambda _: _greeting(running, state))
        sys.stdout.flush()  # a program that started it waits for this
        _wait(running)
    except KeyboardInterrupt:
        if not output.as_json:
            click.echo("\nstopped")
    except SandboxError as error:
        raise click.ClickException(str(error)) from error
    finally:
        running.stop()


def _authority_file(port: int) -> str | None:
    """Where the certificate to trust is, always the same for a port; None for a temporary file."""
    from globus_core.config.env_vars import expand_home

    if not port:
        return None
    place = expand_home(f"~/.globus/cache/sandbox-{port}.pem")
    try:
        os.makedirs(os.path.dirname(place), exist_ok=True)
    except OSError:  # a home folder that is read-only, or not there
        return None
    return place


def _advice(error: Exception) -> str:
    if getattr(error.__cause__, "errno", None) != errno.EADDRINUSE:
        return ""
    return "; another sandbox may be running there, and --port 0 takes any free port"


def _wait(running: Sandbox) -> None:
    # In slices, because on Windows an unlimited wait cannot be interrupted.
    forever = threading.Event()
    while not forever.wait(1.0):
        running.save()


def _described(running: Sandbox) -> dict[str, t.Any]:
    """What the greeting says, for programs."""
    return {
        "url": running.url,
        "environment": dict(running.environment()),
        "native_client_id": running.native_client_id,
        "confidential_client_id": running.confidential_client_id,
        "confidential_client_secret": running.confidential_client_secret,
        "people": [
            {"username": person.username, "id": person.id, "name": person.name}
            for person in running.people
        ],
        "collections": [
            {"name": found["name"], "id": found["id"], "folder": str(found["root"])}
            for found in _found_collections(running)
        ],
        "control_url": f"{running.url}_sandbox/",
        "control_verbs": dict(_control_verbs(running)),
        "addresses": _found_addresses(running),
    }


def _greeting(running: Sandbox, state: str | None) -> str:
    url = running.url
    kept = "no data is kept" if state is None else f"its state is kept in {state}"
    lines = [
        f"Globus Auth sandbox at {url}",
        f"For development only: made-up people, no passwords, {kept}. Ctrl-C stops it.",
        "",
        *(f"export {name}={address}" for name, address in running.environment().items()),
        f"export GLOBUS_CLIENT_ID={running.native_client_id}",
        "",
        f"native client        {running.native_client_id}",
        f"confidential client  {running.confidential_client_id}",
        f"  its secret         {running.confidential_client_secret}",
        "",
        "people",
        *(f"  {p.username:<28} {p.id}  {p.name}" for p in running.people),
        "  user00001@example.org and on: synthetic people",
        *_collections(running),
        "",
        f"control API          {url}_sandbox/  (state, clock, keys/rotate, faults, denials,",
        "                     settings, journal, journal/count, reset)",
        *(f"  {name}: {', '.join(verbs)}" for name, verbs in _control_verbs(running)),
        *_addresses(running),
    ]
    return "\n".join(lines)


def _found_collections(running: Sandbox) -> t.Sequence[dict[str, t.Any]]:
    found: t.Sequence[dict[str, t.Any]]
    found = running.state()["services"].get("transfer", {}).get("collections", ())
    return found


def _collections(running: Sandbox) -> t.Iterator[str]:
    found = _found_collections(running)
    if found:
        yield ""
        yield "collections"
    for collection in found:
        yield f"  {collection['name']:<28} {collection['id']}  {collection['root']}"


def _found_addresses(running: Sandbox) -> dict[str, str]:
    found: dict[str, str] = {}
    for service in running.state()["services"].values():
        found |= service.get("addresses", {})
    return found


def _addresses(running: Sandbox) -> t.Iterator[str]:
    """What services have by TLS, on ports of their own."""
    found = _found_addresses(running)
    if found:
        yield ""
        yield "by TLS (trusted through GLOBUS_SDK_VERIFY_SSL)"
    for name, address in found.items():
        yield f"  {name:<28} {address}"


def _control_verbs(running: Sandbox) -> t.Iterator[tuple[str, list[str]]]:
    """The services other than Globus Auth, each with the paths of its control verbs."""
    for name, service in running.services.items():
        verbs = [f"{name}/{verb}" for verb in service.verbs()]
        if name != "auth" and verbs:
            yield name, verbs
