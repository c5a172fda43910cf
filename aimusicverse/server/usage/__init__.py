"""What every request cost: recorded, added up by the hour, and told to its user and to admins."""
