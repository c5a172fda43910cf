"""Later work: rows in one table, claimed by workers."""
