"""The article's page: laying it out, painting it, and the hands on it."""
