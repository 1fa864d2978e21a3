"""A command of globus-core that says who is logged in."""
