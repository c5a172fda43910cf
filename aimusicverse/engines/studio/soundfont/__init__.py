"""The user's own soundfont in place of the studio's tones: SF2, or SF3 with its Vorbis samples."""
