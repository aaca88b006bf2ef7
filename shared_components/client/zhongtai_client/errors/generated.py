"""All errors that a service may answer an app with. Written by `zhongtai clients python`; do not edit."""
from zhongtai_client.errors import (
    elicence as elicence,
    identity as identity,
    kernel as kernel,
    matter as matter,
    notification as notification,
    payment as payment,
    platform as platform,
    webhooks as webhooks,
)
