"""Names, departments and the gateway of Example University."""


class CampusGatewayError(Exception):
    """The campus gateway did not let a request pass."""

    advice = "register this computer at the campus helpdesk"
