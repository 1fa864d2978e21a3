"""
The shell's completion of a command's name, without click; it is asked for at each TAB.
"""

from __future__ import annotations

import os
import sys

from .overview import described

#: what click's scripts for the shells expect
_FORMATS = {"bash": "plain,{}", "zsh": "plain\n{}\n{}", "fish": "plain,{}\t{}"}


def is_completed(instruction: str) -> bool:
    """
    Complete the name of a command as click does; False if something else is to be completed.

    :param instruction: what the shell asks for, such as ``bash_complete``
    """
    shell, _, what = instruction.partition("_")
    words, index = os.environ.get("COMP_WORDS", ""), os.environ.get("COMP_CWORD", "")
    if what != "complete" or any(letter in words + index for letter in "'\"\\"):
        return False
    begun = _begun(shell, words.split(), index)
    if begun is None or begun.startswith("-"):
        return False
    found = described()
    if found is None:
        return False
    named = [(name, found[name][1]) for name in sorted(found) if name.startswith(begun)]
    lines = [_FORMATS[shell].format(name, summary) for name, summary in named]
    sys.stdout.write("\n".join(lines) + "\n")
    return True


def _begun(shell: str, words: list[str], index: str) -> str | None:
    """What is typed of the first word after the program's name; None if it is another word."""
    if shell == "fish":  # names the word itself, not its index
        return index if words[1:] == [index] * bool(index) else None
    return "".join(words[1:2]) if shell in _FORMATS and index == "1" else None
