"""What differs between the versions of ERN that are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from aimusicverse.release.roles import CONTRIBUTOR_ROLES, CONTRIBUTOR_ROLES_OF_432

VersionName = Literal["4.3", "4.3.2"]
_ROLES: Final = CONTRIBUTOR_ROLES - {"UserDefined"}


@dataclass(frozen=True, slots=True)
class ErnVersion:
    """One of them.

    Args:
        name: `4.3.2`.
        namespace: of the root element.
        avs: version of the allowed value sets, as its messages name it.
        genre: name of the element that holds a genre.
        has_ai: whether it can say what a machine made, in elements of its own.
        contributor_roles: names it knows; in 4.3.2 they stand in a `Value` within `Role`.
        artist_roles: display roles that it knows.
        clean_of: relation of a clean recording to its explicit one, if it has a value for that.
    """

    name: VersionName
    namespace: str
    avs: str
    genre: str
    has_ai: bool
    contributor_roles: frozenset[str]
    artist_roles: frozenset[str]
    clean_of: str | None

    @property
    def schema(self) -> str:
        """Where DDEX publishes its schema."""
        return f"{self.namespace}/release-notification.xsd"


VERSIONS: Final[dict[str, ErnVersion]] = {
    version.name: version
    for version in (
        ErnVersion(
            name="4.3",
            namespace="http://ddex.net/xml/ern/43",
            avs="3",  # as the official sample of 4.3 has it
            genre="Genre",
            has_ai=False,
            contributor_roles=_ROLES - CONTRIBUTOR_ROLES_OF_432,
            artist_roles=frozenset({"MainArtist", "FeaturedArtist", "Artist"}),
            clean_of=None,
        ),
        ErnVersion(
            name="4.3.2",
            namespace="http://ddex.net/xml/ern/432",
            avs="9",
            genre="DisplayGenre",
            has_ai=True,
            contributor_roles=_ROLES,
            artist_roles=frozenset({"MainArtist", "FeaturedArtist", "Artist", "Brand"}),
            clean_of="IsEditedVersionOf",
        ),
    )
}


def version_of(name: str) -> ErnVersion:
    """The version of this name.

    Raises:
        ValueError: another one.
    """
    found = VERSIONS.get(name)
    if found is None:
        raise ValueError(f"ERN {name!r} is not written; there are: {', '.join(VERSIONS)}")
    return found
