"""How many actions a gold labelling of the sample article takes, by keyboard alone and by mouse alone."""
