"""How the reader is trained: the network that bot/knowledge/reader.py runs, its examples, and the run itself."""
