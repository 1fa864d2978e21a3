from .service import FlowsSandbox as FlowsSandbox
