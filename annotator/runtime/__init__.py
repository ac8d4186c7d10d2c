"""What the program needs of the machine it runs on: folders, settings, logs, bundled files."""
