"""
The documents that canned responses are made of: an observatory's endpoint.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Document = dict[str, t.Any]

HOST = "abc.xyz.data.globus.org"
ENDPOINT_ID = "3f9b0d52-6c1e-4a87-b2d4-90e5c7a1f836"
CLIENT_ID = "c7d41e08-92ab-4f65-8e03-5b6f2a9d1c74"
GATEWAY_ID = "81e6a2f4-0d3c-4b97-a5f8-2c7e9b4d6013"
S3_GATEWAY_ID = "d2057b9e-4f18-4c6a-93e1-7a8b5c0f2d46"
COLLECTION_ID = "5a9c3e71-b8d0-4216-8f4e-e1d7026b9a35"
GUEST_ID = "e4b7f619-2a5d-4830-9c16-0f8d3b7e5a92"
IDENTITY_ID = "97f0c2d8-5e3b-4a14-b6d9-1c8a4e7f0b23"
OTHER_IDENTITY_ID = "2d6e8b05-c914-4f7a-a3e2-b50f9d1c8e67"
ROLE_ID = "b03d5f92-7a1c-4e68-8d25-f6c9e0a4b718"
OTHER_ROLE_ID = "6c8e1a47-f2b9-4d03-9e75-3a0d7c5b8f14"
CREDENTIAL_ID = "f15a7c3e-8b60-4d92-a4e7-d9c2b6085e31"
OTHER_CREDENTIAL_ID = "0e9d4b86-3c7f-4a51-b8d2-65f1e0a9c743"
POSIX_ID = "145812c8-decc-41f1-83cf-bb2a85a2a70b"
S3_ID = "7643e831-5f6c-4b47-a07f-8ee90f401d23"

INFO: Document = {
    "DATA_TYPE": "info#1.0.0",
    "api_version": "1.15.0",
    "client_id": CLIENT_ID,
    "domain_name": HOST,
    "endpoint_id": ENDPOINT_ID,
    "manager_version": "5.4.70",
}
CONNECTOR: Document = {
    "DATA_TYPE": "connector#1.1.0",
    "display_name": "POSIX",
    "id": POSIX_ID,
    "is_baa": True,
    "is_ha": True,
}
ENDPOINT: Document = {
    "DATA_TYPE": "endpoint#1.2.0",
    "allow_udt": False,
    "contact_email": "data@observatory.example.org",
    "display_name": "Observatory",
    "gcs_manager_url": f"https://{HOST}/api/",
    "gridftp_control_channel_port": 443,
    "id": ENDPOINT_ID,
    "network_use": "normal",
    "organization": "The Observatory",
    "public": True,
    "subscription_id": None,
}
GATEWAY: Document = {
    "DATA_TYPE": "storage_gateway#1.0.0",
    "id": GATEWAY_ID,
    "display_name": "Disks",
    "connector_id": POSIX_ID,
    "high_assurance": False,
    "require_high_assurance": False,
    "authentication_assurance_timeout": 15840,
    "authentication_timeout_mins": 15840,
    "allowed_domains": ["observatory.example.org"],
    "mapping": "username_without_domain",
    "restrict_paths": None,
    "policies": {"DATA_TYPE": "posix_storage_policies#1.0.0", "groups_allow": ["astronomers"]},
    "users_allow": None,
    "users_deny": ["root"],
}
S3_GATEWAY: Document = {
    **GATEWAY,
    "id": S3_GATEWAY_ID,
    "display_name": "Cloud",
    "connector_id": S3_ID,
    "policies": {
        "DATA_TYPE": "s3_storage_policies#1.0.0",
        "s3_endpoint": "https://s3.example.org",
        "s3_user_credential_required": True,
    },
}
COLLECTION: Document = {
    "DATA_TYPE": "collection#1.0.0",
    "id": COLLECTION_ID,
    "collection_type": "mapped",
    "display_name": "Plates",
    "identity_id": IDENTITY_ID,
    "public": True,
    "storage_gateway_id": GATEWAY_ID,
    "connector_id": POSIX_ID,
    "domain_name": f"m-1a2b3c.{HOST}",
    "https_url": f"https://m-1a2b3c.{HOST}",
    "collection_base_path": "/",
    "default_directory": "/{server_default}/",
    "allow_guest_collections": True,
    "high_assurance": False,
    "require_high_assurance": False,
    "authentication_assurance_timeout": 15840,
    "authentication_timeout_mins": 15840,
}
GUEST: Document = {
    **COLLECTION,
    "id": GUEST_ID,
    "collection_type": "guest",
    "display_name": "Plates of 1923",
    "collection_base_path": "/1923/",
    "domain_name": f"g-4d5e6f.{HOST}",
    "https_url": f"https://g-4d5e6f.{HOST}",
    "mapped_collection_id": COLLECTION_ID,
    "user_credential_id": CREDENTIAL_ID,
    "allow_guest_collections": False,
}
ROLE: Document = {
    "DATA_TYPE": "role#1.0.0",
    "id": ROLE_ID,
    "collection": None,
    "principal": f"urn:globus:auth:identity:{IDENTITY_ID}",
    "role": "owner",
}
COLLECTION_ROLE: Document = {
    **ROLE,
    "id": OTHER_ROLE_ID,
    "collection": COLLECTION_ID,
    "principal": f"urn:globus:auth:identity:{OTHER_IDENTITY_ID}",
    "role": "access_manager",
}
CREDENTIAL: Document = {
    "DATA_TYPE": "user_credential#1.0.0",
    "connector_id": POSIX_ID,
    "display_name": "On the disks",
    "id": CREDENTIAL_ID,
    "identity_id": IDENTITY_ID,
    "invalid": False,
    "policies": {},
    "provisioned": False,
    "storage_gateway_id": GATEWAY_ID,
    "username": "leavitt",
}
S3_CREDENTIAL: Document = {
    **CREDENTIAL,
    "connector_id": S3_ID,
    "display_name": "In the cloud",
    "id": OTHER_CREDENTIAL_ID,
    "policies": {
        "DATA_TYPE": "s3_user_credential_policies#1.0.0",
        "s3_key_id": "a-made-up-key-id",
        "s3_secret_key": "a-made-up-key",
    },
    "storage_gateway_id": S3_GATEWAY_ID,
    "username": IDENTITY_ID,
}
