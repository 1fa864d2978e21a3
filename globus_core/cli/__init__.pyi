from globus_core_cli import ExitCode as ExitCode
from globus_core_cli import Output as Output
from globus_core_cli import PlaceType as PlaceType
from globus_core_cli import as_seconds as as_seconds
from globus_core_cli import exit_code_of as exit_code_of
from globus_core_cli import offered as offered
from globus_core_cli import with_app as with_app
from globus_core_cli import with_output as with_output
