from .service import GroupsSandbox as GroupsSandbox
