"""A language model at the table: the only room that knows LangChain. What a score is made of is the core's."""
