"""Pages of the service itself: health, spec, documentation, explanations of problems."""
