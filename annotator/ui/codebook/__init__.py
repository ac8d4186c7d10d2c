"""The window in which the codebook is edited."""
