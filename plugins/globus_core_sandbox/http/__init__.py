"""The server, its application, and how responses are sent."""
