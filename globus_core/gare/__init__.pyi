from ._convert import has_gares as has_gares
from ._convert import is_gare as is_gare
from ._convert import to_gare as to_gare
from ._convert import to_gares as to_gares
from ._documents import GARE as GARE
from ._documents import GlobusAuthorizationParameters as GlobusAuthorizationParameters
