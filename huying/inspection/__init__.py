"""The inspection channel (纪检): orders down, requests up, and patterns that a person looks at. For inspectors only."""
