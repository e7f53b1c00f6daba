"""The commands and events that Discord sends, thin: what they do is in the modules beside this package."""
