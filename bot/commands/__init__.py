"""What each command does: one room a group of commands. They build through `bot.app` and speak through `bot.surfaces`."""
