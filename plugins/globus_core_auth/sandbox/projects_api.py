"""Projects and policies, for their managers."""

from __future__ import annotations

import typing as t
import uuid

import attrs
from flask import Response, jsonify, request

from globus_core.testing.sandbox import ApiError, Route, fields, routes

from .callers import Endpoints, Manager, body_fields
from .claims import identity_document
from .seeds import Policy, Project
from .state import State

_PROJECT: dict[str, fields.Check] = {
    "display_name": fields.text,
    "contact_email": fields.text,
    "admin_ids": fields.nullable(fields.list_of(fields.identifier)),
    "admin_group_ids": fields.nullable(fields.list_of(fields.identifier)),
}
_DOMAINS = fields.nullable(fields.list_of(fields.text))
_POLICY: dict[str, fields.Check] = {
    "project_id": fields.identifier,
    "display_name": fields.text,
    "description": fields.text,
    "authentication_assurance_timeout": fields.seconds,
    "required_mfa": fields.flag,
    "domain_constraints_include": _DOMAINS,
    "domain_constraints_exclude": _DOMAINS,
}
_NEW_POLICY = {**_POLICY, "high_assurance": fields.flag}


class ProjectsApi(Endpoints):
    """
    The endpoints of projects and policies.
    """

    def routes(self) -> list[Route]:
        return routes(
            ("GET", "/projects", self.projects),
            ("POST", "/projects", self.create_project),
            ("GET", "/projects/<uuid:key>", self.project),
            ("PUT", "/projects/<uuid:key>", self.update_project),
            ("DELETE", "/projects/<uuid:key>", self.delete_project),
            ("GET", "/policies", self.policies),
            ("POST", "/policies", self.create_policy),
            ("GET", "/policies/<uuid:key>", self.policy),
            ("PUT", "/policies/<uuid:key>", self.update_policy),
            ("DELETE", "/policies/<uuid:key>", self.delete_policy),
            prefix="/v2/api",
            around=self._state.locked,
        )

    # projects

    def projects(self) -> Response:
        """
        The caller's projects.
        """
        manager = self._callers.person()
        found = [project for project in self._state.projects.values() if manager.is_admin(project)]
        return jsonify({"projects": [self._project_document(project) for project in found]})

    def project(self, key: uuid.UUID) -> Response:
        """
        One project.
        """
        return self._project_answer(project_of(self._state, self._callers.person(), str(key)))

    def create_project(self) -> Response:
        """
        A new project.
        """
        self._callers.person()
        given = fields.read(
            request.get_json(), _PROJECT, ("display_name", "contact_email"), wrapper="project"
        )
        return self._store_project(Project(id=str(uuid.uuid4()), **_lists(given)))

    def update_project(self, key: uuid.UUID) -> Response:
        """
        Changes to a project.
        """
        project = project_of(self._state, self._callers.person(), str(key))
        return self._store_project(
            attrs.evolve(project, **_lists(body_fields("project", _PROJECT)))
        )

    def delete_project(self, key: uuid.UUID) -> Response:
        """
        Deletes a project.
        """
        project = project_of(self._state, self._callers.person(), str(key))
        clients = any(client.seed.project == project.id for client in self._state.clients.values())
        policies = any(policy.project_id == project.id for policy in self._state.policies.values())
        if clients or policies:
            raise ApiError(409, "the project still has clients or policies")
        answer = self._project_answer(project)
        del self._state.projects[project.id]
        return answer

    def _store_project(self, project: Project) -> Response:
        if not (project.admin_ids or project.admin_group_ids):
            raise fields.bad("a project needs admin_ids or admin_group_ids")
        for admin in project.admin_ids:
            if self._state.people.by_id(admin) is None:
                raise fields.bad(f"admin_ids contains {admin}, which is not an identity")
        self._state.projects[project.id] = project
        return self._project_answer(project)

    def _project_answer(self, project: Project) -> Response:
        return jsonify({"project": self._project_document(project)})

    def _project_document(self, project: Project) -> dict[str, t.Any]:
        admins = [self._state.people.by_id(key) for key in project.admin_ids]
        return {
            "id": project.id,
            "display_name": project.display_name,
            "project_name": project.display_name,
            "contact_email": project.contact_email,
            "admin_ids": list(project.admin_ids) or None,
            "admin_group_ids": list(project.admin_group_ids) or None,
            "admins": {
                "identities": [identity_document(admin) for admin in admins if admin is not None],
                "groups": [{"id": key} for key in project.admin_group_ids],
            },
        }

    # policies

    def policies(self) -> Response:
        """
        The policies of the caller's projects.
        """
        manager = self._callers.person()
        found = [
            attrs.asdict(policy)
            for policy in self._state.policies.values()
            if manager.is_admin(self._state.projects.get(policy.project_id))
        ]
        return jsonify({"policies": found})

    def policy(self, key: uuid.UUID) -> Response:
        """
        One policy.
        """
        return _policy_answer(self._policy(self._callers.person(), str(key)))

    def create_policy(self) -> Response:
        """
        A new policy.
        """
        manager = self._callers.person()
        given = fields.read(
            request.get_json(),
            _NEW_POLICY,
            ("project_id", "display_name", "description"),
            wrapper="policy",
        )
        return self._store_policy(manager, Policy(id=str(uuid.uuid4()), **given))

    def update_policy(self, key: uuid.UUID) -> Response:
        """
        Changes to a policy.
        """
        manager = self._callers.person()
        policy = self._policy(manager, str(key))
        return self._store_policy(
            manager,
            attrs.evolve(policy, **body_fields("policy", _POLICY)),
        )

    def delete_policy(self, key: uuid.UUID) -> Response:
        """
        Deletes a policy.
        """
        policy = self._policy(self._callers.person(), str(key))
        del self._state.policies[policy.id]
        return _policy_answer(policy)

    def _policy(self, manager: Manager, key: str) -> Policy:
        policy = self._state.policies.get(key)
        if policy is None:
            raise ApiError(404, f"there is no policy {key}")
        project_of(self._state, manager, policy.project_id)
        return policy

    def _store_policy(self, manager: Manager, policy: Policy) -> Response:
        project_of(self._state, manager, policy.project_id)
        if policy.required_mfa and not policy.high_assurance:
            raise fields.bad("required_mfa needs high_assurance")
        self._state.policies[policy.id] = policy
        return _policy_answer(policy)


def project_of(state: State, manager: Manager, key: str) -> Project:
    """
    A project that the caller manages.

    :param state: the sandbox's state
    :param manager: the caller
    :param key: the project's id
    :raises ApiError: 404 if there is none, 403 if it is managed by others
    """
    project = state.projects.get(key)
    if project is None:
        raise ApiError(404, f"there is no project {key}")
    if not manager.is_admin(project):
        raise ApiError(403, "the project is managed by others")
    return project


def _lists(given: dict[str, t.Any]) -> dict[str, t.Any]:
    """The fields, with an empty list in place of null."""
    return {key: () if value is None else value for key, value in given.items()}


def _policy_answer(policy: Policy) -> Response:
    return jsonify({"policy": attrs.asdict(policy)})
