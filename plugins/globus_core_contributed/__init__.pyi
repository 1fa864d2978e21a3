# What third-party plugins add to globus_core, for type checkers. Empty as it is installed;
# `globus-core plugins stubs` writes one for an environment.
