"""Globus tokens in a directory of encrypted files."""
