"""How often somebody may call: a user with all his keys, and an address without a key."""
