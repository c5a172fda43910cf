"""The event log: what happened, in the order of commits."""
