"""DDEX ERN 4.3 and 4.3.2: messages that tell a store of a release, change it, or take it down."""
