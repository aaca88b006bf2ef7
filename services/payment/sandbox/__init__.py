"""A payment provider to practise with: a hosted payment page, signed callbacks, and faults on request.

Run it: `python -m services.payment.sandbox --port 0 --notify-url http://…`.
It keeps everything in memory and knows nothing of our services: they meet over HTTP only.
"""
