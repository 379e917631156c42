"""What a person sees: one widget a file; views show what they are given and emit wishes."""
