"""
Tokens that are renewed as long as a job runs, and written where it reads them.
"""

from __future__ import annotations

import threading
import time

from globus_core import waiting

from .kept_tokens import FIRST_PAUSE, KeptToken
from .run_folders import RunFolderError
from .token_files import as_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.globus_app import GlobusApp

    from .token_files import MemoryFile, TokensFile

#: seconds between two looks at the clock, which jumps when a machine wakes up
TICK = 1.0


class Renewal:
    """
    Writes tokens, and renews them until it is stopped.

    :param app: the app whose tokens they are; it never logs in here
    :param resource_servers: whose tokens are written
    :param say: tells a person what went wrong, and that it is well again
    """

    _file: TokensFile | MemoryFile

    def __init__(
        self, app: GlobusApp, resource_servers: t.Iterable[str], say: t.Callable[[str], object]
    ) -> None:
        self._tokens = [KeptToken(app, server, say) for server in resource_servers]
        self._say = say
        self._to_write = False
        self._next_write = 0.0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="renewal of tokens", daemon=True)

    def renew(self) -> None:
        """
        Renew tokens that would not last.

        :raises GlobusError: if one cannot be renewed and has expired
        """
        for token in self._tokens:
            token.renew()
            if token.usable is None and token.error is not None:
                raise token.error

    def start(self, file: TokensFile | MemoryFile) -> None:
        """
        Write the tokens, and renew them from now on.

        :param file: where they are written
        :raises RunFolderError: if that is not possible
        """
        self._file = file
        file.write(self._content())
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """
        Renew no more.

        :param seconds: how long to wait for a renewal whose answer is still to come, since
            its token would be lost
        """
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _run(self) -> None:
        while not waiting.wait(self._stopped, TICK):
            if self._renew_due() or not self._file.present:
                self._to_write = True
            if self._to_write and time.monotonic() >= self._next_write:
                self._write()

    def _renew_due(self) -> bool:
        """
        Renew each token that is due, and return whether there was one.

        The clock may jump meanwhile; what has become due must not be missing from the file.
        """
        left = list(self._tokens)
        while due := [token for token in left if token.due]:
            left = [token for token in left if token not in due]
            for token in due:
                token.renew()
        return len(left) < len(self._tokens)

    def _write(self) -> None:
        try:
            self._file.write(self._content())
        except RunFolderError as error:
            if self._next_write == 0:
                self._say(f"the tokens of this job cannot be written: {error}; trying again")
            self._next_write = time.monotonic() + FIRST_PAUSE
            return
        if self._next_write:
            self._say("the tokens of this job have been written")
        self._to_write, self._next_write = False, 0.0

    def _content(self) -> bytes:
        """The tokens that are valid; one that has expired is of no use to anybody."""
        return as_json(filter(None, (token.usable for token in self._tokens)))
