"""What reads articles before people do: spaCy's pipelines, entities, furniture. spaCy stays in here."""
