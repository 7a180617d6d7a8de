"""Base templates, components, styles, icons, the installable shell, and the catalogue of interface words."""
