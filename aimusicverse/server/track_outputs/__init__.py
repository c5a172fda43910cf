"""What a track gives besides its audio: notes, structure, waveform."""
