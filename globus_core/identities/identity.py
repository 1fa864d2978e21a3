"""
The record of one identity.
"""

from __future__ import annotations

from .keys import canonical_uuid, is_canonical

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    _Document = dict[str, t.Any]
    Attributes = t.Mapping[str, t.Any]
else:
    _Document = dict

_new, _fill = dict.__new__, dict.update
_view = type(type.__dict__)  # types.MappingProxyType, whose module takes time to import
#: for the many identities without extensions and included documents; never changed
_NOTHING: dict[str, t.Any] = {}
#: the source of records that Globus Auth returned
GLOBUS = "globus"
#: the source of records that the program itself states
CALLER = "caller"


def _read_only(self: t.Any, *args: t.Any, **kwargs: t.Any) -> t.NoReturn:
    raise TypeError("an identity is read-only; change a copy of it: dict(identity)")


class Identity(_Document):
    """
    A read-only Globus identity document, with what extensions know about the person.

    It is a dict, so it compares, prints and converts to JSON like the document; its keys are only
    the fields of Globus. What plugins add is in ``extensions``. ``dict(identity)`` and
    ``identity.copy()`` return a plain dict that can be changed.

    :param document: the fields of the identity, with ``id`` and ``username``
    :param source: where it comes from: ``globus``, ``plugin:`` and a plugin's name, or ``caller``
    :param extensions: attributes by the name of the plugin that gave them
    :param included: documents that Globus Auth returned with the identity, by kind; None for one
        that was requested but is missing
    :raises ValidationError: if the document has no UUID as its id, or no username
    """

    __slots__ = ("_extensions", "_id", "_included", "_source")

    def __init__(
        self,
        document: Attributes,
        *,
        source: str = CALLER,
        extensions: t.Mapping[str, Attributes] | None = None,
        included: t.Mapping[str, Attributes | None] | None = None,
    ) -> None:
        dict.__init__(self, document)
        self._id = self._id_of_document()
        self._source = source
        self._extensions = self._included = _NOTHING
        if extensions:
            self._extensions = {name: dict(value) for name, value in extensions.items()}
        if included:
            self._included = {
                name: None if value is None else dict(value) for name, value in included.items()
            }

    def _id_of_document(self) -> str:
        given, username = self.get("id"), self.get("username")
        usual = given if type(given) is str and is_canonical(given) else _usual(given)
        if usual is None:
            raise _invalid(f"the field 'id' of an identity must be a UUID, not {given!r:.80}")
        if not isinstance(username, str) or not username.strip():
            raise _invalid(
                f"the field 'username' of an identity must be text, not {username!r:.80}"
            )
        return usual

    @property
    def id(self) -> str:
        """The identity's id, a UUID in canonical form."""
        return self._id

    @property
    def username(self) -> str:
        """The username, as Globus spells it."""
        name: str = self["username"]
        return name

    @property
    def source(self) -> str:
        """Where it comes from: ``globus``, ``plugin:`` and a plugin's name, or ``caller``."""
        return self._source

    @property
    def asserted(self) -> bool:
        """Whether the source is not Globus Auth."""
        return self._source != GLOBUS

    @property
    def extensions(self) -> t.Mapping[str, Attributes]:
        """What plugins added, by the plugin's name."""
        return _view(self._extensions)

    @property
    def included(self) -> t.Mapping[str, Attributes | None]:
        """What was requested with ``include``: under ``identity_provider`` the provider."""
        return _view(self._included)

    def extended(self, extensions: t.Mapping[str, Attributes]) -> Identity:
        """
        The same identity with further attributes; earlier ones of the same plugin are replaced.

        :param extensions: attributes by the name of the plugin that gave them
        """
        both = {**self._extensions, **extensions}
        return type(self)(self, source=self._source, extensions=both, included=self._included)

    def _repr_html_(self) -> str:
        from globus_core import notebook

        added = {
            f"{name}: {key}": v for name, its in self._extensions.items() for key, v in its.items()
        }
        about = notebook.fields({**self, "source": self._source, **added})
        return notebook.page(f"Identity {self.get('username', self._id)}", about)

    def to_dict(self) -> dict[str, t.Any]:
        """
        Everything, for JSON: the document under ``identity``, ``source``, ``extensions``, and
        ``included`` if something was requested with it.
        """
        extensions = {name: dict(value) for name, value in self._extensions.items()}
        data = {"identity": dict(self), "source": self._source, "extensions": extensions}
        if self._included:
            data["included"] = dict(self._included)
        return data

    @classmethod
    def from_dict(cls, data: Attributes) -> Identity:
        """
        Restore an identity from the result of :meth:`to_dict`.

        :param data: the result
        :raises ValidationError: if something is missing or has the wrong type
        """
        try:
            document, source, extensions = data["identity"], data["source"], data["extensions"]
            included = data.get("included")
            if not extensions and not included and cls is Identity:
                return plain_identity(document, source)
            return cls(document, source=source, extensions=extensions, included=included)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise _invalid(f"not a stored identity ({type(error).__name__})") from error

    __setitem__ = _read_only
    __delitem__ = _read_only
    __ior__ = _read_only
    clear = _read_only
    pop = _read_only
    popitem = _read_only
    setdefault = _read_only
    update = _read_only

    def __reduce__(self) -> tuple[t.Any, ...]:
        # The default would fill the copy item by item, which a read-only dict refuses.
        fields = (dict(self), self._source, self._extensions, self._included)
        return (_restore, fields) if type(self) is Identity else (_restore, (*fields, type(self)))


class UncheckedIdentity(Identity):
    """
    An identity whose document need not have a UUID or a username, such as one in a caller's cache.

    Its ``id`` is what the document says, and empty if it says nothing.
    """

    __slots__ = ()

    def _id_of_document(self) -> str:
        given = self.get("id")
        text = "" if given is None else str(given).strip().lower()
        return canonical_uuid(text) or text


def plain_identity(document: Attributes, source: str) -> Identity:
    """
    The same as ``Identity(document, source=source)``, in half the time, for whoever makes many.

    :param document: see :class:`Identity`
    :param source: see :class:`Identity`
    :raises ValidationError: if the document has no UUID as its id, or no username
    """
    identity = _new(Identity)
    _fill(identity, document)
    identity._id = identity._id_of_document()
    identity._source = source
    identity._extensions = identity._included = _NOTHING
    return identity


def _usual(identity_id: t.Any) -> str | None:
    return canonical_uuid(identity_id.strip().lower()) if isinstance(identity_id, str) else None


def _restore(
    document: dict[str, t.Any],
    source: str,
    extensions: dict[str, t.Any],
    included: dict[str, t.Any],
    kind: type[Identity] = Identity,
) -> Identity:
    return kind(document, source=source, extensions=extensions, included=included)


def _invalid(message: str) -> Exception:
    from globus_core.exc import ValidationError

    return ValidationError(message)
