from .service import ComputeSandbox as ComputeSandbox
