"""Corpus reading and checking, embedding, the Chroma index and search."""
