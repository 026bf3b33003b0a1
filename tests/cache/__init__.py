"""The cache: the same answers, never another's, never old ones, in bounded memory."""
