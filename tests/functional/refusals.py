"""What every error object over HTTP has to tell."""

import json

MEMBERS = ("rule", "expected", "actual", "hint")


def errors_in(reply):
    """The error objects of a parsed reply: its own, or those of the calls of JSON-RPC."""
    if isinstance(reply, list):
        return [error for one in reply for error in errors_in(one)]
    if not isinstance(reply, dict):
        return []
    if reply.get("type") == "error":
        return [reply]
    return [reply["error"]] if "jsonrpc" in reply and "error" in reply else []


def check_refusals(reply):
    """The rules of all errors in a reply; fails where one leaves out what each must tell."""
    rules = []
    for error in errors_in(reply):
        missing = [name for name in MEMBERS if not error["data"].get(name)]
        assert not missing and error["message"], f"{missing} missing in {json.dumps(error)}"
        module, _, name = error["data"]["rule"].partition(".")
        assert module and name, error["data"]["rule"]
        rules.append(error["data"]["rule"])
    return rules
