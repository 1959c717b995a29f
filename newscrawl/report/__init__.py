"""What a run leaves to be read: its figures as words and plots."""
