"""What the error pages of our gateway mean."""


class ExampleGatewayError(Exception):
    """The gateway between here and Globus is closed."""

    advice = "connect to the VPN and try again"
