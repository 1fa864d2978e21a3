from .client import TimersClient as TimersClient
from .errors import TimersAPIError as TimersAPIError
from .next_runs import next_runs as next_runs
from .schedules import OnceTimerSchedule as OnceTimerSchedule
from .schedules import RecurringTimerSchedule as RecurringTimerSchedule
from .timers import FlowTimer as FlowTimer
from .timers import TimerJob as TimerJob
from .timers import TransferTimer as TransferTimer
