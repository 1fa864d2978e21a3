"""Logs the requests that take long."""
