"""What stands between this server and stores, real ones and stand-ins: where they are, and who may come in."""
