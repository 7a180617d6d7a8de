"""What happens at a sign-in, besides signing in."""
