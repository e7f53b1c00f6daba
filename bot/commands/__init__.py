"""What each command does, one room a group. They build through `bot.app` and speak through `bot.surfaces`."""
