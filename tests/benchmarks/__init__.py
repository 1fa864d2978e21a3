"""
What importing, starting and calling cost, next to the libraries that people use otherwise.

``python -m tests.benchmarks`` prints one table; ``docs/benchmarks.md`` says how to read it.
"""
