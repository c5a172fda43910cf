"""Somebody else's generators of pictures, all behind one door."""
