"""A carrier in a box: Twilio's HTTP interface and a wall of telephones in the browser, for the demo and for tests.

It stands alone: the rest of the service talks to it over HTTP, exactly as it talks to Twilio.
"""
