"""
Made-up documents of Globus Search, each in the shape in which it is answered.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Document = dict[str, t.Any]

INDEX_ID = "4c8e17a5-93d2-4f60-b8a1-e07c5d2f9b36"
OTHER_INDEX_ID = "e2f5906b-1d7c-4a38-95e4-83b06acd714f"
IDENTITY_ID = "7a11c9d2-40be-4f1a-9c35-2b8e6d70f413"
OTHER_IDENTITY_ID = "0db4ef71-68a9-4c25-87fd-b19c36e05a42"
SUBSCRIPTION_ID = "f07c3d81-96ae-4b52-8d14-a2e5b6907fc3"
TASK_ID = "93ad05ec-7b16-4e82-a4c9-f50d1e68b723"
ROLE_ID = "TXpRMU5n"
OTHER_ROLE_ID = "TXpRMU53"
REQUEST_ID = "5f0c9d71ab3e42868d1fe7720b94c65a"
MARKER = "bWFkZS11cA"
SUBJECT = "https://data.example.org/stars/vega"
OTHER_SUBJECT = "https://data.example.org/stars/altair"

INDEX: Document = {
    "@datatype": "GSearchIndex",
    "@version": "2017-09-01",
    "id": INDEX_ID,
    "display_name": "Stars",
    "description": "Names and magnitudes of bright stars",
    "status": "open",
    "creation_date": "2026-03-01 08:00:00",
    "is_trial": True,
    "subscription_id": None,
    "max_size_in_mb": 1,
    "size_in_mb": 0,
    "num_subjects": 2,
    "num_entries": 2,
}
OTHER_INDEX: Document = {
    **INDEX,
    "id": OTHER_INDEX_ID,
    "display_name": "Nebulae",
    "description": "What is between the stars",
    "is_trial": False,
    "subscription_id": SUBSCRIPTION_ID,
    "max_size_in_mb": 100,
    "size_in_mb": 7,
    "num_subjects": 310,
    "num_entries": 311,
}
INDEX_LIST: Document = {
    "index_list": [
        {**INDEX, "permissions": ["owner"]},
        {**OTHER_INDEX, "permissions": ["writer"]},
    ]
}


def result(subject: str, content: Document) -> Document:
    """
    A subject with one entry.

    :param subject: the subject
    :param content: what the entry says of it
    """
    entry: Document = {"entry_id": None, "content": content, "matched_principal_sets": []}
    return {
        "@datatype": "GMetaResult",
        "@version": "2019-08-27",
        "subject": subject,
        "entries": [entry],
    }


VEGA = result(SUBJECT, {"name": "Vega", "magnitude": 0.03})
ALTAIR = result(OTHER_SUBJECT, {"name": "Altair", "magnitude": 0.76})


def found(*results: Document, offset: int = 0, total: int | None = None, **more: t.Any) -> Document:
    """
    A page of results.

    :param results: the subjects on it
    :param offset: how many are before them
    :param total: how many were found; None is those up to this page
    :param more: further fields
    """
    end = offset + len(results)
    total = end if total is None else total
    return {
        "@datatype": "GSearchResult",
        "@version": "2017-09-01",
        "count": len(results),
        "total": total,
        "offset": offset,
        "has_next_page": total > end,
        "gmeta": list(results),
        **more,
    }


FACETS: Document = {
    "facet_results": [
        {
            "@datatype": "GFacetResult",
            "@version": "2017-09-01",
            "name": "kinds",
            "buckets": [
                {"@datatype": "GBucket", "@version": "2017-09-01", "value": "A", "count": 2}
            ],
        }
    ]
}
SCROLLED: Document = {
    "@datatype": "GSearchResult",
    "@version": "2017-09-01",
    "count": 1,
    "total": 2,
    "gmeta": [VEGA],
    "marker": MARKER,
    "has_next_page": True,
}
LAST_SCROLLED: Document = {**SCROLLED, "gmeta": [ALTAIR], "marker": None, "has_next_page": False}
ENTRY: Document = {
    "@datatype": "GMetaEntry",
    "@version": "2016-11-09",
    "subject": SUBJECT,
    "id": None,
    "visible_to": ["public"],
    "content": {"name": "Vega", "magnitude": 0.03},
}
INGEST: Document = {
    "ingest_type": "GMetaList",
    "ingest_data": {"gmeta": [{k: v for k, v in ENTRY.items() if k[0] != "@"}]},
}
ACCEPTED: Document = {"acknowledged": True, "task_id": TASK_ID}
TASK: Document = {
    "task_id": TASK_ID,
    "index_id": INDEX_ID,
    "state": "SUCCESS",
    "state_description": "Task succeeded",
    "message": None,
    "additional_details": None,
    "creation_date": "2026-03-01T09:00:00",
    "completion_date": "2026-03-01T09:00:02",
}
PENDING_TASK: Document = {
    **TASK,
    "state": "PENDING",
    "state_description": "Task is waiting",
    "completion_date": None,
}
FAILED_TASK: Document = {
    **TASK,
    "state": "FAILED",
    "state_description": "Task failed",
    "message": "the content of an entry does not fit the index",
    "additional_details": {"subject": SUBJECT},
}
ROLE: Document = {
    "id": ROLE_ID,
    "index_id": INDEX_ID,
    "role_name": "owner",
    "principal": f"urn:globus:auth:identity:{IDENTITY_ID}",
    "principal_type": "identity",
    "creation_date": "2026-03-01 08:00:00",
}
OTHER_ROLE: Document = {
    **ROLE,
    "id": OTHER_ROLE_ID,
    "role_name": "writer",
    "principal": f"urn:globus:auth:identity:{OTHER_IDENTITY_ID}",
}
