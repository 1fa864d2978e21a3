from .app_options import offered as offered
from .app_options import with_app as with_app
from .exit_codes import ExitCode as ExitCode
from .main import main as main
from .output import Output as Output
from .output import with_output as with_output
from .places import PlaceType as PlaceType
