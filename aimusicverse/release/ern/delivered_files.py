"""Technical details: what a file is, where it lies in the package, and by which sums it is known again."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from aimusicverse.release.ern.draft import Draft
from aimusicverse.release.ern.tree import Element, branch, duration_of, fixed
from aimusicverse.release.facts import AudioFacts, ImageFacts
from aimusicverse.release.release_files import PictureFile, SoundFile

#: The folder of the files, beside the message.
FOLDER: Final = "resources"
_CODECS: Final = {"wav": "PCM", "aiff": "PCM", "flac": "FLAC", "mp3": "MP3", "ogg": "Vorbis", "m4a": "AAC"}
_CONTAINERS: Final = {"wav": "WAV", "aiff": "AIFF", "ogg": "Ogg", "m4a": "MP4"}
_KNOWN: Final = frozenset(("PCM", "FLAC", "MP2", "MP3", "Vorbis", "AAC"))
#: Codings by the name that libsndfile gives them, where the container does not tell.
_BY_CODING: Final = {"OPUS": "Opus", "ALAC": "ALAC", "MPEG_LAYER_II": "MP2", "MPEG_LAYER_III": "MP3"}
_PICTURES: Final = {"jpeg": "JPEG", "png": "PNG", "tiff": "TIFF"}


def sound_name(number: int, sound: SoundFile) -> str:
    """Of a recording's file in the package: `A1.flac`, as the message calls the recording."""
    return f"A{number}.{sound.ending}"


def cover_name(cover: PictureFile) -> str:
    """Of the cover's file in the package."""
    return f"cover.{cover.ending}"


def write_sound(parent: Element, number: int, sound: SoundFile, draft: Draft) -> None:
    """`TechnicalDetails` of a recording."""
    facts = sound.facts
    details = branch(parent, "TechnicalDetails")
    fixed(details, "TechnicalResourceDetailsReference", f"T{number}")
    element = branch(details, "DeliveryFile")
    fixed(element, "Type", "AudioFile")
    if facts.container in _CONTAINERS:
        fixed(element, "ContainerFormat", _CONTAINERS[facts.container])
    codec = _codec(facts)
    if codec in _KNOWN:
        fixed(element, "AudioCodecType", codec)
    else:
        fixed(element, "AudioCodecType", "UserDefined", Namespace=draft.sender, UserDefinedValue=codec)
    fixed(element, "NumberOfChannels", str(facts.channels))
    fixed(element, "SamplingRate", str(Decimal(facts.sample_rate) / 1000), UnitOfMeasure="kHz")
    if facts.bit_depth is not None:
        fixed(element, "BitsPerSample", str(facts.bit_depth))
    fixed(element, "Duration", duration_of(round(facts.duration_seconds * 1000)))
    if draft.brings_files:
        _file(element, sound_name(number, sound), facts, draft)
    fixed(element, "IsProvidedInDelivery", "true" if draft.brings_files else "false")


def write_cover(parent: Element, number: int, cover: PictureFile, draft: Draft) -> None:
    """`TechnicalDetails` of the image."""
    facts = cover.facts
    details = branch(parent, "TechnicalDetails")
    fixed(details, "TechnicalResourceDetailsReference", f"T{number}")
    fixed(details, "ImageCodecType", _PICTURES[facts.kind])
    fixed(details, "ImageHeight", str(facts.height), UnitOfMeasure="Pixel")
    fixed(details, "ImageWidth", str(facts.width), UnitOfMeasure="Pixel")
    fixed(details, "BitDepth", str(facts.bits))
    if draft.brings_files:
        _file(details, cover_name(cover), facts, draft)
    fixed(details, "IsProvidedInDelivery", "true" if draft.brings_files else "false")


def _codec(facts: AudioFacts) -> str:
    coding = "ALAC" if facts.codec.startswith("ALAC") else facts.codec
    return _BY_CODING.get(coding, _CODECS[facts.container])


def _file(parent: Element, name: str, facts: AudioFacts | ImageFacts, draft: Draft) -> None:
    element = branch(parent, "File")
    fixed(element, "URI", f"{FOLDER}/{name}")
    hashed = branch(element, "HashSum")
    fixed(hashed, "Algorithm", draft.hash_algorithm)
    fixed(hashed, "HashSumValue", facts.md5 if draft.hash_algorithm == "MD5" else facts.sha256)
    # In kilobytes, says the schema; a decimal, so that no byte is lost.
    fixed(element, "FileSize", str(Decimal(facts.size_bytes) / 1000))
