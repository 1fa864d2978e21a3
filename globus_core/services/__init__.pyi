from globus_core_contributed.services import *

from . import auth as auth
