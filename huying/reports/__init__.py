"""Reports in official layout: figures frozen, edited, issued with a number, delivered, kept."""
