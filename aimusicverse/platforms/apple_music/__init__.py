"""Apple Music: a package of its own, in a folder or by Transporter."""
