"""Webhooks (回调): tell apps what happened, at their own endpoints. Services keep the endpoints and deliveries."""
