from .access_token import AccessTokenAuthorizer as AccessTokenAuthorizer
from .base import GlobusAuthorizer as GlobusAuthorizer
from .base import NullAuthorizer as NullAuthorizer
from .base import StaticGlobusAuthorizer as StaticGlobusAuthorizer
from .basic import BasicAuthorizer as BasicAuthorizer
from .client_credentials import ClientCredentialsAuthorizer as ClientCredentialsAuthorizer
from .refresh_token import RefreshTokenAuthorizer as RefreshTokenAuthorizer
from .renewing import RenewingAuthorizer as RenewingAuthorizer
