"""The login flow ``example-login``."""

from __future__ import annotations

import sys

from globus_core import waiting
from globus_core.login_flows import CommandLineLoginFlowManager


class ExampleLoginFlowManager(CommandLineLoginFlowManager):
    """Prompts on standard error, and reads the code from standard input."""

    def print_authorize_url(self, authorize_url: str) -> None:
        print(f"Please log in here:\n\n  {authorize_url}\n", file=sys.stderr)

    def prompt_for_code(self) -> str:
        print("Enter the code shown there: ", end="", file=sys.stderr, flush=True)
        line: str = waiting.blocking(sys.stdin.readline)
        if not line:
            raise EOFError("the input ended before a code was entered")
        return line.strip()
