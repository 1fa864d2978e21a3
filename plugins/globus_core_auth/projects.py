"""
What a developer owns at Globus Auth: projects, and the policies in them.
"""

from __future__ import annotations

from globus_core import MISSING, BaseClient, GlobusHTTPResponse
from globus_core.documents import listed, path

from ._request_parameters import query

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import uuid

    from globus_core import MissingType
    from globus_core.documents import IDs

    from .responses import GetPoliciesResponse, GetProjectsResponse

    Params: t.TypeAlias = t.Mapping[str, t.Any] | MissingType | None


class Projects(BaseClient):
    """
    Projects and policies; all calls need the scope ``manage_projects``.
    """

    service_name = "auth"

    # projects

    def get_project(
        self, project_id: uuid.UUID | str, *, query_params: Params = None, **params: t.Any
    ) -> GlobusHTTPResponse:
        """
        Fetch one project.

        :param project_id: the project's id
        :param query_params: further query parameters, which win
        :param params: further query parameters
        :raises AuthAPIError: if there is no such project, or it is managed by others
        """
        return self.get(
            path("/v2/api/projects/{}", project_id), query_params=query({}, query_params, params)
        )

    def get_projects(self, *, query_params: Params = None, **params: t.Any) -> GetProjectsResponse:
        """
        Fetch the projects that the token's identity manages.

        :param query_params: further query parameters, which win
        :param params: further query parameters
        """
        from .responses import GetProjectsResponse

        return GetProjectsResponse(
            self.get("/v2/api/projects", query_params=query({}, query_params, params))
        )

    def create_project(
        self,
        display_name: str,
        contact_email: str,
        *,
        admin_ids: IDs | MissingType = MISSING,
        admin_group_ids: IDs | MissingType = MISSING,
    ) -> GlobusHTTPResponse:
        """
        Make a project; it needs an administrator, who is a person or a group.

        :param display_name: the name that people see
        :param contact_email: whom to ask
        :param admin_ids: identities that manage it, one or several
        :param admin_group_ids: groups whose members manage it, one or several
        :raises AuthAPIError: if the project has no administrator, or a field is wrong
        """
        project = {
            "display_name": display_name,
            "contact_email": contact_email,
            "admin_ids": listed(admin_ids),
            "admin_group_ids": listed(admin_group_ids),
        }
        return self.post("/v2/api/projects", data={"project": project})

    def update_project(
        self,
        project_id: uuid.UUID | str,
        *,
        display_name: str | MissingType = MISSING,
        contact_email: str | MissingType = MISSING,
        admin_ids: IDs | MissingType = MISSING,
        admin_group_ids: IDs | MissingType = MISSING,
    ) -> GlobusHTTPResponse:
        """
        Change a project; what is MISSING stays as it is.

        :param project_id: the project's id
        :param display_name: the name that people see
        :param contact_email: whom to ask
        :param admin_ids: identities that manage it, all of them
        :param admin_group_ids: groups whose members manage it, all of them
        :raises AuthAPIError: if that is not allowed, or a field is wrong
        """
        project = {
            "display_name": display_name,
            "contact_email": contact_email,
            "admin_ids": listed(admin_ids),
            "admin_group_ids": listed(admin_group_ids),
        }
        return self.put(path("/v2/api/projects/{}", project_id), data={"project": project})

    def delete_project(self, project_id: uuid.UUID | str) -> GlobusHTTPResponse:
        """
        Delete a project, which must be empty.

        :param project_id: the project's id
        :raises AuthAPIError: if that is not allowed, or the project still holds something
        """
        return self.delete(path("/v2/api/projects/{}", project_id))

    # policies

    def get_policy(
        self, policy_id: uuid.UUID | str, *, query_params: Params = None, **params: t.Any
    ) -> GlobusHTTPResponse:
        """
        Fetch one policy.

        :param policy_id: the policy's id
        :param query_params: further query parameters, which win
        :param params: further query parameters
        :raises AuthAPIError: if there is no such policy, or it is managed by others
        """
        return self.get(
            path("/v2/api/policies/{}", policy_id), query_params=query({}, query_params, params)
        )

    def get_policies(self, *, query_params: Params = None, **params: t.Any) -> GetPoliciesResponse:
        """
        Fetch the policies of all projects that the token's identity manages.

        :param query_params: further query parameters, which win
        :param params: further query parameters
        """
        from .responses import GetPoliciesResponse

        return GetPoliciesResponse(
            self.get("/v2/api/policies", query_params=query({}, query_params, params))
        )

    def create_policy(
        self,
        *,
        project_id: uuid.UUID | str,
        display_name: str,
        description: str,
        high_assurance: bool | MissingType = MISSING,
        authentication_assurance_timeout: int | MissingType = MISSING,
        required_mfa: bool | MissingType = MISSING,
        domain_constraints_include: t.Iterable[str] | MissingType | None = MISSING,
        domain_constraints_exclude: t.Iterable[str] | MissingType | None = MISSING,
    ) -> GlobusHTTPResponse:
        """
        Make a policy, which sessions can then be required to meet.

        :param project_id: the project that it belongs to
        :param display_name: the name that people see
        :param description: what it is for
        :param high_assurance: whether the session must be one of this application alone
        :param authentication_assurance_timeout: after how many seconds people sign in anew
        :param required_mfa: whether a second factor is needed; only with high assurance
        :param domain_constraints_include: domains that are allowed; None allows all
        :param domain_constraints_exclude: domains that are refused; None refuses none
        :raises AuthAPIError: if that is not allowed, or a field is wrong
        """
        policy = {
            "project_id": project_id,
            "display_name": display_name,
            "description": description,
            "high_assurance": high_assurance,
            "authentication_assurance_timeout": authentication_assurance_timeout,
            "required_mfa": required_mfa,
            "domain_constraints_include": listed(domain_constraints_include),
            "domain_constraints_exclude": listed(domain_constraints_exclude),
        }
        return self.post("/v2/api/policies", data={"policy": policy})

    def update_policy(
        self,
        policy_id: uuid.UUID | str,
        *,
        project_id: uuid.UUID | str | MissingType = MISSING,
        authentication_assurance_timeout: int | MissingType = MISSING,
        required_mfa: bool | MissingType = MISSING,
        display_name: str | MissingType = MISSING,
        description: str | MissingType = MISSING,
        domain_constraints_include: t.Iterable[str] | MissingType | None = MISSING,
        domain_constraints_exclude: t.Iterable[str] | MissingType | None = MISSING,
    ) -> GlobusHTTPResponse:
        """
        Change a policy; what is MISSING stays as it is. Its assurance level cannot change.

        :param policy_id: the policy's id
        :param project_id: the project that it belongs to
        :param authentication_assurance_timeout: after how many seconds people sign in anew
        :param required_mfa: whether a second factor is needed; only with high assurance
        :param display_name: the name that people see
        :param description: what it is for
        :param domain_constraints_include: domains that are allowed; None allows all
        :param domain_constraints_exclude: domains that are refused; None refuses none
        :raises AuthAPIError: if that is not allowed, or a field is wrong
        """
        policy = {
            "project_id": project_id,
            "authentication_assurance_timeout": authentication_assurance_timeout,
            "required_mfa": required_mfa,
            "display_name": display_name,
            "description": description,
            "domain_constraints_include": listed(domain_constraints_include),
            "domain_constraints_exclude": listed(domain_constraints_exclude),
        }
        return self.put(path("/v2/api/policies/{}", policy_id), data={"policy": policy})

    def delete_policy(self, policy_id: uuid.UUID | str) -> GlobusHTTPResponse:
        """
        Delete a policy.

        :param policy_id: the policy's id
        :raises AuthAPIError: if there is no such policy, or it is managed by others
        """
        return self.delete(path("/v2/api/policies/{}", policy_id))
