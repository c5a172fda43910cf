"""From prompt to music: the door every engine stands behind, and the embedded studio."""
