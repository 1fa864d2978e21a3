"""The classes of responses that are more than a JSON body."""

from globus_core import IterableResponse


class ExampleThingList(IterableResponse):
    """A page of things, iterated one after another."""

    default_iter_key = "things"
