"""Viva in Discord: commands, buttons and messages become words for an interview, and its replies become messages."""
