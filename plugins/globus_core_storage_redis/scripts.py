"""
What the server does in one step, in Lua. Each script can be repeated after a lost answer.
"""

from __future__ import annotations

import typing as t

import redis
from redis.exceptions import NoScriptError

#: take a lock: -1 if it is now ours, else for how many milliseconds somebody has it
TAKE = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  return math.max(0, redis.call('PTTL', KEYS[1]))
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return -1
"""

#: let a lock last for all of its time again, if it is still ours
EXTEND = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""

#: give a lock back, if it is still ours
RELEASE = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
return redis.call('DEL', KEYS[1])
"""

#: replace a record, or remove it, if it is still the expected one (its first 64 bytes). A second
#: attempt after a lost answer finds what the first has done.
REPLACE = """
local stored = redis.call('HGET', KEYS[1], ARGV[1])
local revision = stored and string.sub(stored, 1, 64)
local again = ARGV[4] == '1'
if ARGV[3] == '' then
  if revision == ARGV[2] then
    redis.call('HDEL', KEYS[1], ARGV[1])
    return 1
  end
  return (again and not stored) and 1 or 0
end
if revision == ARGV[2] then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
  return 1
end
return (again and revision == string.sub(ARGV[3], 1, 64)) and 1 or 0
"""

_hashes: dict[str, str] = {}


def run(
    client: redis.Redis, script: str, keys: t.Sequence[bytes], arguments: t.Sequence[t.Any]
) -> t.Any:
    """
    Run a script by its hash; with its text if the server does not know it yet.

    :param client: the client
    :param script: its text
    :param keys: the keys that it uses, all in one hash slot
    :param arguments: its further arguments
    """
    try:
        return client.evalsha(_hash(script), len(keys), *keys, *arguments)
    except NoScriptError:
        return client.eval(script, len(keys), *keys, *arguments)


def store(client: redis.Redis, key: bytes, fields: t.Mapping[bytes, bytes]) -> None:
    """
    Store fields of a hash in one step.

    :param client: the client
    :param key: the key of the hash
    :param fields: the values by field
    """
    client.hset(key, items=[part for pair in fields.items() for part in pair])


def _hash(script: str) -> str:
    known = _hashes.get(script)
    if known is None:
        from hashlib import sha1

        known = _hashes[script] = sha1(script.encode(), usedforsecurity=False).hexdigest()
    return known
