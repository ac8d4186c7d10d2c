"""Who says what: claims, the words that report them and whoever makes them, found by rules over a parse."""
