"""Staff: people who sign in, the posts they act in, what they see, and how they prove who they are."""
