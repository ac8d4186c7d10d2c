"""Importing with a look beforehand: what the files hold, and what becomes of it."""
