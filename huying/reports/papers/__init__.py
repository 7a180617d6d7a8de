"""A report on paper: what it says as plain blocks, and how they are drawn as a PDF and as a Word document."""
