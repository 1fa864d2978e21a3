from globus_core_groups import BatchMembershipActions as BatchMembershipActions
from globus_core_groups import GroupMemberVisibility as GroupMemberVisibility
from globus_core_groups import GroupPolicies as GroupPolicies
from globus_core_groups import GroupRequiredSignupFields as GroupRequiredSignupFields
from globus_core_groups import GroupRole as GroupRole
from globus_core_groups import GroupsAPIError as GroupsAPIError
from globus_core_groups import GroupsClient as GroupsClient
from globus_core_groups import GroupsManager as GroupsManager
from globus_core_groups import GroupVisibility as GroupVisibility

from . import client as client
from . import data as data
from . import errors as errors
from . import manager as manager
