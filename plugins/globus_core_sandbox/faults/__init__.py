"""Faults that tests order: their parts, predefined ones, and how they are ordered."""
