"""Who is calling, and what must not leave."""
