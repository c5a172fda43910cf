"""The database and the blobs behind one door."""
