from globus_core_timers import FlowTimer as FlowTimer
from globus_core_timers import OnceTimerSchedule as OnceTimerSchedule
from globus_core_timers import RecurringTimerSchedule as RecurringTimerSchedule
from globus_core_timers import TimerJob as TimerJob
from globus_core_timers import TimersAPIError as TimersAPIError
from globus_core_timers import TimersClient as TimersClient
from globus_core_timers import TransferTimer as TransferTimer
from globus_core_timers import next_runs as next_runs

from . import client as client
from . import data as data
from . import errors as errors
