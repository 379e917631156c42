"""Views that can be opened again: how they are written, and how strangers' ones are judged."""
