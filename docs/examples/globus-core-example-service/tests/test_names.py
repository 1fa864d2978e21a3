"""What the package gives others: its names, and canned answers for their tests."""

from __future__ import annotations

import pathlib
import re

import globus_core
import pytest
from globus_core.testing import load_response
from responses import RequestsMock

import globus_core_example_service as package
from globus_core_example_service.canned import RESPONSE_SETS

NAMES = vars(package)["__all__"]


def test_every_name_is_in_globus_core_too() -> None:
    """As the entry point says."""
    for name in NAMES:
        assert getattr(globus_core, name) is getattr(package, name)


def test_type_checkers_know_every_name() -> None:
    """The stub has the names of the package, and no others."""
    stub = pathlib.Path(package.__file__).with_suffix(".pyi").read_text(encoding="utf-8")
    assert sorted(re.findall(r"import (\w+) as \1$", stub, re.MULTILINE)) == NAMES


@pytest.mark.parametrize("method", RESPONSE_SETS)
def test_every_canned_answer_fits_its_method(method: str, globus_responses: RequestsMock) -> None:
    """The method sends what the answer is for."""
    with package.ExampleClient() as client:
        call = getattr(client, method)
        call(**load_response(call).metadata["args"])
