"""Messages to people about what happened to their releases."""
