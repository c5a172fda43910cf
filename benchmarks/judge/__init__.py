"""A judge of recordings that shares no line with what it judges.

It imports nothing of `aimusicverse`. It is given a WAV, what was asked for as plain numbers (`Asked`) and,
for the score, notes as plain numbers (`notes.Note`). Each file measures one thing, from the standard or the
paper that its docstring names; `gates.py` says what must hold. `python -m benchmarks.analysis_judges` holds
the judge itself against ffmpeg and librosa.
"""
