from .errors import LocalEndpointError as LocalEndpointError
from .folders import AccessibleFolder as AccessibleFolder
from .owner_info import GlobusConnectPersonalOwnerInfo as GlobusConnectPersonalOwnerInfo
from .personal import LocalGlobusConnectPersonal as LocalGlobusConnectPersonal
from .personal import PersonalStatus as PersonalStatus
from .server import LocalGlobusConnectServer as LocalGlobusConnectServer
from .server import ServerStatus as ServerStatus
