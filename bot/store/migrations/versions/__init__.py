"""The steps. A step that was released is never edited again."""
