"""
What checking an ID token costs, beside the signature check and the claims that PyJWT checks.

Run as a module it is a process that measures; it prints the figures as JSON.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
import typing as t
from types import SimpleNamespace

from ._processes import run_module
from ._turns import median_ratio, variants_in_turns

Figures = dict[str, dict[str, float]]
Decode = t.Callable[[], t.Any]

#: after this no further round begins
SECONDS = 15
#: how often a token is checked in one turn
_TIMES = 100
BASIS = "pyjwt"
ISSUER, CLIENT_ID = "https://auth.example.org", "0f4a2c61-7be3-4d95-8a10-c6d27e5b93f8"
CONFIGURATION = {
    "issuer": ISSUER,
    "jwks_uri": f"{ISSUER}/jwk.json",
    "id_token_signing_alg_values_supported": ["RS512"],
}


def measure(rounds: int) -> Figures:
    """
    Measure in a fresh process.

    :param rounds: how often each variant has its turn
    """
    figures: Figures = run_module("id_tokens", "--rounds", str(rounds))
    return figures


def _claims() -> dict[str, t.Any]:
    """What Globus Auth says of a person with one linked identity."""
    now = int(time.time())
    person = {"name": "Ada Example", "email": "ada@example.org", "organization": "Example U"}
    linked = {"username": "ada@lab.example.org", "status": "used", **person}
    return {
        "iss": ISSUER,
        "sub": "7a11c9d2-40be-4f1a-9c35-2b8e6d70f413",
        "aud": CLIENT_ID,
        "iat": now,
        "exp": now + 172800,
        "preferred_username": "ada@example.org",
        "identity_set": [{"sub": "9c3f5e08-7b21-4d6c-8a90-e41f2c7d3b56", **linked}],
        **person,
    }


def _variants() -> dict[str, Decode]:
    import jwt
    from cryptography.hazmat.primitives.asymmetric import rsa
    from jwt.algorithms import RSAAlgorithm

    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = private.public_key()
    document = RSAAlgorithm.to_jwk(public, as_dict=True)
    key_set = {"keys": [{**document, "use": "sig", "kid": "one"}]}
    claims = _claims()
    token = jwt.encode(claims, private, algorithm="RS512", headers={"kid": "one"})
    options = t.cast("t.Any", {"require": ["iss", "sub", "aud", "exp", "iat"]})

    def pyjwt() -> t.Any:
        return jwt.decode(
            token,
            key=public,
            algorithms=["RS512"],
            audience=CLIENT_ID,
            issuer=ISSUER,
            leeway=300,
            options=options,
        )

    variants = {BASIS: pyjwt, "globus-core": _own(token, key_set)}
    for name, make in (("globus-sdk", _sdk), ("joserfc", _joserfc)):
        try:
            variants[name] = make(token, public, key_set)
        except ImportError:
            continue
    for decode in variants.values():
        decoded: t.Any = decode()
        assert dict(getattr(decoded, "claims", decoded)) == claims
    return variants


def _own(token: str, key_set: dict[str, t.Any]) -> Decode:
    from globus_core import IDTokenDecoder

    # answers what a client would fetch, so that only the checks are measured
    client = SimpleNamespace(
        client_id=CLIENT_ID,
        get_openid_configuration=lambda: CONFIGURATION,
        get=lambda *_, **__: SimpleNamespace(data=key_set, urls=()),
    )
    decoder = IDTokenDecoder(client)
    return lambda: decoder.decode(token)


def _sdk(token: str, public: t.Any, key_set: dict[str, t.Any]) -> Decode:
    from globus_sdk import IDTokenDecoder

    decoder = IDTokenDecoder(t.cast("t.Any", SimpleNamespace(client_id=CLIENT_ID)))
    decoder.store_openid_configuration(CONFIGURATION)
    decoder.store_jwk(public)
    return lambda: decoder.decode(token)


def _joserfc(token: str, public: t.Any, key_set: dict[str, t.Any]) -> Decode:
    from joserfc import jwk, jwt

    keys = jwk.KeySet.import_key_set(t.cast("t.Any", key_set))
    registry = jwt.JWTClaimsRegistry(
        leeway=300,
        iss={"essential": True, "value": ISSUER},
        aud={"essential": True, "value": CLIENT_ID},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )

    def decode() -> t.Any:
        decoded = jwt.decode(token, keys, algorithms=["RS512"])
        registry.validate(decoded.claims)
        return decoded

    return decode


def _timed(rounds: int) -> Figures:
    variants = _variants()
    seconds: dict[str, list[float]] = {name: [] for name in variants}
    for name in variants_in_turns([*variants], rounds, SECONDS):
        began = time.process_time()
        for _ in range(_TIMES):
            variants[name]()
        seconds[name].append((time.process_time() - began) / _TIMES)
    return {
        name: {
            "ratio": median_ratio(runs, seconds[BASIS]),
            "microseconds": statistics.median(runs) * 1e6,
            "rounds": len(runs),
        }
        for name, runs in seconds.items()
    }


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, required=True)
    print(json.dumps(_timed(parser.parse_args().rounds)))


if __name__ == "__main__":
    _main()
