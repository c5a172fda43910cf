"""Stems: the parts of a track one by one, played when they are first asked for."""
