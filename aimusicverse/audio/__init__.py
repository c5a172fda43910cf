"""Sound as data: files, filters, loudness, true peak, tempo and key. Needs numpy and soundfile."""
