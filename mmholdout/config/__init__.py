"""The user's words: loaded with their origins, translated to the runner's words, checked whole."""
