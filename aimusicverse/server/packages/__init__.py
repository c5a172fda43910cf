"""Kits and packages as a zip: what a person can hand over himself. Made when asked for, and kept nowhere."""
