from .service import TimersSandbox as TimersSandbox
