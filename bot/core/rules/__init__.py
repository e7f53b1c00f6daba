"""The rules that find bugs and advice in what a program is and did: one module a theme. They read no program."""
