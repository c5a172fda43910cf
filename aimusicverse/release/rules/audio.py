"""Sound files: their form, their length, their levels, and what is in them twice."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from aimusicverse.release import identifiers
from aimusicverse.release.facts import AudioFacts
from aimusicverse.release.rules.case import Case, Track
from aimusicverse.release.rules.rule import Evidence, Found, Group, Rule
from aimusicverse.release.targets import Scope

_SPOTIFY_AUDIO: Final = (
    "content-ops.atspotify.com, audio delivery; support.spotify.com, audio file formats (November 2026)"
)
_APPLE_AUDIO: Final = "help.apple.com/itc/videoaudioassetguide 5.3.14"
_SPOTIFY_AND_APPLE: Final = frozenset({Scope.SPOTIFY, Scope.APPLE})
_OFFICIAL: Final = frozenset({Evidence.OFFICIAL})
_OWN: Final = frozenset({Evidence.OWN})
_LOSSLESS: Final = ("wav", "flac")
_SOUNDCLOUD: Final = frozenset({"aiff", "wav", "rf64", "flac", "ogg", "mp3", "m4a", "amr", "wma"})
_APPLE_RATES: Final = (44_100, 48_000, 88_200, 96_000, 176_400, 192_000)
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
#: A lossy coding left nothing above; 160 kbit/s MP3 ends there, 128 kbit/s near 16.5 kHz.
_REWRAPPED_BELOW_HZ: Final = 17_700.0
_QUIET_END_DBFS: Final = -20.0
_MANY_SECONDS, _TOO_MANY_SECONDS = 3.0, 10.0
#: How loud a store plays: from, to. Apple's -16 is no page of its own, and one master is for all stores.
_PLAYED_AT: Final = {
    Scope.SPOTIFY: (-14.0, -14.0),
    Scope.YOUTUBE: (-14.0, -14.0),
    Scope.APPLE: (-16.0, -14.0),
}
#: What meters may differ by, and masters therefore have above a limit.
_METERS_DIFFER_DB: Final = 0.1
_GIB: Final = 2**30
_HEX: Final = {name: re.compile(rf"[0-9a-f]{{{length}}}") for name, length in (("md5", 32), ("sha256", 64))}

Judge = Callable[[Case, Track, AudioFacts], Iterator[Found]]


def _each(judge: Judge) -> Callable[[Case], Iterator[Found]]:
    """For every track whose file was looked into."""

    def test(case: Case) -> Iterator[Found]:
        for track in case.tracks:
            if track.audio is not None:
                yield from judge(case, track, track.audio)

    return test


def _found(track: Track, value: str, **words: object) -> Found:
    return Found(track.path("file"), value, words={"n": track.number, **words})


def _is_lossless(audio: AudioFacts) -> bool:
    return audio.bit_depth is not None


def _form(audio: AudioFacts) -> str:
    """What it is, in words; and that its name says something else."""
    form = f"{audio.container.upper()} ({audio.codec})"
    ending = audio.name.rpartition(".")[2].lower()
    same = {"wave": "wav", "aif": "aiff", "aifc": "aiff", "oga": "ogg", "opus": "ogg", "mp2": "mp3"}
    if "." not in audio.name or same.get(ending, ending) == audio.container or audio.container == "rf64":
        return form
    return f"{form}, though it is called .{ending}"


def _format(case: Case, track: Track, audio: AudioFacts) -> Iterator[Found]:
    taken = {*_LOSSLESS, "m4a"} if case.scopes.isdisjoint({Scope.SPOTIFY}) else {*_LOSSLESS}
    if audio.container not in taken:
        found = _found(track, _form(audio))
        # A distributor makes the file that a store gets; which ones he takes himself is his own rule.
        yield found if case.distributor is None else replace(found, severity="warning")


def _soundcloud_format(case: Case, track: Track, audio: AudioFacts) -> Iterator[Found]:
    if audio.container not in _SOUNDCLOUD:
        yield _found(track, _form(audio))


def _lossy(case: Case, track: Track, audio: AudioFacts) -> Iterator[Found]:
    if not _is_lossless(audio):
        yield _found(track, _form(audio))


def _wav_form(case: Case, track: Track, audio: AudioFacts) -> Iterator[Found]:
    code = audio.format_code
    # Floats are another fault, and AU-BITS speaks of it.
    if audio.container == "wav" and code is not None and code not in (_PCM, _FLOAT):
        why = "extensible" if code == _EXTENSIBLE else "neither PCM nor float"
        yield _found(track, f"format code 0x{code:04X}", why=f"its format code is 0x{code:04X} ({why})")
    if audio.bytes_after_data:
        count = audio.bytes_after_data
        yield _found(track, f"{count} bytes", why=f"{count} bytes stand behind its end and belong to nothing")


def _sample_rate(case: Case, track: Track, audio: AudioFacts) -> Iterator[Found]:
    rate = audio.sample_rate
    is_apples = case.goes_to(Scope.APPLE)
    if rate >= 44_100 and (not is_apples or rate in _APPLE_RATES):
        return
    passes = (
        ", ".join(f"{taken / 1000:g}" for taken in _APPLE_RATES) + " kHz" if is_apples else "44.1 kHz or more"
    )
    yield Found(track.path("file"), f"{rate / 1000:g} kHz", passes, {"n": track.number}, instead=None)


def _bits(case: Case, track: Track, audio: AudioFacts) -> Iterator[Found]:
    if audio.container in _LOSSLESS and audio.codec not in ("PCM_16", "PCM_24"):
        yield _found(track, audio.codec)


def _channels(case: Case, track: Track, audio: AudioFacts) -> Iterator[Found]:
    if audio.channels != 2:
        yield _found(track, "mono" if audio.channels == 1 else f"{audio.channels} channels")


def _rewrapped(case: Case, track: Track, audio: AudioFacts) -> Iterator[Found]:
    is_cut = audio.cliff_db > 0 and audio.bandwidth_hz < _REWRAPPED_BELOW_HZ
    if is_cut and _is_lossless(audio) and audio.sample_rate >= 44_100:
        yield _found(track, f"{audio.bandwidth_hz / 1000:.1f} kHz", fall=f"{audio.cliff_db:.0f}")


def _short(case: Case) -> Iterator[Found]:
    # As stores tell a single from longer releases: one to three tracks.
    kind = case.release.type or ("single" if len(case.tracks) <= 3 else "album")
    for track in case.tracks:
        if kind == "single" and track.audio is not None and track.audio.duration_seconds < 30:
            yield _found(track, f"{track.audio.duration_seconds:.1f} s")


def _long_on_youtube(case: Case, track: Track, audio: AudioFacts) -> Iterator[Found]:
    hours, is_verified = audio.duration_seconds / 3600, case.release.youtube.channel_verified
    if hours > 12:
        yield _found(track, f"{hours:.1f} h", most="12 hours")
    elif hours > 0.25 and not is_verified:
        yield _found(
            track, f"{hours * 60:.1f} min", most="15 minutes, as long as the channel is not verified"
        )
    if audio.size_bytes > 256 * _GIB:
        yield _found(track, f"{audio.size_bytes / _GIB:.0f} GiB", most="256 GB")


def _large_on_soundcloud(case: Case, track: Track, audio: AudioFacts) -> Iterator[Found]:
    hours, size = audio.duration_seconds / 3600, audio.size_bytes
    if hours > 24:
        yield _found(track, f"{hours:.1f} h", most="24 hours")
    if size > 4 * _GIB:
        yield _found(track, f"{size / _GIB:.1f} GiB", most="4 GB")
    elif size > 500_000_000:
        found = _found(track, f"{size / 1e6:.0f} MB", most="500 MB by the API, a limit that is being raised")
        yield Found(found.field, found.value, words=found.words, severity="warning")


def _is_silent(audio: AudioFacts) -> bool:
    return audio.true_peak_dbtp is None or audio.leading_silence_seconds >= audio.duration_seconds


def _silent(case: Case, track: Track, audio: AudioFacts) -> Iterator[Found]:
    if _is_silent(audio):
        yield _found(track, f"{audio.duration_seconds:.1f} s")


def _silence(case: Case, track: Track, audio: AudioFacts) -> Iterator[Found]:
    if _is_silent(audio):
        return
    for where, seconds in (
        ("begins", audio.leading_silence_seconds),
        ("ends", audio.trailing_silence_seconds),
    ):
        if seconds > _MANY_SECONDS:
            yield Found(
                track.path("file"),
                f"{seconds:.1f} s",
                words={"n": track.number, "where": where},
                severity="error" if seconds > _TOO_MANY_SECONDS else "warning",
            )


def _clipped(case: Case, track: Track, audio: AudioFacts) -> Iterator[Found]:
    if audio.clipped_runs:
        times = "once" if audio.clipped_runs == 1 else f"{audio.clipped_runs} times"
        yield _found(track, str(audio.clipped_runs), times=times)


def _true_peak(case: Case, track: Track, audio: AudioFacts) -> Iterator[Found]:
    peak, loudness = audio.true_peak_dbtp, audio.integrated_lufs
    if peak is None:
        return
    # Half a unit, so that a master at -14 is not judged by the noise of a meter.
    is_loud = loudness is not None and loudness > -13.5
    most = -2.0 if is_loud else -1.0
    if peak > most + _METERS_DIFFER_DB:
        yield _found(
            track,
            f"{peak:.1f} dBTP",
            most=f"{most:g} dBTP",
            why=f", as it is louder than -14 LUFS ({loudness:.1f})" if is_loud else "",
        )


def _loudness(case: Case, track: Track, audio: AudioFacts) -> Iterator[Found]:
    loudness = audio.integrated_lufs
    if loudness is None:
        return
    for scope, (low, high) in _PLAYED_AT.items():
        if case.goes_to(scope) and not low - 1 <= loudness <= high + 1:
            away = loudness - high if loudness > high else loudness - low
            how = f"turned down by about {away:.0f} dB" if away > 0 else "quieter than others there"
            yield _found(
                track,
                f"{loudness:.1f} LUFS",
                how=how,
                reference=f"{low:g}" if low == high else f"{low:g} to {high:g}",
            )


def _dc_offset(case: Case, track: Track, audio: AudioFacts) -> Iterator[Found]:
    if abs(audio.dc_offset) > 0.01:
        yield _found(track, f"{audio.dc_offset:+.1%}")


def _phase(case: Case, track: Track, audio: AudioFacts) -> Iterator[Found]:
    if audio.correlation is not None and audio.correlation < -0.5:
        yield _found(track, f"{audio.correlation:.2f}")


def _twice(case: Case) -> Iterator[Found]:
    seen: defaultdict[str, list[Track]] = defaultdict(list)
    for track in case.tracks:
        if track.audio is not None and track.audio.pcm_sha256:
            seen[track.audio.pcm_sha256].append(track)
    for same in seen.values():
        for track in same[1:]:
            name = track.audio.name if track.audio else ""
            yield _found(track, name, first=same[0].number)


def _other_recording(case: Case) -> Iterator[Found]:
    for track in case.tracks:
        isrc = identifiers.plain_isrc(track.recording.isrc or "")
        if not isrc or track.audio is None:
            continue
        for release in case.earlier:
            sounds = {identifiers.plain_isrc(given): pcm for given, pcm in release.recordings.items()}
            if sounds.get(isrc, track.audio.pcm_sha256) != track.audio.pcm_sha256:
                words = {"n": track.number, "other": release.title}
                yield Found(track.path("isrc"), track.recording.isrc, words=words)


def _hashes(case: Case, track: Track, audio: AudioFacts) -> Iterator[Found]:
    for name, form in _HEX.items():
        value = getattr(audio, name)
        if not form.fullmatch(value):
            yield _found(track, value or "none", what=f"its {name.upper()} is {value or 'not known'}")
    if audio.size_bytes <= 0:
        yield _found(track, str(audio.size_bytes), what=f"its size is {audio.size_bytes} bytes")


def _cut(case: Case, track: Track, audio: AudioFacts) -> Iterator[Found]:
    if audio.end_dbfs is not None and audio.end_dbfs > _QUIET_END_DBFS:
        yield _found(track, f"{audio.end_dbfs:.0f} dBFS")


RULES: Final[tuple[Rule, ...]] = (
    Rule(
        id="AU-FMT",
        group=Group.AUDIO,
        scopes=_SPOTIFY_AND_APPLE,
        severity="error",
        field="tracks[].file",
        test=_each(_format),
        message="The file of track {n} is {value}.",
        passes="FLAC or WAV (Apple Music: also ALAC in .m4a), judged by its content, not by its name",
        fix="Export it anew from your project as WAV or FLAC. An MP3 that is merely converted stays an MP3.",
        example='file = "song.flac"',
        source=f"{_SPOTIFY_AUDIO}; {_APPLE_AUDIO}",
        evidence=_OFFICIAL,
        term="master",
    ),
    Rule(
        id="AU-FMT-SC",
        group=Group.AUDIO,
        scopes=frozenset({Scope.SOUNDCLOUD}),
        severity="error",
        field="tracks[].file",
        test=_each(_soundcloud_format),
        message="The file of track {n} is {value}, which SoundCloud does not take.",
        passes="AIFF, WAV, FLAC, OGG, MP2, MP3, AAC, AMR or WMA",
        fix="Export it as WAV or FLAC.",
        example="song.flac",
        source="help.soundcloud.com, upload requirements",
        evidence=_OFFICIAL,
    ),
    Rule(
        id="AU-FMT-DK",
        group=Group.AUDIO,
        scopes=frozenset({Scope.DISTROKID}),
        severity="warning",
        field="tracks[].file",
        test=_each(_lossy),
        message="The file of track {n} is {value}: DistroKid takes it, but stores get no better than that.",
        passes="FLAC or WAV",
        fix="Export it anew from your project as WAV or FLAC.",
        example='file = "song.flac"',
        source="support.distrokid.com; content-ops.atspotify.com, audio delivery",
        evidence=_OFFICIAL,
        term="master",
    ),
    Rule(
        id="AU-WAV-TAG",
        group=Group.AUDIO,
        scopes=frozenset({Scope.SPOTIFY}),
        severity="error",
        field="tracks[].file",
        test=_each(_wav_form),
        message="The WAV file of track {n} is not plain PCM: {why}.",
        passes="format code 0x0001, whole `fmt ` and `data` chunks, nothing behind the last chunk",
        fix="Let it be written anew (amv release prepare does), or save it as FLAC.",
        example=None,
        source=_SPOTIFY_AUDIO,
        evidence=_OFFICIAL,
    ),
    Rule(
        id="AU-SR",
        group=Group.AUDIO,
        scopes=_SPOTIFY_AND_APPLE,
        severity="error",
        field="tracks[].file",
        test=_each(_sample_rate),
        message="The file of track {n} has a sample rate of {value}.",
        passes="44.1 kHz or more",
        fix="Export it anew at the rate at which it was recorded. Raising the rate of a file adds nothing.",
        example="44.1 kHz",
        source=f"{_SPOTIFY_AUDIO}; {_APPLE_AUDIO}",
        evidence=_OFFICIAL,
    ),
    Rule(
        id="AU-BITS",
        group=Group.AUDIO,
        scopes=_SPOTIFY_AND_APPLE,
        severity="error",
        field="tracks[].file",
        test=_each(_bits),
        message="The samples of track {n} are {value}.",
        passes="whole numbers of 16 or 24 bits (PCM_16, PCM_24)",
        fix="Let it be written anew with 24 bits (amv release prepare does, with dither).",
        example="PCM_24",
        source=f"{_SPOTIFY_AUDIO}; {_APPLE_AUDIO}",
        evidence=_OFFICIAL,
    ),
    Rule(
        id="AU-CH",
        group=Group.AUDIO,
        scopes=_SPOTIFY_AND_APPLE,
        severity="error",
        field="tracks[].file",
        test=_each(_channels),
        message="The file of track {n} is {value}, not stereo.",
        passes="2 channels",
        fix="Mono: let it be written with the same sound on both sides (amv release prepare does). "
        "More channels: export a stereo mix.",
        example="2",
        source=f"{_SPOTIFY_AUDIO}; {_APPLE_AUDIO}",
        evidence=_OFFICIAL,
    ),
    Rule(
        id="AU-UPCONV",
        group=Group.AUDIO,
        scopes=_SPOTIFY_AND_APPLE,
        severity="warning",
        field="tracks[].file",
        test=_each(_rewrapped),
        message="Track {n} stops at {value} like a cliff ({fall} dB): it looks like a converted MP3 or AAC.",
        passes="sound that fades towards 20 kHz, or has all of it",
        fix="Ask your generator or studio for its WAV or FLAC, and do not convert a lossy download. "
        "If it was recorded so, leave it.",
        example=None,
        source="aimusicverse: lossy codings leave out what lies above some frequency",
        evidence=_OWN,
    ),
    Rule(
        id="AU-MIN",
        group=Group.AUDIO,
        scopes=frozenset({Scope.SPOTIFY, Scope.APPLE, Scope.DISTROKID}),
        severity="error",
        field="tracks[].file",
        test=_short,
        message="Track {n} of a single lasts only {value}.",
        passes="30 seconds or more",
        fix="Make it longer, or put it on an album.",
        example=None,
        source="help pages of Soundrop and Corite",
        evidence=frozenset({Evidence.THIRD_PARTY}),
    ),
    Rule(
        id="AU-MAX",
        group=Group.AUDIO,
        scopes=frozenset({Scope.YOUTUBE}),
        severity="error",
        field="tracks[].file",
        test=_each(_long_on_youtube),
        message="Track {n} has {value}; YouTube takes {most}.",
        passes="at most {most}",
        fix="Verify the channel at youtube.com/verify, or cut the track.",
        example=None,
        source="support.google.com/youtube; developers.google.com/youtube/v3, videos.insert",
        evidence=_OFFICIAL,
    ),
    Rule(
        id="AU-MAX-SC",
        group=Group.AUDIO,
        scopes=frozenset({Scope.SOUNDCLOUD}),
        severity="error",
        field="tracks[].file",
        test=_each(_large_on_soundcloud),
        message="The file of track {n} has {value}; SoundCloud takes {most}.",
        passes="at most {most}",
        fix="Send it as FLAC, which is half as large, or cut the track.",
        example=None,
        source="help.soundcloud.com, upload requirements; github.com/soundcloud/api issue 477",
        evidence=_OFFICIAL,
    ),
    Rule(
        id="AU-SILENT",
        group=Group.AUDIO,
        scopes=frozenset({Scope.ALL}),
        severity="error",
        field="tracks[].file",
        test=_each(_silent),
        message="The file of track {n} is silent from beginning to end ({value}).",
        passes="a file in which something is to be heard: over -60 dBFS",
        fix="Look whether the right file was exported, with its tracks not muted.",
        example=None,
        source="aimusicverse: nobody means to release it; help pages of Soundrop",
        evidence=frozenset({Evidence.OWN, Evidence.THIRD_PARTY}),
    ),
    Rule(
        id="AU-SILENCE",
        group=Group.AUDIO,
        scopes=frozenset({Scope.ALL}),
        severity="error",
        field="tracks[].file",
        test=_each(_silence),
        message="Track {n} {where} with {value} of silence (below -60 dBFS).",
        passes="at most 3 seconds",
        fix="Trim it, if it is not meant.",
        example=None,
        source="help pages of Soundrop and Corite",
        evidence=frozenset({Evidence.THIRD_PARTY}),
    ),
    Rule(
        id="AU-CLIP",
        group=Group.AUDIO,
        scopes=frozenset({Scope.ALL}),
        severity="warning",
        field="tracks[].file",
        test=_each(_clipped),
        message="Track {n} is clipped {times}: three or more samples in a row are at full scale.",
        passes="no run of three samples at full scale",
        fix="Lower the master's level by a decibel, before the limiter, and export anew.",
        example=None,
        source="aimusicverse: so it is heard as a crackle, the more so once it is coded as AAC or Ogg",
        evidence=_OWN,
    ),
    Rule(
        id="AU-TP",
        group=Group.AUDIO,
        scopes=_SPOTIFY_AND_APPLE,
        severity="warning",
        field="tracks[].file",
        test=_each(_true_peak),
        message="Track {n} has a true peak of {value}; {most} is advised{why}.",
        passes="a true peak of at most {most}",
        fix="Set the limiter's ceiling to {most} with true peak on, or lower the level by as much.",
        example="-1 dBTP",
        source="support.spotify.com, loudness normalization; ITU-R BS.1770-4",
        evidence=_OFFICIAL,
    ),
    Rule(
        id="AU-LUFS",
        group=Group.AUDIO,
        scopes=frozenset({Scope.SPOTIFY, Scope.YOUTUBE, Scope.APPLE}),
        severity="info",
        field="tracks[].file",
        test=_each(_loudness),
        message="Track {n} measures {value}: it is played at {reference} LUFS, and so {how}.",
        passes="anything; nobody refuses a release for it",
        fix="Nothing, unless you want it to sound as mastered next to others.",
        example="-14 LUFS",
        source="support.spotify.com, loudness normalization; ITU-R BS.1770-4",
        evidence=_OFFICIAL,
    ),
    Rule(
        id="AU-DC",
        group=Group.AUDIO,
        scopes=frozenset({Scope.ALL}),
        severity="warning",
        field="tracks[].file",
        test=_each(_dc_offset),
        message="Track {n} has a DC offset of {value} of full scale.",
        passes="at most 1 %",
        fix="Put a high-pass filter at 20 Hz on the master; it costs headroom and clicks where tracks meet.",
        example="0 %",
        source="aimusicverse",
        evidence=_OWN,
    ),
    Rule(
        id="AU-PHASE",
        group=Group.AUDIO,
        scopes=frozenset({Scope.ALL}),
        severity="warning",
        field="tracks[].file",
        test=_each(_phase),
        message="Left and right of track {n} cancel each other (correlation {value}): mono has little left.",
        passes="a correlation of -0.5 or more",
        fix="Look whether one channel is inverted, or a widener is set too wide.",
        example=None,
        source="aimusicverse: telephones and many speakers play both channels as one",
        evidence=_OWN,
    ),
    Rule(
        id="AU-DUP",
        group=Group.AUDIO,
        scopes=frozenset({Scope.ALL}),
        severity="error",
        field="tracks[].file",
        test=_twice,
        message="Tracks {first} and {n} have the very same sound.",
        passes="another recording on every track",
        fix="Look whether a file was taken twice.",
        example=None,
        source="aimusicverse: SHA-256 of the decoded samples",
        evidence=_OWN,
    ),
    Rule(
        id="ID-ISRC-REUSE",
        group=Group.AUDIO,
        scopes=frozenset({Scope.ALL}),
        severity="warning",
        field="tracks[].isrc",
        test=_other_recording,
        message="Track {n} has the ISRC {value}, under which {other!r} has another sound.",
        passes="one ISRC for each recording: a remix, an edit and a live take need their own",
        fix="If it is another recording, give it its own ISRC. If only the mastering differs, leave it.",
        example=None,
        source="ISRC Handbook; ISRC agency bulletin 2015/01, isrc.ifpi.org",
        evidence=_OFFICIAL,
        term="isrc",
    ),
    Rule(
        id="AU-HASH",
        group=Group.AUDIO,
        scopes=frozenset({Scope.APPLE, Scope.ERN}),
        severity="error",
        field="tracks[].file",
        test=_each(_hashes),
        message="The message must say what the file of track {n} is, and {what}.",
        passes="a size in bytes, MD5 (32 hex digits) and SHA-256 (64) as of the file",
        fix="Look into the file again: it may have changed since.",
        example=None,
        source="ERN 4.3 schema, File and HashSum; public code that builds music5.3 metadata",
        evidence=frozenset({Evidence.OFFICIAL, Evidence.VERIFIED}),
    ),
    Rule(
        id="AU-CUT",
        group=Group.AUDIO,
        scopes=frozenset({Scope.ALL}),
        severity="warning",
        field="tracks[].file",
        test=_each(_cut),
        message="Track {n} breaks off: its last 50 ms are still at {value}.",
        passes="an end that fades, below -20 dBFS",
        fix="Let it ring out, or fade it. If the next track goes on from there, leave it.",
        example=None,
        source="aimusicverse: generators often stop in the middle",
        evidence=_OWN,
    ),
)
