from .caller import Authentication as Authentication
from .caller import Caller as Caller
from .caller import CallerSession as CallerSession
from .checker import TokenChecker as TokenChecker
from .refusals import CheckFailedError as CheckFailedError
from .refusals import ForbiddenError as ForbiddenError
from .refusals import RefusedError as RefusedError
from .refusals import UnauthenticatedError as UnauthenticatedError
