"""
What is answered about tunnels, and by the second version of the API (JSON:API).
"""

from __future__ import annotations

from . import documents as doc
from .answers import canned

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.testing import ResponseSet

    Sets = dict[str, ResponseSet]

_TUNNEL = f"/v2/tunnels/{doc.TUNNEL_ID}"
_POINTS = "/v2/stream_access_points"
_BOOKMARK = f"/v2/bookmarks/{doc.BOOKMARK_ID}"
_ID: dict[str, t.Any] = {"tunnel_id": doc.TUNNEL_ID}
_ENDS: dict[str, t.Any] = {
    "initiator_ap": doc.ACCESS_POINT_ID,
    "listener_ap": doc.OTHER_ACCESS_POINT_ID,
}
_POINT_ID: dict[str, t.Any] = {"access_point_id": doc.ACCESS_POINT_ID}


def _tunnels() -> Sets:
    relationships = {key: doc.TUNNEL["relationships"][key] for key in ("listener", "initiator")}
    attributes = {"label": "live images", "submission_id": doc.SUBMISSION_ID}
    new = {"type": "Tunnel", "relationships": relationships, "attributes": attributes}
    change = {"data": {"type": "Tunnel", "attributes": {"state": "STOPPING"}}}
    stopping = {**doc.TUNNEL, "attributes": {**doc.TUNNEL["attributes"], "state": "STOPPING"}}
    return {
        "create_tunnel": canned(
            "POST",
            "/v2/tunnels",
            doc.jsonapi(doc.TUNNEL),
            args={"data": {"data": new}},
            display_name=doc.TUNNEL["attributes"]["label"],
            **_ID,
            **_ENDS,
        ),
        "update_tunnel": canned(
            "PATCH", _TUNNEL, doc.jsonapi(stopping), args={**_ID, "update_doc": change}, **_ID
        ),
        "get_tunnel": canned(
            "GET", _TUNNEL, doc.jsonapi(doc.TUNNEL), "not_found", args=_ID, **_ID, **_ENDS
        ),
        "delete_tunnel": canned("DELETE", _TUNNEL, doc.jsonapi(None), args=_ID, **_ID),
        "list_tunnels": canned("GET", "/v2/tunnels", doc.jsonapi([doc.TUNNEL]), args={}, **_ID),
        "get_tunnel_events": canned(
            "GET",
            f"{_TUNNEL}/events",
            doc.jsonapi([doc.TUNNEL_EVENT], links=None),
            args=_ID,
            **_ID,
        ),
        "get_stream_access_point": canned(
            "GET",
            f"{_POINTS}/{doc.ACCESS_POINT_ID}",
            doc.jsonapi(doc.ACCESS_POINT),
            "not_found",
            args={"stream_ap_id": doc.ACCESS_POINT_ID},
            **_POINT_ID,
        ),
    }


def _access_points() -> Sets:
    other = {**doc.ACCESS_POINT, "id": doc.OTHER_ACCESS_POINT_ID}
    following = {"next": f"{_POINTS}?page%5Bmarker%5D=second"}
    return {
        "list_stream_access_points": canned(
            "GET",
            _POINTS,
            doc.jsonapi([doc.ACCESS_POINT, other], links=None),
            args={},
            cases={
                "paginated": [
                    doc.jsonapi([doc.ACCESS_POINT], links=following),
                    doc.jsonapi([other], links=None),
                ]
            },
            access_point_ids=[doc.ACCESS_POINT_ID, doc.OTHER_ACCESS_POINT_ID],
        )
    }


def _bookmarks() -> Sets:
    args: dict[str, t.Any] = {"bookmark_id": doc.BOOKMARK_ID}
    name = {"name": "nebulae", "path": "/~/nebulae/"}
    told: dict[str, t.Any] = {**args, **name, "collection": doc.COLLECTION_ID}
    relationships = doc.BOOKMARK_V2["relationships"]
    new = {"type": "Bookmark", "attributes": name, "relationships": relationships}
    change = {"data": {"type": "Bookmark", "attributes": name}}
    collection = {
        "type": "Collection",
        "id": doc.COLLECTION_ID,
        "attributes": {"display_name": "Observatory", "high_assurance": False},
    }
    listed = {**args, **name, "collection_id": doc.COLLECTION_ID}
    return {
        "create_bookmark": canned(
            "POST",
            "/v2/bookmarks",
            doc.jsonapi(doc.BOOKMARK_V2),
            args={"data": {"data": new}},
            status=201,
            **told,
        ),
        "get_bookmark": canned(
            "GET",
            _BOOKMARK,
            doc.jsonapi(doc.BOOKMARK_V2, included=[collection]),
            "not_found",
            args=args,
            **told,
        ),
        "update_bookmark": canned(
            "PATCH",
            _BOOKMARK,
            doc.jsonapi(doc.BOOKMARK_V2),
            args={**args, "update_document": change},
            **told,
        ),
        "delete_bookmark": canned(
            "DELETE", _BOOKMARK, {"meta": {"request_id": doc.REQUEST_ID}}, args=args, **args
        ),
        "list_bookmarks": canned(
            "GET", "/v2/bookmarks", doc.jsonapi([doc.BOOKMARK_V2]), args={}, bookmarks=[listed]
        ),
    }


#: by the methods of :class:`TransferClient`, then by those of :class:`TransferClientV2`
RESPONSE_SETS: t.Mapping[str, ResponseSet] = {
    **_tunnels(),
    **{
        f"v2.{name}": found
        for name, found in {**_tunnels(), **_access_points(), **_bookmarks()}.items()
    },
}
