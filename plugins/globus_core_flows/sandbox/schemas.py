"""JSON schemas for the input of runs, by the package jsonschema."""

from __future__ import annotations

import importlib
import typing as t

from globus_core.testing.sandbox import ApiError

from .answers import Problem, not_here


def schema_problems(schema: t.Any) -> list[Problem]:
    """
    What is wrong with a schema; the places begin with ``input_schema``.

    :param schema: the schema
    :raises ApiError: 501 if jsonschema is needed and not installed
    """
    if not isinstance(schema, dict):
        return [(["input_schema"], "must be an object")]
    if not schema:
        return []
    validators = _jsonschema().validators
    kind = validators.validator_for(schema, default=_jsonschema().Draft7Validator)
    found = kind(kind.META_SCHEMA).iter_errors(schema)
    return [(["input_schema", *error.absolute_path], error.message) for error in found]


def check_input(schema: dict[str, t.Any], document: t.Any) -> None:
    """
    Refuse input that does not fit.

    :param schema: a valid schema; empty fits everything
    :param document: the input
    :raises ApiError: 400 with the places, 501 if jsonschema is needed and not installed
    """
    if not schema:
        return
    detail = [
        {"loc": [error.json_path], "msg": error.message, "type": "InvalidActionInput"}
        for error in _input_errors(schema, document)
    ]
    if detail:
        message = f"The input does not fit the schema: {len(detail)} error(s)."
        extra = {"detail": detail, "message": message}
        raise ApiError(400, message, code="FLOW_INPUT_ERROR", extra=extra)


def _input_errors(schema: dict[str, t.Any], document: t.Any) -> list[t.Any]:
    jsonschema = _jsonschema()
    kind = jsonschema.validators.validator_for(schema, default=jsonschema.Draft7Validator)
    # else references to other documents would be fetched
    registry = importlib.import_module("jsonschema_specifications").REGISTRY
    try:
        return list(kind(schema, registry=registry).iter_errors(document))
    except importlib.import_module("referencing.exceptions").Unresolvable as error:
        raise not_here(f"schemas with references to elsewhere: {error}") from None


def _jsonschema() -> t.Any:
    try:
        return importlib.import_module("jsonschema")
    except ImportError:
        raise ApiError(
            501,
            'input schemas need the package jsonschema: pip install "globus-core[sandbox]"',
        ) from None
