"""How a request travels: built once, sent, tried again by one policy, within one deadline."""
