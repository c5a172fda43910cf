"""Sound from nothing: tones from partials, drums from noise, and a cache of notes already played."""
