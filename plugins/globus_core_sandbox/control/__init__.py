"""Controlling a sandbox: the control API and its client."""
