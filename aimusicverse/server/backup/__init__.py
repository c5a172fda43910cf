"""Backup, restore, and moving between databases: what an operator does with a server as a whole."""
