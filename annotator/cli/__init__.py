"""The command line: parses, calls the session, prints. No Qt in here."""
