"""Tests of what is drawn: every check reads the painted pixels back."""
