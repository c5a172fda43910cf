"""Stand-in stores on this machine, written against the stores' own specifications. Nobody can hear what is
delivered here."""
