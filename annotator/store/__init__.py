"""The project file: one SQLite database, reached through SQLAlchemy. Importing this package is free."""
