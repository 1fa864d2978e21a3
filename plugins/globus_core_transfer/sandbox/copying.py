"""Files in blocks: their checksums, and whether a copy is up to date."""

from __future__ import annotations

import hashlib
import os
import typing as t

from .runs import FaultError

BLOCK = 1024 * 1024
#: the levels of synchronization; each also compares what those below it compare
EXISTS, SIZE, TIME, CONTENT = range(4)

ALGORITHMS = {"MD5": "md5", "SHA1": "sha1", "SHA256": "sha256", "SHA512": "sha512"}


def blocks(file: t.BinaryIO) -> t.Iterator[bytes]:
    """
    The content of a file.

    :param file: the open file
    """
    while block := file.read(BLOCK):
        yield block


class Checksum:
    """
    The checksum of a file that is being copied.

    :param item: the item of the transfer, which may say what it must be
    """

    def __init__(self, item: t.Mapping[str, t.Any]) -> None:
        self._expected = item.get("external_checksum")
        self.algorithm = str(item.get("checksum_algorithm") or "MD5").upper()
        self._hash = _hash(self.algorithm)

    @property
    def value(self) -> str:
        """
        The checksum so far.
        """
        return str(self._hash.hexdigest())

    def add(self, block: bytes) -> None:
        """
        Take a block into account.

        :param block: the block
        """
        self._hash.update(block)

    def compare_with_expected(self, path: str) -> None:
        """
        Check that it is what the item says.

        :param path: the path of the file
        :raises FaultError: if it is not
        """
        if self._expected is not None and self._expected.lower() != self.value:
            detail = f"{path} has the {self.algorithm} checksum {self.value}, not {self._expected}"
            raise FaultError("VERIFY_CHECKSUM", detail)

    def compare_with_file(self, local: str) -> t.Iterator[None]:
        """
        Check that a copy has the same checksum.

        :param local: its local path
        :raises FaultError: if it has not
        """
        copy = _hash(self.algorithm)
        with open(local, "rb") as file:
            for block in blocks(file):
                copy.update(block)
                yield None
        if copy.hexdigest() != self.value:
            raise FaultError("VERIFY_CHECKSUM", "the copy differs from the source")


def is_up_to_date(
    source: str, target: str, found: os.stat_result, level: int
) -> t.Generator[None, None, bool]:
    """
    Whether a file need not be copied.

    :param source: the local path of the file
    :param target: the local path of its copy
    :param found: the state of the file
    :param level: what is compared
    """
    try:
        copy = os.stat(target)
    except FileNotFoundError:
        return False
    if level >= SIZE and copy.st_size != found.st_size:
        return False
    if level >= TIME and copy.st_mtime < found.st_mtime:
        return False
    if level < CONTENT:
        return True
    sums = []
    for path in (source, target):
        made = _hash("MD5")
        with open(path, "rb") as file:
            for block in blocks(file):
                made.update(block)
                yield None
        sums.append(made.digest())
    return bool(sums[0] == sums[1])


def _hash(algorithm: str) -> t.Any:
    return hashlib.new(ALGORITHMS[algorithm], usedforsecurity=False)
