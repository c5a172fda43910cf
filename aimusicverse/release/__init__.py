"""What a release is: metadata, identifiers, store rules, artwork, packages. Needs no server."""
