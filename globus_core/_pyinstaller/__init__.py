"""
Hooks for PyInstaller, which finds this folder through the entry point ``pyinstaller40``.
"""

from __future__ import annotations


def hook_folders() -> list[str]:
    """
    The folders with our hooks for PyInstaller.
    """
    return list(__path__)
