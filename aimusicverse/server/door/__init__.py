"""What every request meets before anything looks at it, and what every answer carries because of it."""
