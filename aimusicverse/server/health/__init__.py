"""How the server is: its database, audio, disk, jobs, and the processes that are alive."""
