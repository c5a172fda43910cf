"""`amv`: the command line. One file per command group; nothing heavy is imported until a command needs it."""
