from globus_core_contributed.services import *

from . import auth as auth
from . import compute as compute
from . import flows as flows
from . import gcs as gcs
from . import groups as groups
from . import search as search
from . import timers as timers
from . import transfer as transfer
