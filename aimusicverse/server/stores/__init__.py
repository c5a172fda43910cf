"""What stands between this server and stores, real ones and stand-ins: where they are, who may come in."""
