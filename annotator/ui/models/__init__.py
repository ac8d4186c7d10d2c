"""Qt item models: what lists show, fetched and refreshed piece by piece."""
