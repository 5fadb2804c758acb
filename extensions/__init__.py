"""Small Sphinx extensions that make the built site what it is. Each file says why it exists."""
