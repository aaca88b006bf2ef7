"""The services that a client knows. Written by `zhongtai clients python`; do not edit."""
from zhongtai_client.services.elicence import AsyncElicence, Elicence
from zhongtai_client.services.identity import AsyncIdentity, Identity
from zhongtai_client.services.matter import AsyncMatter, Matter
from zhongtai_client.services.notification import AsyncNotification, Notification
from zhongtai_client.services.payment import AsyncPayment, Payment

class Services:
    elicence: Elicence
    identity: Identity
    matter: Matter
    notification: Notification
    payment: Payment

class AsyncServices:
    elicence: AsyncElicence
    identity: AsyncIdentity
    matter: AsyncMatter
    notification: AsyncNotification
    payment: AsyncPayment
