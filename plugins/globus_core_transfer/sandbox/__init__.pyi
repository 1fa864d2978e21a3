from .service import TransferSandbox as TransferSandbox
