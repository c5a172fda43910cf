"""The REST API over one database. Never imports the SDK, and is never imported by it."""
