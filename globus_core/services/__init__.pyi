from globus_core_contributed.services import *

from . import auth as auth
from . import transfer as transfer
