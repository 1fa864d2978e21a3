"""The addresses of our own deployment of Globus."""
