from .envelope import Envelope as Envelope
from .errors import BrokenSealError as BrokenSealError
from .errors import StorageKeyError as StorageKeyError
from .storage import EncryptedTokenStorage as EncryptedTokenStorage
