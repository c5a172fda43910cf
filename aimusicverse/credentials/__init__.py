"""Which server, and which key: argument, environment, or the local server that runs."""
