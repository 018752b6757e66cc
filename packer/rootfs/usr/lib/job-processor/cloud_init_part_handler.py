"""Tells cloud-init that user data of key=value pairs is none of its business.

Without it cloud-init warns of "unhandled non-multipart userdata", quotes its first characters in its log and on the
console, where a secret can be among them, and calls the boot degraded. cloud-init finds this file by the link in
/var/lib/cloud/handlers. User data that is a script or a cloud-config is handled by cloud-init as everywhere.
"""


def list_types():
    return ["text/x-not-multipart"]


def handle_part(data, ctype, filename, payload):
    """Called for each part, and at begin and end; the worker reads the user data itself."""
