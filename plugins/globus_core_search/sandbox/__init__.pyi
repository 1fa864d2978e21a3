from .service import SearchSandbox as SearchSandbox
