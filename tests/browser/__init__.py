"""The second try, in a browser."""
