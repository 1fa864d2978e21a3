from .command import doctor as doctor
from .report import DoctorReport as DoctorReport
