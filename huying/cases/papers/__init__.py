"""The file of a case on paper: its contents once, and drawn as a Word document, a PDF, or a page to print."""
