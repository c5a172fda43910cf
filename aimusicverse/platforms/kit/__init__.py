"""Kits: files and answers for those who fill in a form themselves."""
