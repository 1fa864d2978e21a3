from .errors import KeyringError as KeyringError
from .errors import UnencryptedStorageWarning as UnencryptedStorageWarning
from .storage import KeyringTokenStorage as KeyringTokenStorage
