"""What a server in dev mode can do besides: move its clock, play faults, keep and restore states."""
