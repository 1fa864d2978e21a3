"""
What PyInstaller has to know; it finds this folder through the entry point ``pyinstaller40``.
"""

from __future__ import annotations


def hook_folders() -> list[str]:
    """
    The folders in which PyInstaller finds our hooks.
    """
    return list(__path__)
