"""Messages to users about their releases, and the bot that links chats."""
