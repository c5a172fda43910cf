"""`/metrics`: what a server measures, for Prometheus. Nothing in it is of a user."""
