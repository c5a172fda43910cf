"""Cover art: its form by its content, what is written on it, and whose it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Final

from aimusicverse.release.facts import ImageFacts
from aimusicverse.release.likeness import apart
from aimusicverse.release.rules.case import Case
from aimusicverse.release.rules.rule import Evidence, Found, Group, Rule
from aimusicverse.release.targets import Scope

_SPOTIFY_COVER: Final = "content-ops.atspotify.com, cover art (November 2026)"
_APPLE_COVER: Final = "itunespartner.apple.com, article 5215; help.apple.com/itc/musicstyleguide"
_ALL: Final = frozenset({Scope.ALL})
_OFFICIAL: Final = frozenset({Evidence.OFFICIAL})
_OWN: Final = frozenset({Evidence.OWN})
_FIELD: Final = "cover.file"
#: What each takes, by Pillow's names.
_TAKEN: Final = {
    Scope.SPOTIFY: ("jpeg", "png", "tiff"),
    Scope.APPLE: ("jpeg", "png"),
    Scope.SOUNDCLOUD: ("jpeg", "png"),
    Scope.DISTROKID: ("jpeg",),
}
#: The shorter side, pixels.
_LEAST: Final = {Scope.APPLE: 1400, Scope.SPOTIFY: 640}
_ASKED: Final = 3000
_ENDINGS: Final = {"jpg": "jpeg", "jpe": "jpeg", "jfif": "jpeg", "tif": "tiff"}
#: Of pictures that are scaled up from a third of their size, or blurred by as much, less than this is left of
#: the sharpness that they have in small. Sharp ones keep a tenth and more.
_LEAST_SHARP: Final = 0.02
#: Below, there is no edge that could be sharp: skies, gradients.
_HAS_EDGES: Final = 20.0
_BLANK: Final = 2.0
#: Of 64 bits; other codings and sizes of one picture differ in some three, other pictures in some thirty.
_SAME_PICTURE: Final = 4


def _any_of(*words: str) -> re.Pattern[str]:
    """Whole words, in any case; `words` are regular expressions."""
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


#: What must not be written on a cover, and why.
_FORBIDDEN: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("an address", re.compile(r"https?://|\bwww\.|\b[\w-]+\.(?:com|net|org|io|co|fm|tv|me|app|de)\b", re.I)),
    ("a handle", re.compile(r"(?<![\w.])@\w{2,}|(?<!\w)#[^\W\d]\w+")),
    ("a price", re.compile(r"[$€£¥₹]\s?\d|\b\d+[.,]\d\d\s?(?:[$€£¥₹]|usd|eur|gbp)", re.I)),
    ("a QR code", _any_of("qr[ -]?code", "scan me", "scan here")),
    ("a barcode", re.compile(r"\bbar[ -]?code\b|(?<!\d)\d{12,13}(?!\d)", re.I)),
    (
        "an advertisement",
        _any_of(
            "out (?:now|soon|today)", "coming soon", "now (?:available|streaming)", "available (?:now|on|at)",
            "(?:stream|buy|download|pre-?order|pre-?save|listen) (?:it )?(?:now|here|today)", "pre-?save",
            "new (?:single|album|ep)", "free download", "limited edition", "exclusive", "link in bio",
        ),
    ),
    (
        "the name of a store",
        _any_of(
            "spotify", "apple music", "itunes", "youtube(?: music)?", "soundcloud", "deezer", "tidal",
            "amazon music", "bandcamp", "tik ?tok", "instagram", "facebook", "pandora", "napster", "beatport",
            "distrokid", "tunecore", "cd baby",
        ),
    ),
    (
        "a physical format",
        _any_of("compact dis[ck]", "cds?", "dvds?", "vinyl", "cassette", "blu-?ray", "minidisc"),
    ),
    (
        "a sound format",
        _any_of(
            "dolby", "atmos", "lossless", "(?:16|24|32)[ -]?bits?", "hi-?res", "spatial audio", "mp3", "flac",
            "wav", "digital master", r"(?:44\.1|48|96|192) ?khz",
        ),
    ),
    ("a parental advisory in words", _any_of("explicit(?: content| version)?")),
)  # fmt: skip
#: Words between names and titles, and what stores themselves add to titles.
_LINKS: Final = frozenset({
    "and", "x", "with", "feat", "ft", "featuring", "by", "the", "a", "an", "ep", "single", "album",
    "presents", "pt", "part", "vol", "volume",
})  # fmt: skip

Judge = Callable[[Case, ImageFacts], Iterator[Found]]


def _picture(judge: Judge) -> Callable[[Case], Iterator[Found]]:
    """If the cover was looked into."""

    def test(case: Case) -> Iterator[Found]:
        if case.image is not None:
            yield from judge(case, case.image)

    return test


def _size(image: ImageFacts) -> str:
    return f"{image.width} × {image.height}"


def _square(case: Case, image: ImageFacts) -> Iterator[Found]:
    if image.width != image.height:
        yield Found(_FIELD, _size(image))


def _small(case: Case, image: ImageFacts) -> Iterator[Found]:
    side = min(image.width, image.height)
    least = max((pixels for scope, pixels in _LEAST.items() if case.goes_to(scope)), default=0)
    if side < least:
        yield Found(
            _FIELD,
            _size(image),
            words={"least": f"{least} × {least} is the least that is taken"},
            severity="error",
        )
    elif side < _ASKED:
        words = {"least": f"stores ask for {_ASKED} × {_ASKED}"}
        yield Found(_FIELD, _size(image), words=words, severity="warning")


def _large(case: Case, image: ImageFacts) -> Iterator[Found]:
    side = max(image.width, image.height)
    if side > 10_000:
        yield Found(_FIELD, _size(image), severity="error")
    elif side > 6_000 or image.width * image.height > 50_000_000:
        yield Found(_FIELD, _size(image), severity="warning")


def _format(case: Case, image: ImageFacts) -> Iterator[Found]:
    for scope, taken in _TAKEN.items():
        if case.goes_to(scope) and image.kind not in taken:
            passes = " or ".join(kind.upper() for kind in taken)
            yield Found(_FIELD, image.kind.upper(), f"{passes}, judged by its content")


def _other_name(case: Case, image: ImageFacts) -> Iterator[Found]:
    stem, dot, ending = image.name.rpartition(".")
    ending = ending.lower()
    if stem and dot and _ENDINGS.get(ending, ending) != image.kind:
        yield Found(_FIELD, image.name, words={"kind": image.kind.upper()})


def _progressive(case: Case, image: ImageFacts) -> Iterator[Found]:
    if image.progressive:
        yield Found(_FIELD, "progressive JPEG")


def _colour(case: Case, image: ImageFacts) -> Iterator[Found]:
    names = {
        "CMYK": "CMYK, for print", "L": "greyscale", "LA": "greyscale with transparency",
        "P": "indexed colours", "RGBA": "RGB with transparency", "1": "black and white",
    }  # fmt: skip
    if image.mode != "RGB":
        yield Found(_FIELD, names.get(image.mode, image.mode), severity="error")
    elif image.bits != 8:
        yield Found(_FIELD, f"{image.bits} bits a channel", severity="error")
    elif image.profile is not None and "srgb" not in image.profile.lower():
        yield Found(_FIELD, f"colours as of the profile {image.profile!r}", severity="warning")


def _heavy(case: Case, image: ImageFacts) -> Iterator[Found]:
    if image.size_bytes > 10_000_000:
        yield Found(_FIELD, f"{image.size_bytes / 1e6:.1f} MB")


def _heavy_thumbnail(case: Case, image: ImageFacts) -> Iterator[Found]:
    if image.size_bytes > 2 * 2**20:
        yield Found(_FIELD, f"{image.size_bytes / 1e6:.1f} MB")


def _is_blank(image: ImageFacts) -> bool:
    return image.deviation < _BLANK


def _blurred(case: Case, image: ImageFacts) -> Iterator[Found]:
    if image.coarse_sharpness < _HAS_EDGES or _is_blank(image):
        return
    share = image.sharpness / image.coarse_sharpness
    if share < _LEAST_SHARP:
        yield Found(_FIELD, f"sharpness {image.sharpness:.0f}", words={"share": f"{share:.1%}"})


def _blank(case: Case, image: ImageFacts) -> Iterator[Found]:
    if _is_blank(image):
        yield Found(_FIELD, f"deviation of brightness {image.deviation:.1f}")


def _used_before(case: Case, image: ImageFacts) -> Iterator[Found]:
    if _is_blank(image):
        return  # all of them are alike
    for release in case.earlier:
        # A single that comes out again on an album keeps its UPC there, or is that album.
        is_same = release.upc is not None and release.upc == case.release.upc
        if (
            release.cover is not None
            and not is_same
            and apart(release.cover, image.likeness) <= _SAME_PICTURE
        ):
            yield Found(_FIELD, image.name, words={"other": release.title})


def _words(text: str) -> list[str]:
    """Letters and digits, without case, apostrophes, and accents that differ in form only."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.findall(r"[^\W_]+", re.sub(r"['’ʼ]", "", plain))


def _names(case: Case) -> list[str]:
    """Everything that may stand on the cover: titles, versions, people, and the label."""
    release = case.release
    tracks = [(track.recording.title, track.recording.version) for track in case.tracks]
    people = [*release.artists, *release.contributors]
    for track in case.tracks:
        people += [*track.recording.artists, *track.recording.contributors]
    named = [release.title, release.version, release.label, *(part for track in tracks for part in track)]
    return [name for name in (*named, *(person.name for person in people)) if name]


def _without_names(text: str, names: list[str]) -> str:
    """What is left of it when titles and names are taken out: they are judged where they are given."""
    left = unicodedata.normalize("NFKC", text)
    for name in sorted(names, key=len, reverse=True):
        plain = unicodedata.normalize("NFKC", name)
        left = re.sub(rf"(?<!\w){re.escape(plain)}(?!\w)", " ", left, flags=re.IGNORECASE)
    return left


def _forbidden_words(case: Case) -> Iterator[Found]:
    names = _names(case)
    for place, text in enumerate(case.release.cover.lettering or ()):
        left = _without_names(text, names)
        for what, pattern in _FORBIDDEN:
            if match := pattern.search(left):
                yield Found(
                    f"cover.lettering[{place}]", text, words={"what": what, "found": match[0].strip()}
                )
                break


def _other_words(case: Case) -> Iterator[Found]:
    names = _names(case)
    known = {word for name in names for word in _words(name)} | _LINKS
    if _is_all_names(case, names):
        return
    for place, text in enumerate(case.release.cover.lettering or ()):
        left = _without_names(text, names)
        if any(pattern.search(left) for _, pattern in _FORBIDDEN):
            continue  # told already
        others = [word for word in _words(left) if word not in known]
        if others:
            yield Found(f"cover.lettering[{place}]", text, words={"others": ", ".join(others)})


def _is_all_names(case: Case, names: list[str]) -> bool:
    """Whether all of it is titles and names, set without their blanks, or broken anywhere over lines."""
    left = "".join("".join(_words(text)) for text in case.release.cover.lettering or ())
    for name in sorted(("".join(_words(name)) for name in names), key=len, reverse=True):
        left = left.replace(name, "") if name else left
    return not left


def _unknown_words(case: Case) -> Iterator[Found]:
    cover = case.release.cover
    has_one = case.image is not None or cover.file or cover.artwork_id
    if has_one and cover.lettering is None:
        yield Found("cover.lettering")


def _rights(case: Case) -> Iterator[Found]:
    cover, made = case.release.cover, case.release.ai.artwork
    if not (case.image is not None or cover.file or cover.artwork_id):
        return
    rights = (cover.rights or "").strip()
    if not rights:
        yield Found("cover.rights", None, words={"why": "Nothing says whose the cover is"})
    elif rights.casefold() == "ai" and made == "none":
        yield Found(
            "cover.rights",
            rights,
            words={"why": "The cover is said to be made by AI, and ai.artwork says none"},
        )


def _soundcloud_artwork(case: Case) -> Iterator[Found]:
    cover, pays = case.release.cover, case.release.soundcloud.paid_account
    if (case.image is not None or cover.file or cover.artwork_id) and pays is not True:
        yield Found(
            "soundcloud.paid_account",
            None if pays is None else "false",
            severity="info" if pays is None else "warning",
        )


RULES: Final[tuple[Rule, ...]] = (
    Rule(
        id="C-SQUARE",
        group=Group.ARTWORK,
        scopes=_ALL,
        severity="error",
        field=_FIELD,
        test=_picture(_square),
        message="The cover has {value} pixels: it is not square.",
        passes="as wide as it is high, such as 3000 × 3000",
        fix="Crop it (amv release prepare cuts out the middle), or choose a square one.",
        example="3000 × 3000",
        source=f"{_SPOTIFY_COVER}; {_APPLE_COVER}",
        evidence=_OFFICIAL,
        term="cover",
    ),
    Rule(
        id="C-MIN",
        group=Group.ARTWORK,
        scopes=_ALL,
        severity="warning",
        field=_FIELD,
        test=_picture(_small),
        message="The cover has {value} pixels; {least}.",
        passes="3000 × 3000 pixels",
        fix="Export it anew in that size. To scale up a small one makes it blurred, which is no better.",
        example="3000 × 3000",
        source=f"{_SPOTIFY_COVER}; {_APPLE_COVER}; help.soundcloud.com; support.distrokid.com",
        evidence=_OFFICIAL,
        term="cover",
    ),
    Rule(
        id="C-MAX",
        group=Group.ARTWORK,
        scopes=_ALL,
        severity="error",
        field=_FIELD,
        test=_picture(_large),
        message="The cover has {value} pixels, more than some stores are said to take.",
        passes="3000 × 3000 pixels; at most 6000 on a side",
        fix="Scale it down to 3000 × 3000.",
        example="3000 × 3000",
        source="help pages of distributors; no store publishes a bound",
        evidence=frozenset({Evidence.THIRD_PARTY, Evidence.UNVERIFIED}),
    ),
    Rule(
        id="C-FMT",
        group=Group.ARTWORK,
        scopes=frozenset(_TAKEN),
        severity="error",
        field=_FIELD,
        test=_picture(_format),
        message="The cover is a {value}, which is not taken there.",
        passes="a JPEG, judged by its content",
        fix="Save it as JPEG: baseline, RGB, quality 90 or more. All take that.",
        example="cover.jpg",
        source=f"{_SPOTIFY_COVER}; {_APPLE_COVER}; help.soundcloud.com; support.distrokid.com",
        evidence=_OFFICIAL,
    ),
    Rule(
        id="C-FMT-NAME",
        group=Group.ARTWORK,
        scopes=_ALL,
        severity="warning",
        field=_FIELD,
        test=_picture(_other_name),
        message="{value} is a {kind} by its content, whatever its name says.",
        passes="a name that ends as the content is",
        fix="Save it as a JPEG, rather than renaming it.",
        example="cover.jpg",
        source="aimusicverse: some upload forms go by the name, and refuse it later",
        evidence=_OWN,
    ),
    Rule(
        id="C-FMT-PROGRESSIVE",
        group=Group.ARTWORK,
        scopes=_ALL,
        severity="info",
        field=_FIELD,
        test=_picture(_progressive),
        message="The cover is a {value}; a baseline one is read by every system.",
        passes="a baseline JPEG",
        fix='Save it anew with "progressive" turned off (amv release prepare does).',
        example=None,
        source="aimusicverse: the common denominator of what stores write",
        evidence=_OWN,
    ),
    Rule(
        id="C-COLOUR",
        group=Group.ARTWORK,
        scopes=_ALL,
        severity="error",
        field=_FIELD,
        test=_picture(_colour),
        message="The cover is {value}.",
        passes="RGB with 8 bits a channel, without transparency, in sRGB",
        fix="Save it as sRGB, the colours of screens (amv release prepare does).",
        example="RGB",
        source=f"{_SPOTIFY_COVER}; support.distrokid.com",
        evidence=_OFFICIAL,
    ),
    Rule(
        id="C-SIZE",
        group=Group.ARTWORK,
        scopes=_ALL,
        severity="warning",
        field=_FIELD,
        test=_picture(_heavy),
        message="The cover file has {value}; some distributors take no more than 10 MB.",
        passes="at most 10 MB",
        fix="Save it as a JPEG of quality 90: it will have 2 to 5 MB.",
        example=None,
        source="help pages of distributors",
        evidence=frozenset({Evidence.THIRD_PARTY, Evidence.UNVERIFIED}),
    ),
    Rule(
        id="C-SIZE-YT",
        group=Group.ARTWORK,
        scopes=frozenset({Scope.YOUTUBE}),
        severity="warning",
        field=_FIELD,
        test=_picture(_heavy_thumbnail),
        message="The cover file has {value}: as a thumbnail YouTube takes at most 2 MB.",
        passes="at most 2 MB as a thumbnail; the still of the video may be larger",
        fix="Give a smaller copy as the thumbnail: a JPEG of 1280 × 720.",
        example=None,
        source="developers.google.com/youtube/v3, thumbnails.set",
        evidence=_OFFICIAL,
    ),
    Rule(
        id="C-UPSCALE",
        group=Group.ARTWORK,
        scopes=frozenset({Scope.SPOTIFY}),
        severity="warning",
        field=_FIELD,
        test=_picture(_blurred),
        message="The cover looks blurred or scaled up: it has {share} of the sharpness that it has in small.",
        passes="a picture that is sharp in its full size",
        fix="Use the original in its full size. If the blur is meant, leave it.",
        example=None,
        source=_SPOTIFY_COVER,
        evidence=_OFFICIAL,
    ),
    Rule(
        id="C-TEXT",
        group=Group.ARTWORK,
        scopes=_ALL,
        severity="error",
        field="cover.lettering[]",
        test=_forbidden_words,
        message="The cover says {value!r}: {found!r} is {what}, and is refused.",
        passes="the title and the artist, and nothing else",
        fix="Take it off the cover.",
        example="Paper Lanterns",
        source=f"{_APPLE_COVER}; support.distrokid.com",
        evidence=_OFFICIAL,
    ),
    Rule(
        id="C-TEXT-METADATA",
        group=Group.ARTWORK,
        scopes=_ALL,
        severity="warning",
        field="cover.lettering[]",
        test=_other_words,
        message="The cover says {value!r}, of which neither title nor artist have: {others}.",
        passes="words of the title, the version, the artists and the label, spelt as they are given",
        fix="Change the cover, or the title or name, so that they agree.",
        example="Paper Lanterns",
        source=_APPLE_COVER,
        evidence=_OFFICIAL,
    ),
    Rule(
        id="C-TEXT-LOOK",
        group=Group.ARTWORK,
        scopes=_ALL,
        severity="info",
        field="cover.lettering",
        test=_unknown_words,
        message="Nobody said what is written on the cover: look whether it is title and artist alone.",
        passes="cover.lettering: all words in the picture, or [] if there are none",
        fix="No address, handle, QR code, price, barcode, store's name, advertisement or name of a format.",
        example='["Paper Lanterns", "Maren Okafor"]',
        source=_APPLE_COVER,
        evidence=_OFFICIAL,
    ),
    Rule(
        id="C-BLANK",
        group=Group.ARTWORK,
        scopes=_ALL,
        severity="warning",
        field=_FIELD,
        test=_picture(_blank),
        message="The cover is of one colour, or nearly ({value}).",
        passes="a picture on which something is to be seen",
        fix="Choose a picture, or let one be made (amv artwork create).",
        example=None,
        source="help pages of distributors",
        evidence=frozenset({Evidence.THIRD_PARTY}),
    ),
    Rule(
        id="C-REUSE",
        group=Group.ARTWORK,
        scopes=frozenset({Scope.DISTROKID}),
        severity="warning",
        field=_FIELD,
        test=_picture(_used_before),
        message="The cover {value} looks like the one of {other!r}.",
        passes="another picture for every release",
        fix="Choose another picture, or vary this one visibly.",
        example=None,
        source="support.distrokid.com",
        evidence=frozenset({Evidence.THIRD_PARTY}),
        publisher=Scope.DISTROKID,
    ),
    Rule(
        id="C-RIGHTS",
        group=Group.ARTWORK,
        scopes=_ALL,
        severity="warning",
        field="cover.rights",
        test=_rights,
        message="{why}.",
        passes="own, licensed, or ai: whose the picture is, people and brands in it included",
        fix="Say so in cover.rights, and where a machine made it, in ai.artwork.",
        example="own",
        source="itunespartner.apple.com, music artwork",
        evidence=_OFFICIAL,
    ),
    Rule(
        id="C-SC-ART",
        group=Group.ARTWORK,
        scopes=frozenset({Scope.SOUNDCLOUD}),
        severity="warning",
        field="soundcloud.paid_account",
        test=_soundcloud_artwork,
        message="SoundCloud sets artwork by its API for paid accounts alone; others get none.",
        passes="true, if the account is a paid one",
        fix="Say soundcloud.paid_account = true, or set the artwork by hand after the upload.",
        example="true",
        source="SoundCloud's OpenAPI description, July 2026; github.com/soundcloud/api issue 409",
        evidence=_OFFICIAL,
    ),
)
