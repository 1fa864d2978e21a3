"""
``globus-core groups``: groups of people, and who is in them.
"""

from __future__ import annotations

import dataclasses
import functools

import click

from globus_core.cli import with_app, with_output
from globus_core.printable import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.cli import Output
    from globus_core.globus_app import GlobusApp

    from .client import GroupsClient
    from .errors import MembershipFailure
    from .member_changes import MemberChange, MembersSync
    from .membership_actions import BatchMembershipActions

    R = t.TypeVar("R")
    Role: t.TypeAlias = t.Literal["member", "manager", "admin"]
    Document: t.TypeAlias = dict[str, t.Any]

_GROUP = {"Group ID": "id", "Name": "name", "Description": "description", "Type": "group_type"}
_POLICIES = {
    "Visibility": "group_visibility",
    "Members Visibility": "group_members_visibility",
    "Join Requests Allowed": "join_requests",
}
_DONE = {
    "add": "added {} as {}",
    "change_role": "made {} a {}",
    "invite": "invited {} as {}",
    "remove": "removed {}",
}

group_id = click.argument("group_id", metavar="GROUP_ID", type=click.UUID)
identities = click.argument("names", metavar="IDENTITY...", nargs=-1, required=True)
role_option = click.option(
    "--role",
    type=click.Choice(["member", "manager", "admin"]),
    default="member",
    show_default=True,
    help="What they may do in the group.",
)


def _with_client(
    help: str = "Print JSON, as the Groups API gives it.",
) -> t.Callable[[t.Callable[..., R]], t.Callable[..., R]]:
    """Add the options for an app and ``--json``, and pass ``client``, ``app`` and ``output``."""

    def decorate(command: t.Callable[..., R]) -> t.Callable[..., R]:
        @with_output(help)
        @with_app()
        @functools.wraps(command)
        def run(*args: t.Any, app: GlobusApp, **kwargs: t.Any) -> R:
            from globus_core.scopes import GroupsScopes

            from .client import GroupsClient

            # one scope for all commands, so that one login is enough
            with GroupsClient(app=app, app_scopes=[GroupsScopes.all]) as client:
                return command(*args, client=client, app=app, **kwargs)

        return run

    return decorate


@click.group()
def groups() -> None:
    """Show, create and delete groups, and change their members."""


@groups.command("list")
@_with_client()
def list_groups(client: GroupsClient, app: GlobusApp, output: Output) -> None:
    """List the groups that you are in."""
    found: list[t.Any] = client.get_my_groups().data
    if output.as_json:
        output.show(found, str)
        return
    rows = [(each["id"], each["name"], _roles(each)) for each in found]
    output.table(("id", "name", "your roles"), rows, empty="you are in no group")


@groups.command("show")
@group_id
@_with_client()
def show_group(client: GroupsClient, app: GlobusApp, output: Output, group_id: str) -> None:
    """Show a group."""
    found: t.Any = client.get_group(group_id, include=["policies", "my_memberships"]).data
    output.show(found, _text)


@groups.command("create")
@click.argument("name")
@click.option("--description", help="What it is for.")
@click.option("--parent-id", type=click.UUID, help="Make it a subgroup of this group.")
@_with_client()
def create_group(
    client: GroupsClient,
    app: GlobusApp,
    output: Output,
    name: str,
    description: str | None,
    parent_id: str | None,
) -> None:
    """Create a group; you become its administrator."""
    data = {"name": name, "description": description, "parent_id": parent_id}
    output.show(client.create_group(data).data, lambda made: f"created group {made['id']}")


@groups.command("delete")
@group_id
@_with_client()
def delete_group(client: GroupsClient, app: GlobusApp, output: Output, group_id: str) -> None:
    """Delete a group."""
    output.show(client.delete_group(group_id).data, lambda _: f"deleted group {group_id}")


# members


@groups.group()
def member() -> None:
    """List, add, invite and remove members of a group."""


@member.command("list")
@group_id
@_with_client()
def list_members(client: GroupsClient, app: GlobusApp, output: Output, group_id: str) -> None:
    """List the memberships of a group, including inactive ones."""
    found = client.get_group(group_id, include="memberships")["memberships"]
    if output.as_json:
        output.show(found, str)
        return
    columns = ("username", "role", "status")
    rows = [[each.get(name) for name in columns] for each in found]
    output.table(columns, rows, empty="the group has no members")


@member.command("add")
@group_id
@identities
@role_option
@_with_client()
def add_members(role: Role, **given: t.Any) -> None:
    """Add people by username or identity id, without asking them."""
    _act("add", lambda actions, ids: actions.add_members(ids, role=role), role=role, **given)


@member.command("invite")
@group_id
@identities
@role_option
@_with_client()
def invite_members(role: Role, **given: t.Any) -> None:
    """Invite people by username or identity id."""
    _act("invite", lambda actions, ids: actions.invite_members(ids, role=role), role=role, **given)


@member.command("remove")
@group_id
@identities
@_with_client()
def remove_members(**given: t.Any) -> None:
    """Remove people by username or identity id."""
    _act("remove", lambda actions, ids: actions.remove_members(ids), **given)


@groups.command("sync")
@group_id
@click.argument("file", metavar="FILE", type=click.File("rb"))
@click.option(
    "--role",
    type=click.Choice(["member", "manager", "admin"]),
    help="The role of all in FILE; by default, new ones are members and others keep theirs.",
)
@click.option("--no-remove", is_flag=True, help="Do not remove members that are not in FILE.")
@click.option("--dry-run", is_flag=True, help="Only show what would be done.")
@_with_client("Print the changes and failures as JSON.")
def sync_members(
    client: GroupsClient,
    app: GlobusApp,
    output: Output,
    group_id: str,
    file: t.BinaryIO,
    role: Role | None,
    no_remove: bool,
    dry_run: bool,
) -> None:
    """Make the members of a group match a FILE.

    FILE has a username or an identity id in each line; '-' is standard input. Members who are not
    in it are removed, except for you.
    """
    names = _names(file)
    result = client.sync_members(group_id, names, role=role, remove=not no_remove, dry_run=dry_run)
    output.show(_sync_document(result), lambda _: _sync_text(result, dry_run))
    _tell_failures(result.failed)


def _act(
    action: str,
    fill: t.Callable[[BatchMembershipActions, list[str]], BatchMembershipActions],
    *,
    client: GroupsClient,
    app: GlobusApp,
    output: Output,
    group_id: str,
    names: tuple[str, ...],
    role: str | None = None,
) -> None:
    """Look people up, do something with all of them, and tell what was done and what failed."""
    from .member_changes import MemberChange, MembersSync, record_answer
    from .membership_actions import BatchMembershipActions

    people = _people(app, action, names)
    answer = client.batch_membership_action(group_id, fill(BatchMembershipActions(), [*people]))
    changes = [MemberChange(action, each, name, role) for each, name in people.items()]
    result = MembersSync()
    record_answer(changes, answer.data, result)
    if output.as_json or result.done:
        output.show(answer.data, lambda _: "\n".join(map(_change_text, result.done)))
    _tell_failures(result.failed)


def _people(app: GlobusApp, action: str, names: tuple[str, ...]) -> dict[str, str]:
    """The usernames by identity id; ends the command if one of the names has no identity."""
    from globus_core import AuthClient, IdentityMap

    from .errors import MembershipFailure

    found = IdentityMap(AuthClient(app=app)).resolve_many(names)
    for why in found.unresolved.values():
        if why.error is not None:  # such as that a login is needed
            raise why.error
    _tell_failures(
        [
            MembershipFailure(
                action,
                None,
                key,
                why.reason.upper(),
                why.detail or "there is no such identity; nothing was done",
            )
            for key, why in found.unresolved.items()
        ]
    )
    return {str(each.id): each.username for each in found.found.values()}


def _names(file: t.BinaryIO) -> list[str]:
    name = getattr(file, "name", "-")
    try:
        lines = file.read().decode("utf-8-sig").splitlines()
    except ValueError:
        raise click.UsageError(f"{name!r} is not text in UTF-8") from None
    names = [line.strip() for line in lines if line.strip()]
    if not names:
        # or an empty file would empty the group
        raise click.UsageError(f"{name!r} has no usernames")
    return names


def _tell_failures(failures: t.Sequence[MembershipFailure]) -> None:
    """Print each failure on standard error, and end the command if there are any."""
    for failure in failures:
        who = failure.username or failure.identity_id
        said = f"cannot {failure.action} {who}: {failure.code}: {failure.detail}"
        click.echo(printable(said), err=True)
    if failures:
        click.get_current_context().exit(1)


# the texts of documents


def _text(group: Document) -> str:
    told = {title: group.get(name) for title, name in _GROUP.items()}
    policies = group.get("policies") or {}
    told |= {title: policies.get(name) for title, name in _POLICIES.items()}
    told["Your Roles"] = _roles(group) or None
    return "\n".join(
        f"{title + ':':24}{'-' if value is None else value}" for title, value in told.items()
    )


def _roles(group: Document) -> str:
    return ", ".join(sorted({each["role"] for each in group.get("my_memberships") or ()}))


def _change_text(change: MemberChange) -> str:
    return _DONE[change.action].format(change.username, change.role)


def _sync_document(result: MembersSync) -> Document:
    return {
        "done": [dataclasses.asdict(each) for each in result.done],
        "failed": [each._asdict() for each in result.failed],
        "unchanged": result.unchanged,
    }


def _sync_text(result: MembersSync, dry_run: bool) -> str:
    lines = [_change_text(each) for each in result.done]
    total = f"{len(lines)} changes, {result.unchanged} unchanged, {len(result.failed)} failed"
    return "\n".join([*lines, f"{total} (dry run: nothing was sent)" if dry_run else total])
