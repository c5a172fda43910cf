"""What is known of a release's files, once they were looked into: plain values that rules judge."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """A sound file by its content, never by its name.

    Args:
        name: of the file.
        container: `wav`, `flac`, `aiff`, `mp3`, `ogg`, `m4a`, …
        codec: libsndfile's name of the coding: `PCM_24`, `FLOAT`, `MPEG_LAYER_III`.
        format_code: of a WAV file's `fmt ` chunk: 1 is PCM, 3 IEEE float, 0xFFFE extensible.
        bytes_after_data: what stands behind the last chunk of a WAV file and belongs to none.
        sample_rate: Hz.
        channels: how many.
        bit_depth: bits a sample; `None` for lossy codings.
        duration_seconds: by its samples.
        size_bytes: of the file.
        md5: of the file, hex.
        sha256: of the file, hex.
        pcm_sha256: of the decoded samples (float32, little-endian, interleaved), hex: the same in any
            lossless coding of up to 24 bits.
        integrated_lufs: ITU-R BS.1770-4; `None` for silence.
        true_peak_dbtp: the same; `None` for silence.
        clipped_runs: runs of three samples or more at full scale.
        leading_silence_seconds: below -60 dBFS.
        trailing_silence_seconds: below -60 dBFS.
        dc_offset: of the worse channel, full scale is 1.
        correlation: of left and right, -1 to 1; `None` for mono and silence.
        bandwidth_hz: up to where there is energy.
        end_dbfs: RMS of the last 50 ms; `None` for silence.
        cliff_db: how far the spectrum falls at `bandwidth_hz` within 600 Hz, as lossy codings leave it; 0: it
            fades, or falls by less than 20 dB.
    """

    name: str
    container: str
    codec: str
    format_code: int | None
    bytes_after_data: int
    sample_rate: int
    channels: int
    bit_depth: int | None
    duration_seconds: float
    size_bytes: int
    md5: str
    sha256: str
    pcm_sha256: str
    integrated_lufs: float | None
    true_peak_dbtp: float | None
    clipped_runs: int
    leading_silence_seconds: float
    trailing_silence_seconds: float
    dc_offset: float
    correlation: float | None
    bandwidth_hz: float
    end_dbfs: float | None
    cliff_db: float = 0.0


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """A picture by its content.

    Args:
        name: of the file.
        kind: `jpeg`, `png`, `tiff`, `webp`, `gif`, … by its first bytes.
        width: pixels, as stored.
        height: pixels.
        mode: Pillow's name: `RGB`, `CMYK`, `L`, `P`, `RGBA`.
        bits: of a channel.
        progressive: whether a JPEG is stored in several scans.
        profile: description of its ICC profile; `None`: it has none.
        size_bytes: of the file.
        md5: of the file, hex.
        sha256: of the file, hex.
        deviation: standard deviation of its brightness, 0 to 127.5.
        sharpness: variance of its Laplacian where it is sharpest: in one in twenty of its 256 parts.
        likeness: perceptual hash, 64 bits as hex (dHash of the brightness).
        coarse_sharpness: the same as `sharpness` when it is scaled down to some 375 pixels: what it would be
            if it were as sharp as it is large.
    """

    name: str
    kind: str
    width: int
    height: int
    mode: str
    bits: int
    progressive: bool
    profile: str | None
    size_bytes: int
    md5: str
    sha256: str
    deviation: float
    sharpness: float
    likeness: str
    coarse_sharpness: float = 0.0


@dataclass(frozen=True, slots=True)
class FileProblem:
    """A file that is named, and could not be looked into.

    Args:
        field: where it is named: `tracks[0].file`, `cover.file`.
        name: as it is written there.
        code: `missing`, or why it cannot be read: of an `AudioError` or `ImageError`.
        message: a sentence for a person.
    """

    field: str
    name: str
    code: str
    message: str
