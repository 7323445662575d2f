"""What the messaging specification asks of a message that a kernel sends: the conformance suite's schemas, and
those that it leaves out. Not a client."""

from jsonschema import Draft4Validator
from jupyter_kernel_test.msgspec_v5 import mime_data, schema_fragments, validate_message

OBJECT = {"type": "object"}
ID = {"type": "string", "minLength": 1}

EXTRA = {
    "comm_open": {"comm_id": ID, "target_name": {"type": "string"}, "data": OBJECT},
    "comm_msg": {"comm_id": ID, "data": OBJECT},
    "comm_close": {"comm_id": ID, "data": OBJECT},
    "iopub_welcome": {"subscription": {"type": "string"}},
}
for kind, properties in EXTRA.items():
    schema_fragments.setdefault(kind, {"properties": properties, "required": sorted(properties)})

ERROR = Draft4Validator(
    {
        "type": "object",
        "properties": {
            "status": {"enum": ["error"]},
            "ename": {"type": "string"},
            "evalue": {"type": "string"},
            "traceback": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["status", "ename", "evalue", "traceback"],
    }
)
ABORTED = Draft4Validator({"type": "object", "properties": {"status": {"enum": ["aborted"]}}, "required": ["status"]})


def check(message):
    """Raises jsonschema.ValidationError when the message is not as the specification says."""
    kind = message["header"]["msg_type"]
    status = message["content"].get("status")
    if status == "aborted":
        ABORTED.validate(message["content"])
    elif kind.endswith("_reply") and status == "error":
        # Also of requests that nobody knows.
        ERROR.validate(message["content"])
    else:
        validate_message(message)
    if kind == "update_display_data":
        assert message["content"]["transient"]["display_id"]


__all__ = ["check", "mime_data"]
