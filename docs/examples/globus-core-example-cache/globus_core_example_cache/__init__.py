"""Identities remembered by cachetools."""
