"""What a run leaves on disk: atomic files, the history, and the state that a resume needs."""
