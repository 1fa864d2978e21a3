"""The server, its application, and how answers go over the wire."""
