"""What only an upload to SoundCloud asks. A distributor who brings it there asks none of it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from typing import Final

from aimusicverse.release.rules.case import Case
from aimusicverse.release.rules.rule import Evidence, Found, Group, Rule
from aimusicverse.release.targets import Scope

SHARING: Final = ("public", "private")
EMBEDDABLE_BY: Final = ("all", "me", "none")
LICENCES: Final = (
    "no-rights-reserved", "all-rights-reserved", "cc-by", "cc-by-nc", "cc-by-nd", "cc-by-sa", "cc-by-nc-nd",
    "cc-by-nc-sa",
)  # fmt: skip
_MOST_TAGS: Final = 30
_LONGEST_DESCRIPTION: Final = 4_000
_ADDRESS: Final = re.compile(r"https?://[^\s/]+\.[^\s]+")


def _one_of(name: str, known: tuple[str, ...]) -> Callable[[Case], Iterator[Found]]:
    def test(case: Case) -> Iterator[Found]:
        value = getattr(case.release.soundcloud, name)
        if value is None or value in known or case.distributor is not None:
            return
        plain = re.sub(r"[\s_]+", "-", value.casefold())
        near = difflib.get_close_matches(plain, known, 1, 0.8)
        yield Found(f"soundcloud.{name}", value, instead=near[0] if near else None)

    return test


def _tags(case: Case) -> Iterator[Found]:
    tags = case.release.soundcloud.tags
    if case.distributor is None and len(tags) > _MOST_TAGS:
        yield Found("soundcloud.tags", str(len(tags)))


def _quoted_tags(case: Case) -> Iterator[Found]:
    if case.distributor is not None:
        return
    for place, tag in enumerate(case.release.soundcloud.tags):
        if '"' in tag or not tag:
            bare = " ".join(tag.replace('"', " ").split())
            yield Found(f"soundcloud.tags[{place}]", tag, instead=bare or None)


def _description(case: Case) -> Iterator[Found]:
    description = case.release.soundcloud.description or ""
    if case.distributor is None and len(description) > _LONGEST_DESCRIPTION:
        yield Found("soundcloud.description", f"{description[:40]}…", words={"length": len(description)})


def _purchase(case: Case) -> Iterator[Found]:
    address = case.release.soundcloud.purchase_url
    if address and case.distributor is None and not _ADDRESS.fullmatch(address):
        bare = f"https://{address}"
        yield Found(
            "soundcloud.purchase_url",
            address,
            instead=bare if "." in address and _ADDRESS.fullmatch(bare) else None,
        )


def _file_names(case: Case) -> Iterator[Found]:
    if case.distributor is not None:
        return
    for track in case.tracks:
        name = track.recording.file or (track.audio.name if track.audio else "")
        if not name.isascii():
            yield Found(f"tracks[{track.index}].file", name, words={"n": track.number})


_SPEC: Final = "SoundCloud's OpenAPI description, July 2026"
_SCOPE: Final = frozenset({Scope.SOUNDCLOUD})
_OFFICIAL: Final = frozenset({Evidence.OFFICIAL})

RULES: Final = (
    Rule(
        id="SC-SHARING",
        group=Group.SOUNDCLOUD,
        scopes=_SCOPE,
        severity="error",
        field="soundcloud.sharing",
        test=_one_of("sharing", SHARING),
        message="SoundCloud knows no sharing {value!r}.",
        passes="public or private",
        fix="Set soundcloud.sharing to one of these.",
        example='sharing = "private"',
        source=_SPEC,
        evidence=_OFFICIAL,
    ),
    Rule(
        id="SC-EMBED",
        group=Group.SOUNDCLOUD,
        scopes=_SCOPE,
        severity="error",
        field="soundcloud.embeddable_by",
        test=_one_of("embeddable_by", EMBEDDABLE_BY),
        message="SoundCloud cannot be told that {value!r} may embed it.",
        passes="all, me or none; or nothing",
        fix="Set soundcloud.embeddable_by to one of these, or leave it out.",
        example='embeddable_by = "all"',
        source=_SPEC,
        evidence=_OFFICIAL,
    ),
    Rule(
        id="SC-LICENCE",
        group=Group.SOUNDCLOUD,
        scopes=_SCOPE,
        severity="error",
        field="soundcloud.licence",
        test=_one_of("licence", LICENCES),
        message="SoundCloud knows no licence {value!r}.",
        passes=f"{', '.join(LICENCES)}; or nothing",
        fix="Set soundcloud.licence to one of these, or leave it out: then all rights are reserved.",
        example='licence = "all-rights-reserved"',
        source=_SPEC,
        evidence=_OFFICIAL,
    ),
    Rule(
        id="SC-TAGS",
        group=Group.SOUNDCLOUD,
        scopes=_SCOPE,
        severity="warning",
        field="soundcloud.tags",
        test=_tags,
        message="{value} tags are many; SoundCloud does not say how many it takes.",
        passes=f"at most {_MOST_TAGS} tags",
        fix="Keep those that somebody would look for.",
        example='tags = ["ambient", "field recording"]',
        source="aimusicverse: the limit is not documented",
        evidence=frozenset({Evidence.UNVERIFIED}),
    ),
    Rule(
        id="SC-TAG-FORM",
        group=Group.SOUNDCLOUD,
        scopes=_SCOPE,
        severity="error",
        field="soundcloud.tags[]",
        test=_quoted_tags,
        message="The tag {value!r} cannot be written: tags of several words stand in double quotes.",
        passes="words without double quotes",
        fix="Leave the double quotes out; they are set where they belong.",
        example='tags = ["field recording"]',
        source=f"{_SPEC}, tag_list",
        evidence=_OFFICIAL,
    ),
    Rule(
        id="SC-DESCRIPTION",
        group=Group.SOUNDCLOUD,
        scopes=_SCOPE,
        severity="warning",
        field="soundcloud.description",
        test=_description,
        message="The description has {length} characters; SoundCloud does not say how many it takes.",
        passes=f"at most {_LONGEST_DESCRIPTION} characters",
        fix="Shorten it.",
        example='description = "Recorded at home in two nights."',
        source="aimusicverse: the limit is not documented",
        evidence=frozenset({Evidence.UNVERIFIED}),
    ),
    Rule(
        id="SC-PURCHASE",
        group=Group.SOUNDCLOUD,
        scopes=_SCOPE,
        severity="warning",
        field="soundcloud.purchase_url",
        test=_purchase,
        message="{value!r} is no address of a page.",
        passes="an address with https:// before it; or nothing",
        fix="Copy the address of the page where it is sold.",
        example='purchase_url = "https://maren.example/shop"',
        source=_SPEC,
        evidence=_OFFICIAL,
    ),
    Rule(
        id="SC-FILE-NAME",
        group=Group.SOUNDCLOUD,
        scopes=_SCOPE,
        severity="info",
        field="tracks[].file",
        test=_file_names,
        message="The file of track {n}, {value!r}, is not ASCII: SoundCloud answered 500 to such names.",
        passes="any name: it is sent under a plain one, like track.wav",
        fix="Nothing here. If you upload it yourself, rename it first.",
        example="track.wav",
        source="github.com/soundcloud/api, issue 392",
        evidence=_OFFICIAL,
    ),
)
