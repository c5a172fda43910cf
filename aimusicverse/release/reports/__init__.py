"""What rules say of a release, for people (`text`) and for programs (`sarif`, `junit`)."""
