"""A provider of text messages to practise with: groups, signed receipts, simulated recipients, and faults on request.

Run it: `python -m services.notification.sandbox --port 0`.
It keeps everything in memory and knows nothing of our services: they meet over HTTP only.
"""
