"""
Responses of Globus Flows that hold a list.
"""

from __future__ import annotations

from globus_core.response import IterableResponse


class IterableFlowsResponse(IterableResponse):
    """
    A list of flows, which is iterated over ``flows``.
    """

    default_iter_key = "flows"


class IterableRunsResponse(IterableResponse):
    """
    A list of runs, which is iterated over ``runs``.
    """

    default_iter_key = "runs"


class IterableRunLogsResponse(IterableResponse):
    """
    What has happened in a run, which is iterated over ``entries``.
    """

    default_iter_key = "entries"


class IterableRegisteredAPIsResponse(IterableResponse):
    """
    A list of registered APIs, which is iterated over ``registered_apis``.
    """

    default_iter_key = "registered_apis"


class IterableWebInputsResponse(IterableResponse):
    """
    A list of web inputs, which is iterated over ``web_input_summaries``.
    """

    default_iter_key = "web_input_summaries"
