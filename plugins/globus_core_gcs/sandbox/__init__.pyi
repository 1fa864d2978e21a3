from .service import GCSSandbox as GCSSandbox
